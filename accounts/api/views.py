"""What the views of accounts share: JSON, the reader's language, nothing kept by caches."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication import BearerAuthentication, answer_in
from accounts.models import User
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer
from starscal.core.exceptions import ApplicationError, ErrorCode


class AccountView(APIView):
    """A view whose answers belong to one reader."""

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["Content-Language"] = request._request.LANGUAGE_CODE  # noqa: SLF001
        return answer


class OwnView(AccountView):
    """A view of whoever is signed in; no key of a server opens it."""

    authentication_classes: tuple[type[BaseAuthentication], ...] = (BearerAuthentication,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        answer_in(request, owner(request).language)


def owner(request: Request) -> User:
    """Return who is signed in."""
    user = request.user
    if not isinstance(user, User):
        raise ApplicationError(ErrorCode.AUTH_MISSING, "")
    return user
