"""People, their sessions with the service, and the keys of their servers."""

from __future__ import annotations

from accounts.models.api_key import ApiKey, ApiKeyUsage
from accounts.models.registration import EmailChange, Mail, Registration
from accounts.models.second_factor import RecoveryCode
from accounts.models.session import RefreshToken, Session
from accounts.models.user import User

__all__ = [
    "ApiKey",
    "ApiKeyUsage",
    "EmailChange",
    "Mail",
    "RecoveryCode",
    "RefreshToken",
    "Registration",
    "Session",
    "User",
]
