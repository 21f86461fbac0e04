from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings as installed
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.tokens.access import access_sign
from accounts.tokens.keys import SigningKeyError, key_generate, key_load, key_pem, thumbprint
from accounts.tokens.ring import KeyRing
from accounts.tokens.store import keys_ensure, keys_read, keys_rotate, signing_key
from starscal.core import clock
from starscal.testing.live import LiveServer

JWKS = "/.well-known/jwks.json"


def number(text: str) -> int:
    return int.from_bytes(raw(text), "big")


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def token() -> str:
    return access_sign(
        user_id=uuid.uuid4(), session_id=uuid.uuid4(), token_version=0, at=clock.now()
    )


def test_the_thumbprint_is_that_of_the_standard() -> None:
    # The key and its thumbprint stand in RFC 7638, section 3.1.
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJE"
        "CPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q"
        "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
        "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    public = rsa.RSAPublicNumbers(65537, number(modulus)).public_key()
    assert thumbprint(public) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_anybody_can_check_a_token_with_the_published_key(client: Client) -> None:
    answer = client.get(JWKS)
    assert answer.headers["Cache-Control"].startswith("public, max-age=300")
    keys = {key["kid"]: key for key in answer.json()["keys"]}
    head, payload, signature = token().split(".")
    key = keys[json.loads(raw(head))["kid"]]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}  # nothing of the secret part
    public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
    public.verify(raw(signature), f"{head}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_client_library_finds_the_key_by_itself(running_server: LiveServer) -> None:
    written = token()
    found = jwt.PyJWKClient(f"{running_server.url}{JWKS}").get_signing_key_from_jwt(written)
    claims = jwt.decode(
        written, found, algorithms=["RS256"], audience="starscalendars-api", issuer="starscalendars"
    )
    assert claims["exp"] - claims["iat"] == 600


def test_a_folder_gets_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert keys_ensure(folder)
    assert not keys_ensure(folder)
    (file,) = folder.glob("*.pem")
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_rotation_overlaps(tmp_path: Path) -> None:
    keys_ensure(tmp_path)
    (first,) = keys_read(tmp_path)
    now = datetime.now(UTC)
    second = keys_rotate(tmp_path, at=now)
    both = keys_read(tmp_path)
    assert {key.kid for key in both} == {first.kid, second.kid}
    assert signing_key(both, now).kid == first.kid
    assert signing_key(both, now + timedelta(minutes=10)).kid == second.kid
    third = keys_rotate(tmp_path, at=now + timedelta(days=1))
    assert {key.kid for key in keys_read(tmp_path)} == {second.kid, third.kid}


def test_a_leaked_key_is_followed_at_once(tmp_path: Path) -> None:
    keys_ensure(tmp_path)
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert signing_key([keys_rotate(tmp_path, at=now, soon=False)], now).signs_from <= now


def test_a_running_process_learns_of_new_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_rotate(tmp_path, at=datetime.now(UTC) - timedelta(minutes=30))
    monkeypatch.setattr("accounts.tokens.ring.LOOKS_EVERY_S", 0.0)
    ring = KeyRing(tmp_path, [])
    before = ring.signer().kid
    added = keys_rotate(tmp_path, at=datetime.now(UTC) - timedelta(minutes=10))
    assert ring.signer().kid == added.kid
    assert ring.find(before) is not None
    assert {key["kid"] for key in ring.public()} == {before, added.kid}


@pytest.mark.parametrize("harm", [b"nonsense", None], ids=["no-key", "unreadable"])
def test_a_bad_file_ends_no_token_of_a_running_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: bytes | None
) -> None:
    monkeypatch.setattr("accounts.tokens.ring.LOOKS_EVERY_S", 0.0)
    kid = keys_rotate(tmp_path, at=datetime.now(UTC)).kid
    ring = KeyRing(tmp_path, [])
    assert ring.find(kid) is not None
    stray = tmp_path / "20260101T000000Z-x.pem"
    stray.symlink_to("gone") if harm is None else stray.write_bytes(harm)
    assert ring.signer().kid == kid
    assert ring.find(kid) is not None
    stray.unlink()
    added = keys_rotate(tmp_path, at=datetime.now(UTC) + timedelta(seconds=1))
    assert ring.find(added.kid) is not None


def test_a_change_is_seen_by_names_where_times_are_coarse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.tokens.ring.LOOKS_EVERY_S", 0.0)
    keys_rotate(tmp_path, at=datetime.now(UTC))
    ring, before = KeyRing(tmp_path, []), tmp_path.stat()
    ring.signer()
    added = keys_rotate(tmp_path, at=datetime.now(UTC) + timedelta(seconds=1))
    os.utime(tmp_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ring.find(added.kid) is not None


@pytest.mark.parametrize("text", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA"])
def test_what_is_no_key_is_named_without_its_content(tmp_path: Path, text: bytes) -> None:
    name = "20260101T000000Z-x.pem"
    (tmp_path / name).write_bytes(text)
    with pytest.raises(SigningKeyError, match=name) as caught:
        keys_read(tmp_path)
    assert "AAAA" not in str(caught.value)


def test_a_short_key_is_refused() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused
    key = key_generate()
    with pytest.raises(SigningKeyError, match="2048"):
        key_load(key_pem(type(key)("x", short, short.public_key(), key.signs_from)))


def command(*words: str) -> str:
    out = StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def test_the_command_looks_after_the_keys(tmp_path: Path, settings: Settings) -> None:
    settings.TOKEN_KEYS_DIR = str(tmp_path / "keys")
    assert "created" in command("generate")
    assert "already" in command("generate")
    first = command("list").split()[0]
    assert "10 minutes" in command("rotate")
    assert sorted(line.split()[-1] for line in command("list").splitlines()) == ["next", "signs"]
    assert "PRIVATE" not in command("list")
    assert "Removed" in command("remove", first)
    with pytest.raises(CommandError, match="only key"):
        command("remove", first)


def test_the_command_says_what_is_missing(settings: Settings) -> None:
    settings.TOKEN_KEYS_DIR = ""
    with pytest.raises(CommandError, match="TOKEN_KEYS_DIR"):
        command("list")


def start(**variables: Any) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOKEN_")}
    done = subprocess.run(
        [sys.executable, "-c", "import starscal.asgi; print('started')"],
        env={**kept, "DJANGO_SETTINGS_MODULE": "starscal.settings.test", **variables},
        cwd=installed.BASE_DIR, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return (done.stdout or done.stderr).strip().splitlines()[-1]


@pytest.mark.slow
def test_a_web_server_without_a_key_refuses_to_start(tmp_path: Path) -> None:
    assert "manage.py keys generate" in start(TOKEN_KEYS_DIR=str(tmp_path))
    keys_ensure(tmp_path)
    assert start(TOKEN_KEYS_DIR=str(tmp_path)) == "started"
    assert "TOKEN_KEYS: This is not a private key" in start(TOKEN_KEYS="-----BEGIN nothing")
