"""What tests of the desk share: what a browser sends back of a form, and the groups of staff."""

from __future__ import annotations

import re
from html import unescape

from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from events.models import Event
from events.rights import GROUP_RIGHTS
from events.services.groups import groups_settle

TEXTAREA = re.compile(r'<textarea name="([^"]*)"[^>]*>\s*(.*?)</textarea>', re.DOTALL)


def change_page(event: Event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


def form_values(html: str, form_id: str = "event_form") -> dict[str, str]:
    """Return what a browser would send back of a form."""
    form = html[html.index(f'id="{form_id}"') :]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="submit"' not in tag and not name[1].startswith("_"):
            values[name[1]] = value[1] if value else ""
    values |= dict(TEXTAREA.findall(form))
    return {name: unescape(value) for name, value in values.items()}


def member(group: str) -> User:
    """Return a new member of a group of staff that has its rights.

    The groups are made by a migration, and a test that commits sweeps them away.
    """
    for name in GROUP_RIGHTS:
        Group.objects.get_or_create(name=name)
    groups_settle(using="default")
    user = User.objects.create_user(f"member-{group}", password=None, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user
