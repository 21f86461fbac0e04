"""Every limit of the service in one table; RATE_LIMITS overrides any by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starscal.core.ratelimit import Limit


def _per(seconds: int, name: str, capacity: int, *, fail_open: bool = False) -> Limit:
    return Limit(name, capacity, capacity / seconds, fail_open)


MINUTE: Final = 60
HOUR: Final = 3600

# Whoever guesses passwords. What each holds back stands in docs/adr/0094.
LOGIN_ADDRESS: Final = _per(10 * MINUTE, "login-address", 30)
LOGIN_ACCOUNT: Final = _per(HOUR, "login-account", 8)
LOGIN_KNOWN: Final = _per(HOUR, "login-known", 10)
LOGIN_ALL: Final = _per(MINUTE, "login-all", 300)
PASSWORD_CONFIRM: Final = _per(HOUR, "password-confirm", 8)

# What sends mail or makes rows.
REGISTRATION: Final = _per(HOUR, "registration", 10)
RESET_ADDRESS: Final = _per(HOUR, "reset-address", 10)
RESET_ACCOUNT: Final = _per(HOUR, "reset-account", 3)
LINKING: Final = _per(HOUR, "linking", 10)
TELEGRAM_ASK: Final = _per(HOUR, "telegram-ask", 20)
TELEGRAM_CODE: Final = _per(HOUR, "telegram-code", 30)
TOKEN_REFRESH: Final = _per(MINUTE, "token-refresh", 60)
REFRESH_ADDRESS: Final = _per(MINUTE, "refresh-address", 600)

# Reading and writing through the API.
API_ANONYMOUS: Final = _per(MINUTE, "api-anonymous", 300, fail_open=True)
API_USER: Final = _per(MINUTE, "api-user", 600, fail_open=True)
API_KEY: Final = _per(MINUTE, "api-key", 1200, fail_open=True)

# Sockets: openings by address, frames by socket.
SOCKET_CONNECTS: Final = _per(MINUTE, "socket-connects", 120, fail_open=True)
SOCKET_FRAMES: Final = _per(5, "socket-frames", 100, fail_open=True)

# What a chat of Telegram asks for, by chat. Telegram itself bounds what can be sent to one.
TELEGRAM_CHAT: Final = _per(MINUTE, "telegram-chat", 20, fail_open=True)

LIMITS: Final[Mapping[str, Limit]] = {
    limit.name: limit
    for limit in (
        LOGIN_ADDRESS, LOGIN_ACCOUNT, LOGIN_KNOWN, LOGIN_ALL, PASSWORD_CONFIRM,
        REGISTRATION, RESET_ADDRESS, RESET_ACCOUNT, LINKING, TELEGRAM_ASK, TELEGRAM_CODE,
        TOKEN_REFRESH, REFRESH_ADDRESS,
        API_ANONYMOUS, API_USER, API_KEY,
        SOCKET_CONNECTS, SOCKET_FRAMES, TELEGRAM_CHAT,
    )
}  # fmt: skip
