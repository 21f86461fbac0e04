"""The suite: real PostgreSQL and Redis, cheap hashing, no pool (each test owns its connection)."""

from __future__ import annotations

from starscal.settings import env
from starscal.settings.base import *  # noqa: F403 - Django's settings are one flat namespace
from starscal.settings.base import DATABASE_URL, LIVE_ORIGINS, RATE_LIMITS, database

SECRET_KEY = "only-for-tests-never-served-anywhere"  # noqa: S105 - guards nothing
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
LIVE_ORIGINS = LIVE_ORIGINS or ["*"]
DATABASES = {
    "default": database(
        DATABASE_URL or "postgresql://localhost/starscal",
        pool=env.flag("STARSCAL_TEST_POOL", default=False),  # for servers under load
    ),
}
REDIS_QUICK_S = 5.0  # a busy machine is no dead Redis
SITE_URL = "https://stars.example"
STATIC_ROOT = None  # files come straight from the apps; nothing was collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Suites do not trip over limits; those that test them lower one by name.
RATE_LIMITS = {"*": (1_000_000, 60), **RATE_LIMITS}
TELEGRAM_API_BASE = env.text("TELEGRAM_API_BASE") or "http://127.0.0.1:9"  # nobody answers there
TELEGRAM_LEASE_S = env.whole("STARSCAL_TEST_LEASE_S", 30)  # for a bot that is killed often
