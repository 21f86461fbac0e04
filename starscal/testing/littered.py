"""The web server, which tells on SIGUSR1 what only the collector of garbage could free.

python -m starscal.testing.littered FILE --host 127.0.0.1 --port 8000
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from types import FrameType

from starscal.web import main


def tell(file: Path, _number: int, _frame: FrameType | None) -> None:
    """Write down how many objects of each kind are left lying about, and are in use."""
    gc.collect()
    left = Counter(map(kind_of, gc.garbage))
    gc.garbage.clear()
    new = file.with_suffix(".new")
    new.write_text(json.dumps({"left": left, "used": Counter(map(kind_of, gc.get_objects()))}))
    new.rename(file)


def kind_of(thing: object) -> str:
    return f"{type(thing).__module__}.{type(thing).__qualname__}"


if __name__ == "__main__":
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    signal.signal(signal.SIGUSR1, partial(tell, Path(sys.argv[1])))
    main(sys.argv[2:])
