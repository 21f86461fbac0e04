"""A web server without a collector of garbage, for a test that counts what is left."""

from __future__ import annotations

import json
import signal
from collections import Counter
from pathlib import Path

from starscal.devservices.waiting import poll
from starscal.testing.live import HOST, LiveServer

HANDSHAKE = "starscal.web_bounds.BoundedRequest"
TOLD_S = 10.0
FORGOTTEN_S = 30.0


class Littered(LiveServer):
    """A web server that tells what lies about in it."""

    def __init__(self, port: int, folder: Path) -> None:
        super().__init__(port, folder / "web.log")
        self.told = folder / "litter.json"
        self.left: Counter[str] = Counter()  # objects by kind, which nothing but a collection frees
        arguments = [str(self.told), "--host", HOST, "--port", str(port)]
        self.argv = ["-m", "starscal.testing.littered", *arguments]

    def look(self) -> bool:
        """Count what was left since the last look until no closed socket is remembered."""
        return poll(lambda: self._tell() <= 1, timeout_s=FORGOTTEN_S, interval_s=1.0)

    def _tell(self) -> int:
        """Add to what was left, and return how many handshakes are still remembered."""
        self.told.unlink(missing_ok=True)
        if self.process is not None:
            self.process.send_signal(signal.SIGUSR1)
        if not poll(self.told.exists, timeout_s=TOLD_S):
            raise TimeoutError("The server does not tell what lies about.")
        told = json.loads(self.told.read_text())
        self.left.update(told["left"])
        return int(told["used"].get(HANDSHAKE, 0))
