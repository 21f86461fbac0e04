"""Look at the double, and steer it, over HTTP: for those who run it as a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from starscal.testing.telegram.limits import Call
from starscal.testing.telegram.world import Membership

if TYPE_CHECKING:
    from starscal.testing.telegram.double import TelegramDouble

View = Callable[["TelegramDouble"], Any]
Act = Callable[["TelegramDouble", dict[str, Any]], Any]


def call_shape(call: Call) -> dict[str, Any]:
    """Return a call as JSON takes it."""
    return {**asdict(call), "photo": len(call.photo)}


def state_view(double: TelegramDouble) -> dict[str, Any]:
    """Return the figures of the double."""
    return {
        "calls": len(double.calls()),
        "accepted": len(double.accepted()),
        "violations": len(double.violations()),
        "waiting": len(double.inbox.waiting),
        "webhook": double.inbox.webhook.url,
        "chats": len(double.world.chats),
    }


VIEWS: Final[Mapping[str, View]] = {
    "state": state_view,
    "calls": lambda double: [call_shape(call) for call in double.calls()],
    "accepted": lambda double: [call_shape(call) for call in double.accepted()],
    "violations": lambda double: [asdict(violation) for violation in double.violations()],
    "deliveries": lambda double: [asdict(each) for each in double.inbox.deliveries],
    "commands": lambda double: {
        f"{scope} {language}".strip(): commands
        for (scope, language), commands in double.commands.items()
    },
}


def person_add(double: TelegramDouble, given: dict[str, Any]) -> dict[str, Any]:
    """Add somebody: ``id`` and further facts of a Person, ``is_open``."""
    return double.people.add(given.pop("id", 0), **given).shape()


def chat_add(double: TelegramDouble, given: dict[str, Any]) -> dict[str, Any]:
    """Add a chat: ``id``, ``kind``, ``title``, ``username``, ``bot``."""
    return double.people.chat(given.pop("id"), given.pop("kind"), **given).shape()


def member_put(double: TelegramDouble, given: dict[str, Any]) -> dict[str, Any]:
    """Say what somebody is in a chat, without an update: ``chat``, ``person``, ``status``."""
    with double.changed:
        chat = double.world.chat_found(given["chat"])
        person = double.world.people[given["person"]]
        membership = Membership(given["status"], given.get("is_member", True))
        chat.members[person.id] = membership
        return membership.shape(person)


def words_say(double: TelegramDouble, given: dict[str, Any]) -> dict[str, Any]:
    """Have somebody write: ``person``, ``text`` and perhaps ``chat``."""
    chat = double.world.chat_found(given["chat"]) if "chat" in given else None
    return {
        "update_id": double.people.says(double.world.people[given["person"]], given["text"], chat)
    }


def limits_enforce(double: TelegramDouble, given: dict[str, Any]) -> dict[str, Any]:
    """Answer 429 to who exceeds Telegram's limits: ``is_on``."""
    double.enforcer.is_on = bool(given["is_on"])
    return {"is_on": double.enforcer.is_on}


ACTS: Final[Mapping[str, Act]] = {
    "people": person_add,
    "chats": chat_add,
    "members": member_put,
    "say": words_say,
    "limits": limits_enforce,
    "faults": lambda double, given: asdict(double.fail(given.pop("kind"), **given)),
    "updates": lambda double, given: {"update_id": double.people.update_add(given)},
}


def control_answer(
    double: TelegramDouble, verb: str, steps: list[str], body: bytes
) -> tuple[int, bytes]:
    """Answer GET of a view and POST of an act with JSON."""
    name = steps[0] if len(steps) == 1 else ""
    try:
        if verb == "GET" and name in VIEWS:
            return _said(200, VIEWS[name](double))
        if verb == "POST" and name in ACTS:
            return _said(200, ACTS[name](double, json.loads(body or b"{}")))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return _said(400, {"error": f"{type(error).__name__}: {error}"})
    return _said(404, {"views": sorted(VIEWS), "acts": sorted(ACTS)})


def _said(status: int, answer: Any) -> tuple[int, bytes]:
    return status, json.dumps({"answer": answer}, default=str).encode()
