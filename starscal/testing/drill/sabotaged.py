"""Run a program of ours with the saboteur of this run at work in it.

python -m starscal.testing.drill.sabotaged -m starscal.web --port 8000
python -m starscal.testing.drill.sabotaged manage.py relay
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence

import django

from starscal.testing.drill.saboteurs import at_work, saboteur_named


def program_run(argv: Sequence[str]) -> None:
    """Run a module (``-m name``) or a script with its arguments."""
    if argv[0] == "-m":
        sys.argv = list(argv[1:])
        runpy.run_module(argv[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(argv)
        runpy.run_path(argv[0], run_name="__main__")


def main() -> None:
    """Enter the sabotage, then run the program."""
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as python itself does for -m
    django.setup()
    with at_work(saboteur_named()):
        program_run(sys.argv[1:])


if __name__ == "__main__":
    main()
