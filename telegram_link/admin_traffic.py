"""The page of the admin that says how the bot is doing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from starscal.core.formats import date_time_text, decimal_text, minute_text
from telegram_link.models import Notification
from telegram_link.selectors.traffic import DAY, HOUR, MINUTE, Line, Rate, Traffic, traffic_now


def traffic_shown(*, at: datetime) -> dict[str, Any]:
    """Return what the page says, in the reader's language."""
    traffic = traffic_now(at=at)
    labels = {status: capfirst(str(status.label)) for status in Notification.Status}
    return {
        "sentences": list(_sentences(traffic)),
        "labels": {str(status): label for status, label in labels.items()},
        "lines": [_line(line) for line in traffic.lines],
        "rates": [_rate(rate) for rate in traffic.rates],
    }


def _sentences(traffic: Traffic) -> list[str]:
    told = [_bot(traffic)]
    if traffic.silent_until is not None:
        until = {"time": date_time_text(traffic.silent_until)}
        told.append(_("Telegram wants no messages until %(time)s.") % until)
    if traffic.oldest is None:
        told.append(_("No message is overdue."))
    else:
        since = {"time": date_time_text(traffic.oldest)}
        told.append(_("The oldest message has been due since %(time)s.") % since)
    waiting, blocked = traffic.updates_waiting, traffic.blocked
    told.append(
        ngettext("%(count)d update waits.", "%(count)d updates wait.", waiting) % {"count": waiting}
    )
    told.append(
        ngettext(
            "%(count)d chat has blocked the bot.", "%(count)d chats have blocked the bot.", blocked
        )
        % {"count": blocked}
    )
    return told


def _bot(traffic: Traffic) -> str:
    if not settings.TELEGRAM_BOT_TOKEN:
        return _("The bot is off: no token is set.")
    if not traffic.bot:
        return _("The bot has not started yet.")
    return _("The bot is @%(name)s.") % {"name": traffic.bot}


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": capfirst(str(Notification.Kind(line.kind).label)),
        "counts": [decimal_text(line.waiting, 0), decimal_text(line.due, 0)],
        "oldest": minute_text(line.oldest) if line.oldest else "–",
        "outcomes": _outcomes(line),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    names = {MINUTE: _("Last minute"), HOUR: _("Last hour"), DAY: _("Last day")}
    return {"span": names[rate.span], "outcomes": _outcomes(rate)}


def _outcomes(row: Line | Rate) -> list[str]:
    return [decimal_text(count, 0) for count in (row.sent, row.dead, row.dropped)]
