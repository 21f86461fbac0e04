"""The operations of people as the OpenAPI document describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from accounts.data_map import Sort
from accounts.preferences import (
    CODES_MOST,
    INTEREST_CHARACTERS,
    INTERESTS_MOST,
    LEAD_MINUTES_MOST,
    LEAD_TIMES_MOST,
    REVEALING,
    SIGNS,
    Preferences,
)
from accounts.profile_changes import DISPLAY_NAME_CHARACTERS, PLACE_LIMITS
from accounts.selectors.profile import OwnCursors, ProfileAnswer, ProfilePlace
from accounts.services.export import Export, ExportedTable
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    Schema,
    problem_responses,
    response_header,
    schema_of,
    schema_ref,
)

OPEN: Final = (400, 405, 406, 413, 415, 429, 503)
OWN: Final = (401, 403, 405, 406, 429, 503)
OWN_BODY: Final = (400, 401, 403, 405, 406, 413, 415, 429, 503)
INSTANT: Final[Schema] = {"format": "date-time"}
OWN_CURSOR: Final[Schema] = {
    "type": "array",
    "prefixItems": [{"type": "string", "format": "uuid"}, {"type": "integer", "minimum": 0}],
    "items": False,
    "minItems": 2,
    "description": "[epoch, seq] of the own stream, read before the row. It is not part of the "
    "`ETag`: an older one, kept with a 304, only replays more.",
}


class Accepted(TypedDict):
    """What happens next."""

    detail: str


class AccountName(TypedDict):
    """Whose account it is."""

    username: str


class DeletionDate(TypedDict):
    """When the account will be gone."""

    delete_after: str


def _texts(needed: Mapping[str, str], optional: Mapping[str, str] | None = None) -> Schema:
    described = {**needed, **(optional or {})}
    return {
        "application/json": {
            "type": "object",
            "properties": {
                name: {"type": "string", "description": text} for name, text in described.items()
            },
            "required": list(needed),
            "additionalProperties": False,
        }
    }


def _operation(
    name: str,
    summary: str,
    description: str,
    answer: dict[Any, Any],
    statuses: tuple[int, ...],
    **more: Any,
) -> dict[str, Any]:
    return {
        "operation_id": name,
        "summary": summary,
        "description": description,
        "responses": {**answer, **problem_responses(*statuses)},
        **more,
    }


def _ok(name: str, text: str, status: int = 200) -> dict[Any, Any]:
    return {(status, "application/json"): OpenApiResponse(schema_ref(name), description=text)}


NOTHING: Final[dict[Any, Any]] = {204: OpenApiResponse(description="Done.")}
TOKEN: Final = {"token": "The token of the link in the letter."}
PASSWORD_RULE: Final = "At least 12 characters, not a common password, nor like the name."  # noqa: S105
ALL_OUT: Final = "All sessions end, also the one that asks."
PEOPLE_ONLY: Final[list[dict[str, list[str]]]] = [{"bearer": []}]
OPEN_OPERATION: Final[dict[str, Any]] = {"tags": ["auth"], "auth": []}

REGISTER: Final = _operation(
    "auth_register",
    "Ask for an account",
    "Sends a letter with a link; the account begins when the address is confirmed, within 24 "
    "hours. For an address that has an account already the answer is the same, and the letter "
    "says so. Asking again with the same name and address only sends the letter again.",
    _ok("Accepted", "A letter is on its way, if the address can receive it.", 202),
    OPEN,
    request=_texts(
        {
            "username": "2 to 50 letters and digits of one alphabet; a dot, an underscore or a "
            "hyphen may stand between them.",
            "email": "Where the letter goes.",
            "password": PASSWORD_RULE,
        },
        {
            "language": "The language of letters and answers, in any spelling; by default that of "
            "this answer.",
            "timezone": "A name of the IANA time zone database.",
        },
    ),
    **OPEN_OPERATION,
)
VERIFY: Final = _operation(
    "auth_verify",
    "Confirm an address",
    "Makes the account that was asked for. The link works once.",
    _ok("AccountName", "The account is there; sign in."),
    OPEN,
    request=_texts(TOKEN),
    **OPEN_OPERATION,
)
RESET: Final = _operation(
    "auth_password_reset",
    "Ask for a link to a new password",
    "Sends a letter if the address has an active account; the answer is always the same.",
    _ok("Accepted", "A letter is on its way, if the address has an account.", 202),
    OPEN,
    request=_texts({"email": "The address of the account."}),
    **OPEN_OPERATION,
)
RESET_CONFIRM: Final = _operation(
    "auth_password_reset_confirm",
    "Choose a new password with a link",
    f"The link works once, within an hour. {ALL_OUT}",
    NOTHING,
    OPEN,
    request=_texts({**TOKEN, "new_password": PASSWORD_RULE}),
    **OPEN_OPERATION,
)
KEEP: Final = _operation(
    "auth_keep",
    "Keep an account that was to be deleted",
    "Undoes a deletion within the seven days, with the token of the letter.",
    _ok("AccountName", "The account stays; sign in."),
    OPEN,
    request=_texts(TOKEN),
    **OPEN_OPERATION,
)
RETURN: Final = _operation(
    "auth_return",
    "Open a deactivated account again",
    "With the token of the letter; it works once, within a year.",
    _ok("AccountName", "The account is active again; sign in."),
    OPEN,
    request=_texts(TOKEN),
    **OPEN_OPERATION,
)
PRESENT: Final = (
    "The present password. Empty for an account without one, within 15 minutes after signing in."
)
PASSWORD_CHANGE: Final = _operation(
    "auth_password_change",
    "Choose a new password",
    f"{ALL_OUT} A letter tells the owner.",
    NOTHING,
    OWN_BODY,
    request=_texts({"current_password": PRESENT, "new_password": PASSWORD_RULE}),
    tags=["auth"],
)
EMAIL_CHANGE: Final = _operation(
    "me_email_change",
    "Ask for another e-mail address",
    "Sends a letter with a link to the new address, and one that tells of it to the present one. "
    "For an address that has an account already the answer is the same, and the letter says so. "
    "Asking again takes the place of what was asked before.",
    _ok("Accepted", "A letter is on its way, if the address can receive it.", 202),
    OWN_BODY,
    request=_texts({"email": "The new address.", "password": PRESENT}),
    tags=["me"],
)
EMAIL_CONFIRM: Final = _operation(
    "auth_email_confirm",
    "Confirm a new e-mail address",
    f"With the token of the letter; it works once, within 24 hours. {ALL_OUT} Announced as "
    "`profile.updated` on the own stream.",
    _ok("AccountName", "The account has the new address; sign in."),
    OPEN,
    request=_texts(TOKEN),
    **OPEN_OPERATION,
)
DEACTIVATE: Final = _operation(
    "auth_deactivate",
    "Close the account for a while",
    f"{ALL_OUT} Nothing is deleted; a letter has the link to come back.",
    NOTHING,
    OWN_BODY,
    request=_texts({"password": PRESENT}),
    tags=["auth"],
)
TAG: Final = response_header("ETag", "The tag of the profile, for `If-Match`.", 200)
ME: Final = _operation(
    "me",
    "Show the own profile",
    "What the account of whoever is signed in holds.",
    {
        **_ok("Profile", "The profile."),
        304: OpenApiResponse(description=NOT_MODIFIED),
    },
    OWN,
    tags=["me"],
    parameters=[
        TAG,
        OpenApiParameter(
            "If-None-Match",
            str,
            OpenApiParameter.HEADER,
            description="The `ETag` of an earlier answer: the same again is answered 304.",
        ),
    ],
)
ME_CHANGE: Final = _operation(
    "me_change",
    "Change the own profile",
    "A field that is left out stays as it is; `place` and `spiritual_preferences` are replaced as "
    f"a whole. What may reveal a belief ({', '.join(REVEALING)}) is kept only with `consent: "
    "true`. Announced as `profile.updated` on the own stream, with the names of the fields.",
    _ok("Profile", "The profile as it is now."),
    (*OWN_BODY, 412, 428),
    request={"application/json": schema_ref("ProfileChange")},
    auth=PEOPLE_ONLY,
    tags=["me"],
    parameters=[
        TAG,
        OpenApiParameter(
            "If-Match",
            str,
            OpenApiParameter.HEADER,
            required=True,
            description="The `ETag` of the profile that the change is meant for, or `*`.",
        ),
    ],
)
ME_DELETE: Final = _operation(
    "me_delete",
    "Delete the own account",
    f"{ALL_OUT} The account is closed at once and deleted after seven days with everything that "
    "belongs to it; until then the link of a letter keeps it.",
    _ok("DeletionDate", "The account is closed.", 202),
    OWN,
    auth=PEOPLE_ONLY,
    tags=["me"],
)
EXPORT: Final = _operation(
    "me_export",
    "Give out everything that belongs to the account",
    "Every row of every model. Hashes of passwords and tokens are named in `withheld`, not given.",
    _ok("Export", "Everything."),
    OWN,
    tags=["me"],
)


def _list_of(items: Schema, most: int) -> Schema:
    return {"type": "array", "items": items, "maxItems": most}


_MINUTES: Final = {"type": "integer", "minimum": 0, "maximum": LEAD_MINUTES_MOST}
_CODES: Final = _list_of({"type": "string", "pattern": "^[a-z][a-z0-9_]{0,49}$"}, CODES_MOST)
PREFERENCES: Final[Mapping[str, str | Schema]] = {
    "event_types": {**_CODES, "description": "Kinds of events, as `/api/v1/kinds` lists them."},
    "families": {**_CODES, "description": "Families of events."},
    "signs": _list_of({"type": "string", "enum": list(SIGNS)}, CODES_MOST),
    "calendars": {**_CODES, "description": "Calendars to see beside ours; needs consent."},
    "ayanamsa": "Where the sidereal zodiac begins; needs consent.",
    "min_significance": {"minimum": 1, "maximum": 5},
    "lead_times": {
        **_list_of(
            {"type": "integer", "minimum": 0, "maximum": LEAD_MINUTES_MOST}, LEAD_TIMES_MOST
        ),
        "description": "How long before an event to be told, in minutes.",
    },
    "interests": {
        **_list_of({"type": "string", "maxLength": INTEREST_CHARACTERS}, INTERESTS_MOST),
        "description": "In the person's own words; needs consent.",
    },
    "consent": "Whether what may reveal a belief may be kept.",
}


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of people (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    place = {name: {"minimum": low, "maximum": high} for name, (low, high) in PLACE_LIMITS.items()}
    schemas["Preferences"] = schema_of(Preferences, PREFERENCES)
    schemas["ProfilePlace"] = schema_of(ProfilePlace, place)
    schemas["OwnCursors"] = schema_of(OwnCursors, {"me": OWN_CURSOR})
    schemas["Profile"] = schema_of(
        ProfileAnswer,
        {
            "id": {"format": "uuid"},
            "email_verified_at": INSTANT,
            "delete_after": INSTANT,
            "created_at": INSTANT,
            "updated_at": INSTANT,
            "language": "Empty: that of the browser.",
            "timezone": "Empty: worked out when it is needed.",
        },
    )
    schemas["ProfileChange"] = _profile_change(schemas["Profile"], schemas["ProfilePlace"])
    for kind in (Accepted, AccountName, ExportedTable):
        schemas[kind.__name__] = schema_of(kind, {"withheld": f"Fields that are {Sort.SECRET}."})
    schemas["DeletionDate"] = schema_of(DeletionDate, {"delete_after": INSTANT})
    schemas["Export"] = schema_of(Export, {"exported_at": INSTANT, "user": {"format": "uuid"}})
    schemas["Export"]["properties"]["tables"] = {
        "type": "object",
        "additionalProperties": schema_ref("ExportedTable"),
    }
    return result


def _profile_change(profile: Schema, place: Schema) -> Schema:
    fields = profile["properties"]
    return {
        "type": "object",
        "description": "What to change.",
        "properties": {
            "display_name": {"type": "string", "maxLength": DISPLAY_NAME_CHARACTERS},
            "language": {**fields["language"], "maxLength": 35},
            "timezone": {**fields["timezone"], "maxLength": 50},
            "place": {
                "anyOf": [
                    {**place, "required": ["latitude_deg", "longitude_deg"]},
                    {"type": "null"},
                ]
            },
            "spiritual_preferences": schema_ref("Preferences"),
        },
        "additionalProperties": False,
    }
