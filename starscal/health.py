"""Ask a running server whether it is well: `python -m starscal.health URL`.

The exit status is the answer. Meant for health checks inside a container, which has no curl.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

TIMEOUT_S = 4.0


def ask(url: str, *, host: str = "") -> tuple[int, str]:
    """Return status and body of a server's answer, 0 and the reason if there is none.

    ``host`` is the name it is asked under.
    """
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname or "localhost", parts.port, timeout=TIMEOUT_S)
    try:
        line.request("GET", parts.path or "/", headers={"Host": host or parts.netloc})
        answer = line.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        line.close()


def is_well(url: str, *, host: str = "") -> bool:
    """Say whether a server answers 200."""
    return ask(url, host=host)[0] == http.client.OK


def served_host() -> str:
    """Return a name that the server surely answers to."""
    names = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    return next((name for name in names if name and not name.startswith((".", "*"))), "")


if __name__ == "__main__":
    sys.exit(0 if is_well(sys.argv[1], host=served_host()) else 1)
