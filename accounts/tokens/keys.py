"""RSA keys that sign access tokens. Pure: no settings and no Django."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypedDict

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY_BITS: Final = 2048
BEGIN: Final = "-----BEGIN"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Jwk(TypedDict):
    """A public key as RFC 7517 writes it."""

    kty: str
    use: str
    alg: str
    kid: str
    n: str
    e: str


class SigningKeyError(ValueError):
    """A key cannot be read or must not be used."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair; it signs from ``signs_from`` until a newer one does, and is published before."""

    kid: str
    private: rsa.RSAPrivateKey
    public: rsa.RSAPublicKey
    signs_from: datetime

    @property
    def jwk(self) -> Jwk:
        numbers = _numbers(self.public)
        return {
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
            "n": numbers["n"], "e": numbers["e"],
        }  # fmt: skip


def key_generate(*, signs_from: datetime = EPOCH) -> SigningKey:
    return _key_of(rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS), signs_from)


def key_load(pem: bytes, *, signs_from: datetime = EPOCH) -> SigningKey:
    """Return the key of a PEM text.

    Raises: SigningKeyError for what is not an RSA key of at least 2048 bits, without a password.
    """
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):  # the library's text may quote the key: do not pass it on
        raise SigningKeyError("This is not a private key in PEM without a password.") from None
    if not isinstance(private, rsa.RSAPrivateKey) or private.key_size < KEY_BITS:
        raise SigningKeyError(f"A signing key is RSA with at least {KEY_BITS} bits.")
    return _key_of(private, signs_from)


def keys_split(text: str) -> list[bytes]:
    """Return the single PEM texts of several written one after the other."""
    return [f"{BEGIN}{part}".encode() for part in text.split(BEGIN)[1:]]


def key_pem(key: SigningKey) -> bytes:
    return key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def thumbprint(public: rsa.RSAPublicKey) -> str:
    """Return the SHA-256 thumbprint of RFC 7638."""
    members = json.dumps(_numbers(public), separators=(",", ":"), sort_keys=True)
    return _base64url(hashlib.sha256(members.encode()).digest())


def _key_of(private: rsa.RSAPrivateKey, signs_from: datetime) -> SigningKey:
    public = private.public_key()
    return SigningKey(thumbprint(public), private, public, signs_from)


def _numbers(public: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    return {"e": _unsigned(numbers.e), "kty": "RSA", "n": _unsigned(numbers.n)}


def _unsigned(number: int) -> str:
    return _base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
