"""Hold the branch coverage of the core and of the services: the end of `make check`."""

import subprocess
import sys
from pathlib import Path

from starscal.devservices.console import say

ROOT = Path(__file__).resolve().parents[1]
LEAST_PERCENT = 90
PARTS = {
    "astronomy": "astronomy/*",
    "services": "*/services/*,*/services.py",
}


def main() -> int:
    """Report each part; fail if one has less than the least coverage."""
    failed = 0
    for part, pattern in PARTS.items():
        command = [
            *(sys.executable, "-m", "coverage", "report", f"--include={pattern}"),
            *("--precision=1", f"--fail-under={LEAST_PERCENT}"),
        ]
        say(f"Branch coverage of {part} (at least {LEAST_PERCENT} %)")
        failed += subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
