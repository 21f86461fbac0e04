"""Hold a running server to its OpenAPI document: schemathesis asks, somebody signed in or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema

from starscal.devservices.layout import CHECKOUT

load_all_checks()
CHECKS: Final = [
    getattr(schemathesis.checks, name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "allow_header_conformance",
        "negative_data_rejection",
        "missing_required_header",
    )
]
TIMEOUT_S: Final = 60  # a year of everything that is not stored takes seconds of a busy machine
Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
# Make somebody new for a case of one path: headers that say who it is, and true values by name.
Identify: TypeAlias = Callable[[str], tuple[Mapping[str, str], Mapping[str, Any]]]


@dataclass(slots=True)
class Findings:
    """What came of the cases: statuses by operation, and each mismatch."""

    cases: int = 0
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    mismatches: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Return what the line of the drill tells."""
        every = sum(self.statuses.values(), Counter[int]())
        return {
            "cases": self.cases,
            "operations": len(self.statuses),
            "statuses": {str(status): every[status] for status in sorted(every)},
            "server_errors": sum(n for status, n in every.items() if status >= 500),
            "mismatches": len(self.mismatches),
        }


def operations(paths: str) -> list[Operation]:
    """Return the documented operations whose path matches a regular expression."""
    schema: BaseSchema = schemathesis.openapi.from_path(CHECKOUT / "openapi.json")
    chosen = schema.include(path_regex=paths)
    return [found.ok() for found in chosen.get_all_operations() if isinstance(found, Ok)]


def contract_test(
    found: list[Operation], url: str, identify: Identify, *, examples: int
) -> Findings:
    """Send cases that fit the document, every other with true values, and cases that do not."""
    findings = Findings()
    for operation in found:
        for mode in GenerationMode:
            if mode is GenerationMode.POSITIVE or _can_be_wrong(operation):
                _ask(operation, mode, url, identify, findings, examples)
    return findings


def _can_be_wrong(operation: Operation) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def _ask(
    operation: Operation,
    mode: GenerationMode,
    url: str,
    identify: Identify,
    findings: Findings,
    examples: int,
) -> None:
    numbers = iter(range(10_000))

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        headers, true = identify(operation.path)
        if mode is GenerationMode.POSITIVE and next(numbers) % 2 == 0:
            _speak_truly(case, true)
        _send(case, url, dict(headers), findings)

    ask()


def _speak_truly(case: Case[Any], true: Mapping[str, Any]) -> None:
    """Put true values in, so that the service goes on beyond the first refusal."""
    if isinstance(case.body, dict):
        case.body = {name: true.get(name, value) for name, value in case.body.items()}
    for place in (case.path_parameters, case.headers):
        for name in set(place or {}).intersection(true):
            place[name] = true[name]


def _send(case: Case[Any], url: str, headers: dict[str, str], findings: Findings) -> None:
    answer = case.call(base_url=url, headers=headers, timeout=TIMEOUT_S)
    findings.cases += 1
    label = case.operation.label
    findings.statuses.setdefault(label, Counter())[answer.status_code] += 1
    try:
        case.validate_response(answer, checks=CHECKS, headers=headers)
    except FailureGroup as group:
        findings.mismatches += [f"{label} {answer.status_code}: {told}" for told in _told(group)]


def _told(group: FailureGroup) -> Iterator[str]:
    for failure in group.exceptions:
        yield f"{type(failure).__name__} {failure}"[:600]
