from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from starscal.core.catalogues import checking
from starscal.core.catalogues.languages import LANGUAGES, ROOT


@pytest.mark.slow
def test_the_catalogues_of_this_checkout_have_no_defects() -> None:
    output = StringIO()
    call_command("messages", "check", stdout=output)
    assert output.getvalue().startswith("10 of 10 complete, 0 fuzzy, 0 drifted")


def test_a_defect_is_one_line_and_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    defect = checking.Defect(LANGUAGES[8], "drift", "Full Moon", "is not in the catalogue")
    monkeypatch.setattr(
        "starscal.core.management.commands.messages.catalogues_check", lambda: [defect]
    )
    output = StringIO()
    with pytest.raises(CommandError, match="1 defects"):
        call_command("messages", "check", stdout=output)
    first, summary = output.getvalue().splitlines()
    assert first == "locale/ru: drift: 'Full Moon' is not in the catalogue"
    assert "of 10 complete, 0 fuzzy, 1 drifted" in summary


def test_stats_list_every_language() -> None:
    output = StringIO()
    call_command("messages", "stats", stdout=output)
    assert [line.split()[0] for line in output.getvalue().splitlines()] == [
        language.code for language in LANGUAGES
    ]


@pytest.mark.slow
def test_compiling_needs_neither_servers_nor_settings_of_any() -> None:
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "messages", "compile"],
        cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == "0 catalogues compiled.\n"
