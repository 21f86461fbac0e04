"""What every field of every model holds and how long: the map that privacy is checked against.

A test walks the models of all apps and fails for a field that is not listed here. `public` may be
shown to anybody, `personal` belongs to one person and is shown to that person and to staff who look
after accounts, `secret` opens a door and is shown to nobody, not even in an export.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from starscal.core.i18n import column


class Sort(StrEnum):
    PUBLIC = "public"
    PERSONAL = "personal"
    SECRET = "secret"  # noqa: S105 - a sort of data


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a model by sort, and how long its rows are kept."""

    kept: str
    public: str = ""
    personal: str = ""
    secret: str = ""

    def sorts(self) -> Iterator[tuple[str, Sort]]:
        """Yield each field; one that is translated stands for its ten columns, too."""
        for sort in Sort:
            for name in getattr(self, sort).split():
                base, star, _rest = name.partition("*")
                yield base, sort
                if star:
                    yield from ((column(base, code), sort) for code, _name in settings.LANGUAGES)


WITH_ACCOUNT: Final = "until the account is deleted"
FOR_GOOD: Final = "for good"
DATA_MAP: Final[Mapping[str, Table]] = {
    "accounts.user": Table(
        kept="until 7 days after the owner asked for deletion",
        public="id is_active is_staff is_superuser",
        personal="username username_folded email email_verified_at display_name telegram_user_id "
        "is_telegram_subscribed spiritual_preferences timezone latitude_deg longitude_deg "
        "elevation_m language last_login delete_after created_at updated_at",
        secret="password token_version",  # noqa: S106 - names of fields
    ),
    "accounts.user_groups": Table(WITH_ACCOUNT, personal="id user group"),
    "accounts.user_user_permissions": Table(WITH_ACCOUNT, personal="id user permission"),
    "accounts.session": Table(
        WITH_ACCOUNT,
        personal="id user kind device created_at last_used_at expires_at revoked_at revoked_reason",
    ),
    "accounts.refreshtoken": Table(
        WITH_ACCOUNT,
        personal="id session created_at expires_at used_at",
        secret="token_hash",  # noqa: S106 - the name of a field
    ),
    "accounts.apikey": Table(
        WITH_ACCOUNT,
        personal="id user name prefix scopes daily_quota created_at expires_at last_used_at "
        "revoked_at",
        secret="key_hash",  # noqa: S106 - the name of a field
    ),
    "accounts.apikeyusage": Table(WITH_ACCOUNT, personal="id key day requests"),
    "accounts.recoverycode": Table(
        WITH_ACCOUNT,
        personal="id user created_at used_at",
        secret="code_hash",  # noqa: S106 - the name of a field
    ),
    "otp_totp.totpdevice": Table(
        WITH_ACCOUNT,
        personal="id user name confirmed created_at last_used_at",
        secret="key step t0 digits tolerance drift last_t throttling_failure_timestamp "  # noqa: S106 - names of fields
        "throttling_failure_count",
    ),
    "accounts.registration": Table(
        "until the address is confirmed, at most 24 hours",
        personal="id username username_folded email language timezone created_at expires_at",
        secret="password",  # noqa: S106 - the name of a field
    ),
    "accounts.mail": Table(
        "until the letter is sent, at most 2 hours",
        personal="id kind user registration address created_at due_at tries",
    ),
    "accounts.emailchange": Table(
        "until the new address is confirmed, at most 24 hours",
        personal="id user email created_at expires_at",
    ),
    "core.stream": Table(
        "for good; a personal stream until the account is deleted",
        public="name epoch last_seq relayed_seq",
    ),
    "core.outboxmessage": Table(
        "7 days; those of a personal stream at most until the account is deleted",
        public="id stream seq key kind body created_at",
    ),
    "core.auditentry": Table(
        "for good: it has ids and names of fields, no values of people",
        personal="id actor action object_type object_id changes reason request_id created_at",
    ),
    "core.errorgroup": Table(
        "the 500 most recent, scrubbed",
        public="fingerprint kind place where count sample first_seen last_seen",
    ),
    "events.event": Table(
        "for good; without who overrode it once that account is deleted",
        public="id key slug event_type family bodies title* description* reflection* "
        "astronomical_data quantum_resonance occurs_at begins_at ends_at tt_jd1 tt_jd2 "
        "uncertainty_s significance status publish_at origin provenance facts_hash template_hash "
        "revision sequence created_at updated_at override_occurs_at override_begins_at "
        "override_ends_at override_significance computed_occurs_at computed_begins_at "
        "computed_ends_at computed_significance override_reason override_set_at link "
        "image series series_slot series_own",
        personal="override_by",
    ),
    "events.textstate": Table(
        "for good; without editor and reviewer once those accounts are deleted",
        public="id event field language source status generated_text basis_text edited_at "
        "reviewed_at",
        personal="editor reviewed_by",
    ),
    "events.announcement": Table(
        "for good; without the author once that account is deleted",
        public="id title* body* link status publish_at published_at revision created_at updated_at",
        personal="created_by",
    ),
    "events.eventimage": Table(
        "until no event has shown it for a week; without the one who sent it once that account is "
        "deleted",
        public="name content content_type created_at",
        personal="created_by",
    ),
    "events.eventseries": Table(
        "for good; without the one who made it once that account is deleted",
        public="id rhythm every timezone kind offset starts_at until count published ended_at "
        "created_at",
        personal="created_by",
    ),
    "events.deskjob": Table(
        "for good; without the one who asked once that account is deleted",
        public="id kind asked reason status total done skipped refused refusals last cursor tries "
        "lease_until created_at ended_at",
        personal="actor",
    ),
    "events.desktext": Table(
        "until the import has ended, or is not confirmed within a day",
        public="id job event line field language text seen token",
    ),
    "events.kindsetting": Table(FOR_GOOD, public="code needs_review"),
    "events.computedwindow": Table(FOR_GOOD, public="id family starts_at ends_at version"),
    "events.computationrun": Table(
        "a year",
        public="id started_at starts_at ends_at families version job created changed gone "
        "unchanged tidied",
    ),
    "events.runchange": Table(
        "a year; of each event the newest two",
        public="id run event version_before before after",
    ),
    "events.givenright": Table(FOR_GOOD, public="id group right given_at"),
    "events.reminder": Table(WITH_ACCOUNT, personal="id user event_type lead_minutes created_at"),
    "events.reminderround": Table(
        "a day after the event",
        public="id event lead_minutes occurs_at finished_at",
        personal="last_user",
    ),
    "telegram_link.telegramchat": Table(
        "until /stop or thirty days after blocking the bot in a chat without an account, or the "
        "account is deleted; of groups until the bot is removed",
        personal="id kind title username language language_code timezone latitude_deg "
        "longitude_deg calendar digest digest_hour digest_weekday digest_due_at quiet_from "
        "quiet_until blocked_at stopped_at next_send_at created_at seen_at",
    ),
    "telegram_link.telegramaccount": Table(
        "until it is unlinked or the account is deleted",
        personal="id user chat telegram_user_id name username membership member_checked_at "
        "member_tried_at heard_epoch heard_seq linked_at",
    ),
    "telegram_link.telegramlinktoken": Table(
        "a day after it has expired",
        personal="id purpose user session device used tries opened_id opened_name opened_username "
        "opened_at agreed_at ended_at created_at expires_at",
        secret="token_hash holder_hash code_hash",  # noqa: S106 - names of fields
    ),
    "telegram_link.telegramupdate": Table(
        "two days; its content until it is answered",
        personal="id chat_id body tries due_at outcome received_at done_at",
    ),
    "telegram_link.notification": Table(
        "thirty days; its content until it is sent",
        personal="id chat key kind priority method body status tries due_at lease_until reason "
        "message_id created_at settled_at",
    ),
    "telegram_link.botstate": Table(
        FOR_GOOD, public="id bot_id username silent_until update_offset commands_hash"
    ),
    "telegram_link.logcursor": Table(FOR_GOOD, public="stream epoch seq"),
    "admin.logentry": Table(
        "until the account that did it, or that it was done to, is deleted",
        personal="id action_time user content_type object_id object_repr action_flag "
        "change_message",
    ),
    "auth.group": Table(FOR_GOOD, public="id name"),
    "auth.permission": Table(FOR_GOOD, public="id name content_type codename"),
    "auth.group_permissions": Table(FOR_GOOD, public="id group permission"),
    "contenttypes.contenttype": Table(FOR_GOOD, public="id app_label model"),
    "sessions.session": Table(
        "until it expires or the account is deleted",
        personal="expire_date",
        secret="session_key session_data",  # noqa: S106 - names of fields
    ),
}


def field_sort(label: str, name: str) -> Sort:
    """Return the sort of a field; what nobody listed is treated as a secret."""
    table = DATA_MAP.get(label)
    return dict(table.sorts()).get(name, Sort.SECRET) if table else Sort.SECRET


def model_fields() -> Iterator[tuple[str, str]]:
    """Yield the label and the field of every column of every model, those of others too."""
    for model in apps.get_models(include_auto_created=True):
        yield from ((model._meta.label_lower, name) for name in column_names(model))


def column_names(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


def map_text() -> str:
    """Return the map as the documentation shows it."""
    lines = [
        "| Model | Kept | Public | Personal | Secret |",
        "|---|---|---|---|---|",
    ]
    for label, table in sorted(DATA_MAP.items()):
        cells = [", ".join(f"`{name}`" for name in getattr(table, s).split()) for s in Sort]
        lines.append(f"| `{label}` | {table.kept} | {' | '.join(cell or '–' for cell in cells)} |")
    return "\n".join(lines) + "\n"
