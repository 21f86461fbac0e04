"""Compile the load and the peers, and fetch their packages, under ``.state/bench/live``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench.live.machine import BenchError
from starscal.devservices.layout import CHECKOUT, checkout_layout

LIVE: Final = CHECKOUT / "bench" / "live"
PEERS_DIR: Final = LIVE / "peers"
GO_SOURCES: Final = Path("/usr/share/gocode")  # where Debian's packages put libraries
GO_PACKAGES: Final = (
    *("golang-go", "golang-github-centrifugal-centrifuge-dev"),
    *("golang-github-centrifugal-protocol-dev", "golang-github-fzambia-eagle-dev"),
    *("golang-github-igm-sockjs-go-dev", "golang-github-mna-redisc-dev"),
    "golang-github-gorilla-websocket-dev",
)
STRICT_C: Final = ("-O2", "-Wall", "-Wextra")
NODE_FILES: Final = ("package.json", "package-lock.json", "control.mjs", "ws.mjs", "socketio.mjs")


def built_folder() -> Path:
    """Return where everything that is built lies; made if it is not there."""
    folder = checkout_layout().state / "bench" / "live"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build(wanted: Collection[str]) -> Path:
    """Build what is named and not built yet; return the folder. Raises BenchError."""
    folder = built_folder()
    for name in sorted(wanted):
        BUILDERS[name](folder)
    return folder


def _client(folder: Path) -> None:
    _compiled(LIVE / "client.c", folder / "client")


def _raw(folder: Path) -> None:
    _compiled(PEERS_DIR / "raw.c", folder / "raw")


def _compiled(source: Path, target: Path) -> None:
    if _is_older(target, [source, *LIVE.glob("*.h")]):
        _require("cc", ["gcc", "libc6-dev"])
        _run(["cc", *STRICT_C, "-o", str(target), str(source)])


def _centrifuge(folder: Path) -> None:
    source, target = PEERS_DIR / "centrifuge" / "main.go", folder / "centrifuge"
    if not _is_older(target, [source]):
        return
    _require("go", GO_PACKAGES, also=GO_SOURCES / "src/github.com/centrifugal/centrifuge")
    environment = {
        "GO111MODULE": "off",
        "GOPATH": str(GO_SOURCES),
        "GOCACHE": str(folder / "go-cache"),
    }
    _run(["go", "build", "-o", str(target), str(source)], environment)


def _node(folder: Path) -> None:
    target = folder / "node"
    target.mkdir(exist_ok=True)
    stamp = target / "installed"
    sources = [PEERS_DIR / "node" / name for name in NODE_FILES]
    if not _is_older(stamp, sources):
        return
    _require("node", ["nodejs"])
    _require("npm", ["npm"])
    for source in sources:
        shutil.copy(source, target)
    _run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefix", str(target)])
    stamp.touch()


def _is_older(target: Path, sources: Sequence[Path]) -> bool:
    if not target.exists():
        return True
    return any(source.stat().st_mtime > target.stat().st_mtime for source in sources)


def _require(program: str, packages: Sequence[str], *, also: Path | None = None) -> None:
    """Find a program and a folder, or install the system's packages that bring them."""
    if shutil.which(program) and (also is None or also.exists()):
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() or not shutil.which("apt-get"):
        raise BenchError(
            f"`{program}` or a library it needs is missing. As root: {' '.join(command)}; "
            "or leave its peer out with --only."
        )
    _run(command, {"DEBIAN_FRONTEND": "noninteractive"})


def _run(command: Sequence[str], environment: Mapping[str, str] = MappingProxyType({})) -> None:
    print(" ".join(command[:3]), "…", file=sys.stderr, flush=True)
    done = subprocess.run(  # noqa: S603 - commands of ours
        command,
        env=os.environ | dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")


BUILDERS: Final[Mapping[str, Callable[[Path], None]]] = MappingProxyType(
    {"client": _client, "raw": _raw, "centrifuge": _centrifuge, "node": _node}
)
