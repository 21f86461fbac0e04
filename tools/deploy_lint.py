"""Check the deployment files without a container engine: `make deploy-lint`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
YAML = ("compose.yaml", ".pre-commit-config.yaml", ".yamllint.yaml")
CHECKS = (
    ("hadolint", "--failure-threshold", "style", "Dockerfile"),
    ("shellcheck", ".ci/run"),
)
MODULES = (
    ("yamllint", "--strict", *YAML),
    ("check_jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"),
)


def main() -> int:
    """Run every check, and return how many failed."""
    commands = [[str(BIN / name), *rest] for name, *rest in CHECKS]
    commands += [[sys.executable, "-m", name, *rest] for name, *rest in MODULES]
    failed = 0
    for command in commands:
        failed += subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
