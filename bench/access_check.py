"""Measure what knowing who asks costs: processor time of this process for each access token.

Beside each other, in turns: the bare check of an RS256 signature, our claims without a query, our
authenticator with its one query, and the library's own. A table is printed, then one JSON line; the
exit status is 1 above a millisecond or beyond one query. What it writes is rolled back.

Run it with: make bench-access
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from starscal.devservices.environment import servers_for  # noqa: E402

servers_for(["manage.py", "bench-access"])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")

import django  # noqa: E402

django.setup()

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: E402
from cryptography.hazmat.primitives.hashes import SHA256  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework_simplejwt import state  # noqa: E402
from rest_framework_simplejwt.authentication import JWTAuthentication  # noqa: E402
from rest_framework_simplejwt.backends import TokenBackend  # noqa: E402
from rest_framework_simplejwt.tokens import AccessToken  # noqa: E402

from accounts.authentication import BearerAuthentication  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.services.sessions import session_open  # noqa: E402
from accounts.tokens.access import access_check  # noqa: E402
from accounts.tokens.keys import SigningKey, key_generate, key_pem  # noqa: E402
from accounts.tokens.ring import key_ring  # noqa: E402

LIMIT_MS: Final = 1.0
LIMIT_QUERIES: Final = 1
Work = Callable[[], Any]


def ring_key() -> SigningKey:
    """Return the key that signs here; without one, a key for this run."""
    ring = key_ring()
    if not ring.public():
        key = key_generate()
        ring.folder, ring.keys, ring.by_kid = None, [key], {key.kid: key}
    return ring.signer()


def asking(token: str) -> Request:
    """Return a request that carries a token."""
    return Request(RequestFactory().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}))


def works(user: User, key: SigningKey) -> dict[str, Work]:
    """Return what is measured, by name."""
    token = session_open(user=user).access_token
    signed, _dot, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    public = key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    backend = TokenBackend("RS256", signing_key=key_pem(key).decode(), verifying_key=public)
    state.token_backend = backend  # the library's, with a key of the same size
    ours, theirs = asking(token), asking(str(AccessToken.for_user(user)))
    bearer, library = BearerAuthentication(), JWTAuthentication()
    return {
        "raw RS256 verify": lambda: key.public.verify(raw, signed.encode(), PKCS1v15(), SHA256()),
        "our claims": lambda: access_check(token),
        "our authenticator": lambda: bearer.authenticate(ours),
        "simplejwt's authenticator": lambda: library.authenticate(theirs),
    }


def cpu_ms(work: Work, times: int) -> float:
    """Return the processor time of one piece of work."""
    started = time.process_time()
    for _time in range(times):
        work()
    return (time.process_time() - started) / times * 1000


def queries(work: Work) -> int:
    """Return how many queries a piece of work sends."""
    with CaptureQueriesContext(connection) as sent:
        work()
    return len(sent)


def measured(found: dict[str, Work], *, rounds: int, times: int) -> list[dict[str, Any]]:
    """Return a row each: the best of several rounds, which take turns."""
    counts = {name: queries(work) for name, work in found.items()}
    best = dict.fromkeys(found, float("inf"))
    for _round in range(rounds):
        for name, work in found.items():
            best[name] = min(best[name], cpu_ms(work, times))
    bare = best["raw RS256 verify"]
    return [
        {
            "name": name,
            "cpu_ms": round(ms, 4),
            "ratio": round(ms / bare, 1),
            "queries": counts[name],
        }
        for name, ms in best.items()
    ]


def main() -> int:
    """Print the table and the line; return the status of the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=400, help="checks in a round")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        user = User.objects.create_user("bench-access", "bench-access@example.org", password=None)
        rows = measured(works(user, ring_key()), rounds=options.rounds, times=options.times)
        transaction.set_rollback(True)
    for row in rows:
        print(
            f"{row['name']:26} {row['cpu_ms']:8.3f} ms {row['ratio']:6}× {row['queries']} queries"
        )
    ours = next(row for row in rows if row["name"] == "our authenticator")
    passed = ours["cpu_ms"] <= LIMIT_MS and ours["queries"] == LIMIT_QUERIES
    print(json.dumps({"bench": "access", "rows": rows, "limit_ms": LIMIT_MS, "passed": passed}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
