"""simplejwt's token backend, with keys by their id and every claim required."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

import jwt
from jwt.utils import base64url_decode
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from accounts.tokens.ring import KeyRing

ALGORITHM: Final = "RS256"
TYPE: Final = "at+jwt"  # RFC 9068: no other kind of token passes for an access token
CLAIMS: Final = ("iss", "aud", "sub", "sid", "tv", "iat", "exp")
HEADER: Final = frozenset({"alg", "kid", "typ"})
LONGEST: Final = 2048
LONGEST_HEAD: Final = 300  # also keeps what is read before the signature from nesting deeply


@lru_cache(maxsize=64)  # tokens of one key begin alike
def named_key(head: str) -> str:
    """Return the id of the key that the first part of a token names.

    Errors: TokenBackendError for a header that is not one of ours; ValueError for no header.
    """
    if len(head) > LONGEST_HEAD:
        raise TokenBackendError("The header is too long.")
    header = json.loads(base64url_decode(head))
    if not isinstance(header, dict) or set(header) != HEADER:
        raise TokenBackendError("The header is not one of ours.")
    kid = header["kid"]
    if header["typ"] != TYPE or header["alg"] != ALGORITHM or not isinstance(kid, str):
        raise TokenBackendError("The header is not one of ours.")
    return kid


class KeyedTokenBackend(TokenBackend):
    """Signs with the ring's newest key and checks with the one that the token's ``kid`` names.

    The algorithm is ours, never the token's; keys come from the ring, never from the token.
    """

    def __init__(self, ring: KeyRing, *, audience: str, issuer: str) -> None:
        super().__init__(ALGORITHM, audience=audience, issuer=issuer)
        self.ring = ring

    def encode(self, payload: dict[str, Any]) -> str:
        key = self.ring.signer()
        claims = {**payload, "aud": self.audience, "iss": self.issuer}
        headers = {"kid": key.kid, "typ": TYPE}
        return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers=headers)

    def get_verifying_key(self, token: Any) -> Any:
        """Return the key that the header names.

        Errors: TokenBackendError for a header of another form and for an unknown key.
        """
        key = self.ring.find(named_key(token.partition(".")[0]))
        if key is None:
            raise TokenBackendError("The key is unknown.")
        return key.public

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """Return the claims of a token that is ours in every respect.

        Errors: TokenBackendError for everything else. ``verify`` is simplejwt's; it is always on.
        """
        del verify
        if len(token) > LONGEST:
            raise TokenBackendError("The token is too long.")
        try:
            return jwt.decode(
                token,
                self.get_verifying_key(token),
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options={"require": list(CLAIMS), "strict_aud": True},
            )
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise TokenBackendError(type(error).__name__) from None
