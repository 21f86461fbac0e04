"""What the sign-in and key endpoints answer, and how clients say who they are, for OpenAPI."""

from __future__ import annotations

from typing import Any, Final, Literal, TypedDict

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from accounts.tokens.keys import Jwk
from starscal.core.api.openapi import STATUS_TEXTS, Schema, schema_of, schema_ref
from starscal.core.api.problems import CONTENT_TYPE

UUID: Final[Schema] = {"type": "string", "format": "uuid"}
TIME: Final[Schema] = {"type": "string", "format": "date-time"}
TIME_OR_NULL: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}


class Tokens(TypedDict):
    """An access token and the refresh token that renews it."""

    access: str
    refresh: str
    token_type: Literal["Bearer"]
    expires_in: int
    session: str


class SessionItem(TypedDict):
    """One place where the account is signed in."""

    id: str
    kind: Literal["api", "web"]
    device: str
    created_at: str
    last_used_at: str
    expires_at: str
    current: bool


class SessionList(TypedDict):
    """Where the account is signed in, the latest used first."""

    results: list[SessionItem]


class SocketTicket(TypedDict):
    """A ticket that opens one socket."""

    ticket: str
    expires_in: int


class ApiKeyItem(TypedDict):
    """An API key without its secret."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    daily_quota: int
    requests_today: int
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class ApiKeyList(TypedDict):
    """The API keys of the account: all that are not revoked, then the ten revoked last."""

    results: list[ApiKeyItem]


class CreatedApiKey(ApiKeyItem):
    """A new API key; its secret is shown this once."""

    secret: str


class JsonWebKeySet(TypedDict):
    """Public keys (RFC 7517)."""

    keys: list[Jwk]


NOTES: Final[dict[str, str | Schema]] = {
    "access": "A JSON Web Token (RS256) for `Authorization: Bearer`.",
    "refresh": "An opaque token, good once; keep it secret.",
    "expires_in": "Seconds until it ends.",
    "session": UUID,
    "id": UUID,
    "created_at": TIME,
    "last_used_at": TIME,
    "expires_at": TIME,
    "current": "Whether this request belongs to the session.",
    "ticket": "Goes into the first frame of the socket.",
    "kid": "The RFC 7638 thumbprint; the header of a token names it.",
}
KEY_NOTES: Final[dict[str, str | Schema]] = {
    "id": UUID,
    "prefix": "The public beginning of the key.",
    "daily_quota": "Requests a day (UTC) that are answered.",
    "requests_today": "Requests counted today (UTC).",
    "created_at": TIME,
    "expires_at": TIME_OR_NULL,
    "last_used_at": TIME_OR_NULL,
    "revoked_at": TIME_OR_NULL,
    "secret": "What `Authorization: Api-Key` takes; it is shown this once.",
}


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of sign-in and keys (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for kind in (Tokens, SessionItem, SessionList, SocketTicket, Jwk, JsonWebKeySet):
        schemas[kind.__name__] = schema_of(kind, NOTES)
    for key_kind in (ApiKeyItem, ApiKeyList, CreatedApiKey):
        schemas[key_kind.__name__] = schema_of(key_kind, KEY_NOTES)
    for path in result.get("paths", {}).values():
        for operation in path.values():
            if operation.get("security"):
                _refusals_add(operation["responses"])
    return result


def _refusals_add(responses: Schema) -> None:
    """Say what every address that takes credentials answers to bad ones."""
    for status in (401, 429):
        responses.setdefault(
            str(status),
            {
                "description": STATUS_TEXTS[status],
                "content": {CONTENT_TYPE: {"schema": schema_ref("Problem")}},
            },
        )


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself
    target_class = "accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> Schema:
        del auto_schema
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself
    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> Schema:
        del auto_schema
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key <key>`: counts towards the quota of the key.",
        }
