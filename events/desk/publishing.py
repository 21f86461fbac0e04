"""What the admins of things that are published share."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, cast

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from starscal.core.admin_shared import ServiceAdmin

M = TypeVar("M", bound=Model)


class PublishingAdmin(ServiceAdmin[M]):
    """A form with buttons for those who may publish; ``publish_right`` says who they are."""

    publish_right: ClassVar[str]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return cast("User", request.user).has_perm(self.publish_right)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        shown = {**(extra_context or {}), "may_publish": self.has_publish_permission(request)}
        return super().changeform_view(request, object_id, form_url, shown)
