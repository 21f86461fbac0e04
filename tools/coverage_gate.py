"""Hold the branch coverage of the core and of the services: the end of `make check`."""

import subprocess
import sys

from starscal.devservices.console import say
from starscal.devservices.layout import CHECKOUT

LEAST_PERCENT = 90.0
PARTS = {
    "astronomy": "astronomy/*",
    "services": "*/services/*",
}


def report(pattern: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask coverage about some files."""
    command = [sys.executable, "-m", "coverage", "report", f"--include={pattern}", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)


def main() -> int:
    """Say what each part has; show where the gaps are in one that has too little."""
    failed = 0
    for part, pattern in PARTS.items():
        total = report(pattern, "--format=total", "--precision=1").stdout.strip()
        say(f"Branch coverage of {part}: {total or 'unknown'} %, at least {LEAST_PERCENT:g} %")
        if not total or float(total) < LEAST_PERCENT:
            say(report(pattern, "--show-missing", "--precision=1").stdout)
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
