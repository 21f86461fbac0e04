"""Run the double: ``python -m starscal.testing.telegram --port 8081``.

It prints a line a call. ``/control/...`` shows and steers it (docs/telegram.md).
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from threading import Event

from starscal.testing.telegram.double import TOKEN, TelegramDouble
from starscal.testing.telegram.limits import Call


def call_print(call: Call) -> None:
    """Print a call as a line of JSON, but those that only ask for updates."""
    if call.method == "getUpdates" and call.outcome == "ok":
        return
    line = {
        "method": call.method,
        "chat": call.chat_id,
        "outcome": call.outcome,
        "text": call.text,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main() -> int:
    """Serve until a signal comes; return 1 if limits were broken."""
    parser = argparse.ArgumentParser(description="A local stand-in for api.telegram.org.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--enforce", action="store_true", help="answer 429 over Telegram's limits")
    options = parser.parse_args()
    double = TelegramDouble(options.token, port=options.port)
    double.enforcer.is_on = options.enforce
    double.listener = call_print
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    double.start()
    print(f"TELEGRAM_API_BASE={double.url} TELEGRAM_BOT_TOKEN={options.token}", flush=True)
    ended.wait()
    double.stop()
    broken = double.violations()
    for violation in broken:
        print(violation, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
