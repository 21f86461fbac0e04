"""People: the user model from the first migration on."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts.usernames import username_check, username_fold


class UserManager(BaseUserManager["User"]):
    """Create users; a username is found in any case and width."""

    def create_user(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> User:
        user = self.model(
            username=username,
            username_folded=username_fold(username),
            email=self.normalize_email(email) or None,
            **fields,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> User:
        return self.create_user(
            username, email, password, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username_folded=username_fold(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account.

    ``telegram_user_id`` and ``is_telegram_subscribed`` are written by telegram_link's services
    alone. An empty time zone is worked out only when it is needed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    username = models.CharField(_("username"), max_length=50, unique=True)
    username_folded = models.CharField(max_length=150, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=255, null=True, blank=True)  # noqa: DJ001 - null for people who only use Telegram
    email_verified_at = models.DateTimeField(_("e-mail confirmed"), null=True, blank=True)
    display_name = models.CharField(_("display name"), max_length=100, blank=True, db_default="")
    telegram_user_id = models.BigIntegerField(unique=True, null=True, blank=True, editable=False)
    is_telegram_subscribed = models.BooleanField(default=False, db_default=False, editable=False)
    is_active = models.BooleanField(_("active"), default=True, db_default=True)
    is_staff = models.BooleanField(_("staff"), default=False, db_default=False)
    spiritual_preferences = models.JSONField(
        _("preferences"), default=dict, db_default={}, blank=True
    )
    timezone = models.CharField(_("time zone"), max_length=50, blank=True, db_default="")
    latitude_deg = models.FloatField(_("latitude"), null=True, blank=True)
    longitude_deg = models.FloatField(_("longitude"), null=True, blank=True)
    elevation_m = models.FloatField(_("elevation"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, db_default="")
    token_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    delete_after = models.DateTimeField(_("to be deleted after"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated"), db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(
                condition=models.Q(latitude_deg__isnull=True)
                | models.Q(latitude_deg__range=(-90.0, 90.0)),
                name="user_latitude_range",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude_deg__isnull=True)
                | models.Q(longitude_deg__range=(-180.0, 180.0)),
                name="user_longitude_range",
            ),
        ]
        indexes = [
            models.Index(fields=["language"], name="user_language_idx"),
            models.Index(
                fields=["delete_after"],
                condition=models.Q(delete_after__isnull=False),
                name="user_delete_after_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def clean(self) -> None:
        super().clean()  # brings the username into NFKC, which may make it longer
        self.email = self.email or None
        if not self.username:
            return  # refused already
        try:
            username_check(self.username)
        except ValidationError as error:
            raise ValidationError({"username": error.messages}) from None
        self.username_folded = username_fold(self.username)
        self.clean_fields(exclude={field.name for field in self._meta.fields} - {"username"})
        others = User.objects.exclude(pk=self.pk).filter(username_folded=self.username_folded)
        if others.exists():
            raise ValidationError({"username": self.unique_error_message(User, ("username",))})
