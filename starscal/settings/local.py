"""`make run`: one machine, plain HTTP, private servers."""

from __future__ import annotations

import secrets
from pathlib import Path

from starscal.settings import env
from starscal.settings.base import *  # noqa: F403 - Django's settings are one flat namespace
from starscal.settings.base import ALLOWED_HOSTS, LIVE_ORIGINS, SECRET_KEY, STATE_DIR


def kept_secret(path: Path) -> str:
    """Return this checkout's own secret key, made at the first start, readable by its owner."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = SECRET_KEY or kept_secret(STATE_DIR / "secret_key")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
LIVE_ORIGINS = LIVE_ORIGINS or ["*"]
DEBUG = env.flag("DEBUG", default=False)
STATIC_ROOT = None  # files come straight from the apps; nothing was collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
