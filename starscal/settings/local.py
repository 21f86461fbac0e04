"""`make run`: one machine, plain HTTP, private servers."""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path

from starscal.settings import env
from starscal.settings.base import *  # noqa: F403 - Django's settings are one flat namespace
from starscal.settings.base import (
    ALLOWED_HOSTS,
    LIVE_ORIGINS,
    SECRET_KEY,
    SITE_URL,
    STATE_DIR,
    TOKEN_KEYS_DIR,
)


def kept_secret(path: Path) -> str:
    """Return this checkout's own secret key, made at the first start, readable by its owner.

    Several processes may start at once: the lock lets one of them make it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        secret = file.read().strip()
        if not secret:
            secret = secrets.token_urlsafe(48)
            file.write(secret)
            file.flush()
        return secret


SECRET_KEY = SECRET_KEY or kept_secret(STATE_DIR / "secret_key")
TOKEN_KEYS_DIR = TOKEN_KEYS_DIR or str(STATE_DIR / "keys")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
LIVE_ORIGINS = LIVE_ORIGINS or ["*"]
SITE_URL = SITE_URL or "http://localhost:8000"
if not (env.text("EMAIL_URL") or env.text("EMAIL_HOST")):
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEBUG = env.flag("DEBUG", default=False)
STATIC_ROOT = None  # files come straight from the apps; nothing was collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
