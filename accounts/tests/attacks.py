"""Credentials that must not pass: each a name and what stands in the Authorization header."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.tokens.keys import SigningKey, key_generate, thumbprint
from accounts.tokens.ring import key_ring

GONE = object()


@dataclass(frozen=True)
class Victim:
    """What an attacker knows: a good token, who it is of, and somebody else's session."""

    token: str
    other_user: UUID
    other_session: UUID

    @property
    def claims(self) -> dict[str, Any]:
        return jwt.decode(self.token, options={"verify_signature": False})

    @property
    def parts(self) -> list[str]:
        return self.token.split(".")


def b64(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(victim: Victim, key: SigningKey, changes: dict[str, Any], header: dict[str, Any]) -> str:
    """Return a token with a good signature of ``key`` over changed claims and header."""
    claims = {k: v for k, v in {**victim.claims, **changes}.items() if v is not GONE}
    head = {"alg": "RS256", "typ": "at+jwt", "kid": key.kid, **header}
    head = {name: value for name, value in head.items() if value is not GONE}
    signing_input = f"{b64(head)}.{b64(claims)}"
    algorithm = jwt.get_algorithm_by_name("RS256")
    return f"{signing_input}.{b64(algorithm.sign(signing_input.encode(), key.private))}"


def bearer_attacks(victim: Victim) -> Iterator[tuple[str, str]]:
    """Yield the name and the token of each attack on access tokens."""
    yield from _algorithms(victim)
    yield from _headers(victim)
    yield from _tampered(victim)
    yield from _claims(victim)
    yield from _shapes(victim)


def _algorithms(victim: Victim) -> Iterator[tuple[str, str]]:
    ours = key_ring().signer()
    _head, payload, signature = victim.parts
    for name in ("none", "None", "NONE", "nOnE"):
        head = b64({"alg": name, "typ": "at+jwt", "kid": ours.kid})
        yield f"alg {name} without signature", f"{head}.{payload}."
        yield f"alg {name} with the old signature", f"{head}.{payload}.{signature}"
    secrets = {
        "public PEM": ours.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "PKCS1 PEM": ours.public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        "DER": ours.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "modulus": ours.jwk["n"].encode(),
        "kid": ours.kid.encode(),
    }
    for name, secret in secrets.items():
        yield f"HS256 keyed with the {name}", _symmetric(victim, "HS256", secret, ours.kid)
    for name in ("HS384", "HS512"):
        yield (
            f"{name} keyed with the public PEM",
            _symmetric(victim, name, secrets["public PEM"], ours.kid),
        )
    headers = {"kid": ours.kid, "typ": "at+jwt"}
    for name in ("RS384", "RS512", "PS256"):
        token = jwt.encode(victim.claims, ours.private, algorithm=name, headers=headers)
        yield f"{name} with our key", token
    curve = ec.generate_private_key(ec.SECP256R1())
    yield "ES256", jwt.encode(victim.claims, curve, algorithm="ES256", headers=headers)


def _symmetric(victim: Victim, name: str, secret: bytes, kid: str) -> str:
    """Sign by hand: the library refuses to take a public key for a secret."""
    signing_input = f"{b64({'alg': name, 'typ': 'at+jwt', 'kid': kid})}.{b64(victim.claims)}"
    algorithm = jwt.get_algorithm_by_name(name)
    return f"{signing_input}.{b64(algorithm.sign(signing_input.encode(), secret))}"


def _headers(victim: Victim) -> Iterator[tuple[str, str]]:
    ours, theirs = key_ring().signer(), key_generate()
    yield "foreign key under our kid", signed(victim, theirs, {}, {"kid": ours.kid})
    yield "foreign key under its own kid", signed(victim, theirs, {}, {})
    lures: dict[str, Any] = {
        "jku": "https://evil.example/jwks.json",
        "x5u": "https://evil.example/chain.pem",
        "jwk": {**theirs.jwk},
        "x5c": ["MIIB"],
        "x5t": thumbprint(theirs.public),
    }
    for name, lure in lures.items():
        yield f"foreign key with {name}", signed(victim, theirs, {}, {name: lure})
        yield f"our key with {name}", signed(victim, ours, {}, {name: lure})
    kids = [
        GONE, None, "", 0, [], {}, "../../../../dev/null", "/etc/passwd", "' OR 1=1 --", "\0",
        "x" * 1000, "https://evil.example/key", str(uuid4()), ours.kid.lower() + "x",
    ]  # fmt: skip
    for kid in kids:
        shown = "absent" if kid is GONE else repr(kid)[:30]
        yield f"kid {shown}", signed(victim, ours, {}, {"kid": kid})
    for kind in (GONE, "JWT", "refresh+jwt", "AT+JWT", 1):
        shown = "absent" if kind is GONE else repr(kind)
        yield f"typ {shown}", signed(victim, ours, {}, {"typ": kind})
    yield "crit", signed(victim, ours, {}, {"crit": ["exp"], "exp": 1})
    yield "unencoded payload", signed(victim, ours, {}, {"b64": False, "crit": ["b64"]})


def _tampered(victim: Victim) -> Iterator[tuple[str, str]]:
    head, payload, signature = victim.parts
    changed = b64({**victim.claims, "sub": str(victim.other_user)})
    yield "another payload", f"{head}.{changed}.{signature}"
    yield "a payload cut short", f"{head}.{payload[:-4]}.{signature}"
    yield "no signature", f"{head}.{payload}."
    yield "half a signature", f"{head}.{payload}.{signature[: len(signature) // 2]}"
    first = "A" if signature[0] != "A" else "B"
    yield "a changed signature", f"{head}.{payload}.{first}{signature[1:]}"
    yield "a signature of zeros", f"{head}.{payload}.{b64(bytes(256))}"
    yield "another header", f"{b64({'alg': 'RS256', 'typ': 'at+jwt'})}.{payload}.{signature}"


def _claims(victim: Victim) -> Iterator[tuple[str, str]]:
    ours, now = key_ring().signer(), victim.claims["iat"]
    wrong: dict[str, list[Any]] = {
        "iss": [GONE, None, "", "evil", ["starscalendars"], 1],
        "aud": [GONE, None, "", "others-api", ["starscalendars-api"], ["a", "starscalendars-api"]],
        "sub": [GONE, None, "", "admin", 1, str(uuid4()), str(victim.other_user), []],
        "sid": [GONE, None, "", "x", 1, str(uuid4()), str(victim.other_session), "0" * 32],
        "tv": [GONE, None, "0", True, 0.0, -1, 1, 2**40, [], "' OR 1=1"],
        "exp": [GONE, None, "soon", now - 1, now, 0, -1, 2**63, 10**30, now + 10**6, [], {}],
        "iat": [GONE, None, "x", now + 10**4, now - 10**6, [], 10**30],
        "nbf": [now + 10**4, "x", []],
    }
    for claim, values in wrong.items():
        for value in values:
            shown = "absent" if value is GONE else repr(value)[:30]
            yield f"{claim} {shown}", signed(victim, ours, {claim: value}, {})


def _shapes(victim: Victim) -> Iterator[tuple[str, str]]:
    head, payload, signature = victim.parts
    ours = key_ring().signer()
    yield from {
        "empty": "", "one part": "abc", "two parts": f"{head}.{payload}", "dots": "..",
        "four parts": f"{victim.token}.{signature}", "five parts": "a.b.c.d.e",
        "not base64": "*.*.*", "binary": "\x01.\x02.\x03", "latin": "é.é.é",
        "very long": "a" * 100_000,
        "long and signed": signed(victim, ours, {"x": "y" * 3000}, {}),
        "a space within": f"{head} .{payload}.{signature}",
        "twice": f"{victim.token},{victim.token}",
        "two tokens": f"{victim.token} {victim.token}", "quoted": f'"{victim.token}"',
        "JSON": json.dumps({"protected": head, "payload": payload, "signature": signature}),
        "a list for a payload": f"{head}.{b64([1])}.{signature}",
        "a text for a header": f"{b64('x')}.{payload}.{signature}",
        "deep header": f"{b64(b'[' * 1000)}.{payload}.{signature}",
        "null": "null", "undefined": "undefined",
    }.items()  # fmt: skip
