"""Read the Dockerfile and compose.yaml: as much of them as ours use, and no more."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

KNOWN = {
    "COPY", "CMD", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "USER", "WORKDIR",
}  # fmt: skip
VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(:[-?])([^}]*))?\})")


@dataclass
class Step:
    """One instruction with its flags and its text."""

    instruction: str
    text: str
    flags: dict[str, str] = field(default_factory=dict)


@dataclass
class Stage:
    """The instructions from one FROM to the next."""

    name: str
    steps: list[Step] = field(default_factory=list)

    def last(self, instruction: str) -> str:
        """Return the text of the last such instruction."""
        return next(step.text for step in reversed(self.steps) if step.instruction == instruction)


def logical_lines(text: str) -> Iterator[str]:
    """Yield lines with their continuations joined and comments left out."""
    parts: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("#") or (not line.strip() and not parts):
            continue
        parts.append(line.rstrip().removesuffix("\\"))
        if not line.rstrip().endswith("\\"):
            yield " ".join(part.strip() for part in parts)
            parts = []


def read_step(line: str) -> Step:
    """Split one logical line into instruction, flags and text."""
    instruction, _, text = line.partition(" ")
    if instruction not in KNOWN:
        raise ValueError(f"{instruction} is not an instruction these tools know")
    flags = {}
    while found := re.match(r"\s*--([a-z-]+)=(\S+)\s+(.*)", text, re.DOTALL):
        flags[found[1]] = found[2]
        text = found[3]
    return Step(instruction, text.strip(), flags)


def read_dockerfile(path: Path) -> list[Stage]:
    """Return the stages of a Dockerfile."""
    stages: list[Stage] = []
    for line in logical_lines(path.read_text(encoding="utf-8")):
        step = read_step(line)
        if step.instruction == "FROM":
            words = step.text.split()
            stages.append(Stage(words[2] if len(words) == 3 else "final"))
        else:
            stages[-1].steps.append(step)
    return stages


def read_assignments(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of an ENV instruction, with those known before filled in."""
    pairs = (word.partition("=") for word in shlex.split(text))
    return {name: fill_in(value, known) for name, _, value in pairs}


def fill_in(text: str, known: Mapping[str, str]) -> str:
    """Replace `$NAME`, `${NAME:-default}` and `${NAME:?complaint}`."""

    def value(found: re.Match[str]) -> str:
        name, operator, rest = found[1] or found[2], found[3], found[4]
        if known.get(name):
            return known[name]
        if operator == ":?":
            raise ValueError(f"{name}: {rest}")
        return rest or ""

    return VARIABLE.sub(value, text)


def read_command(text: str) -> list[str]:
    """Return the words of a CMD in its JSON form."""
    words = json.loads(text[text.index("[") :])
    return [str(word) for word in words]


def fill_in_all(value: Any, known: Mapping[str, str]) -> Any:
    """Replace variables in every text of a document, after it was read, as compose does."""
    if isinstance(value, str):
        return fill_in(value, known)
    if isinstance(value, list):
        return [fill_in_all(each, known) for each in value]
    if isinstance(value, dict):
        return {name: fill_in_all(each, known) for name, each in value.items()}
    return value


def read_services(path: Path, known: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the services of a compose file with its variables filled in."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    services: dict[str, dict[str, Any]] = fill_in_all(document["services"], known)
    for service in services.values():
        service["environment"] = passed_on(service.get("environment", {}), known)
    return services


def passed_on(environment: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Return an environment in which a name without a value has the one that is known, if any."""
    given = {name: known.get(name) if each is None else each for name, each in environment.items()}
    return {name: each for name, each in given.items() if each is not None}
