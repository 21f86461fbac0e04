"""Nothing that a reader meets bypasses gettext: in the pseudo-language all stands in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from inspect import isfunction, signature

import orjson
import pytest
from django.test import RequestFactory
from django.utils.translation import gettext

from accounts.mailing import WRITERS, letter_compose
from accounts.models import EmailChange, Mail, User
from accounts.tests.people_support import person
from events.calendar_words import calendar_words
from events.figures.selectors import figures_empty
from events.ical import calendar_bytes
from events.kinds import FAMILIES, KINDS
from events.live import refusals
from events.live.refusals import RefusalError
from events.models import Announcement, Event, KindSetting, TextState
from events.models.desk import DeskJob
from events.rendering import memos_empty
from events.services.generation import event_generate
from events.tests.conftest import SUMMER_2026
from starscal.core import clock
from starscal.core.api.parameters import zone_names
from starscal.core.api.problems import DETAILS, TITLES, application_problem
from starscal.core.audit import audit_record
from starscal.core.catalogues.message import placeholders
from starscal.core.catalogues.pseudo import (
    CLOSE,
    GROWTH,
    OPEN,
    outside_brackets,
    pseudo_language,
    pseudo_text,
)
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import LOCALES, column
from starscal.core.models import ErrorGroup, Stream
from starscal.testing.access import (
    ADMIN,
    Row,
    World,
    send,
    table,
    telegram_rows,
    world_build,
)
from starscal.testing.visible import visible_texts
from telegram_link.bot.digest import digest_message
from telegram_link.bot.reader import Spot
from telegram_link.bot.registry import command_named
from telegram_link.tests.sky_support import BERLIN, TROMSO, reader, told, visible

pytestmark = [pytest.mark.timeout(300)]
database = pytest.mark.django_db

PAGES = [
    row
    for row in table()
    if "GET" in row.methods
    and row.object != "missing"
    and row.expected["superuser"] == 200
    and row.route.startswith(("<language_tag:language>/", ADMIN))
    # No page, what a page asks for, and one in ten languages.
    and not row.route.endswith(("jsi18n/", "/progress/", "preview/"))
]
# What rightly stands outside: names of the service, of programs, of languages in themselves, of
# zones and groups; weekdays and months, which CLDR writes; codes, addresses, dates, bits of JSON.
CLDR = calendar_words("en")
NAMES = frozenset(
    {
        *("StarsCalendars", "Telegram", "UTC", "TOTP", "DE440", "Skyfield", "JSON", "ICS", "API"),
        *("English", "简体中文", "Español", "हिन्दी", "Português", "Brasil", "Deutsch", "Français"),
        *("日本語", "Русский", "Հայերեն"),
        *zone_names(),
        *CLDR["weekdays"],
        *CLDR["months"],
    }
)
GROUPS = ("Curator", "Publisher", "Auditor")
CODE = re.compile(
    r"""https?://.*|[a-z0-9_]+(?:[-_.:/@][a-z0-9_]+)*|\S*[0-9]\S*|\S*@\S*|.*\[[a-z-]+\]|[{\["].*
    |Translator-.*""",
    re.VERBOSE,
)
# What Django's own templates and icons say in English in whatever language.
BY_DJANGO = frozenset({"Search", "True", "False"})
# Rows between two tables, which Django names after their models.
BETWEEN = re.compile(r"(?:\w+-\w+ relationship|Given right)s?|\w+ object")
# Programs, and the rows that the test makes.
ROWS = ("test", "title de", "moon_phases", "skyfield", "numpy", "jplephem")
LISTED = NAMES.union(ROWS, GROUPS, BY_DJANGO)
DATE_WORDS = frozenset({*CLDR["weekdays"], *CLDR["months"], *CLDR["periods"], "UTC", "at"}).union(
    month[:3] for month in CLDR["months"]
)
DIGITS = re.compile(r"[0-9]")
AGO = re.compile(r"[0-9]+ \w+ ago|in [0-9]+ \w+")  # as CLDR says it
PARTS = re.compile(r"[|·›,\n()…]|: ")


@pytest.fixture
def pseudo() -> Iterator[None]:
    """Speak the pseudo-language, and let no sentence of it be remembered."""
    words_forget()
    with pseudo_language():
        yield
    words_forget()


def words_forget() -> None:
    memos_empty()
    figures_empty()


@pytest.fixture
def world(pseudo: None) -> World:
    """Return the roles, and at least one row of each model that the admin shows."""
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    event = Event.objects.filter(event_type="full_moon").earliest("occurs_at")
    foreign = {
        column(field, code): f"{OPEN}{code}{CLOSE}"
        for field in ("title", "description")
        for code in LOCALES
        if code != "en"
    }
    Event.objects.filter(pk=event.pk).update(**foreign)  # the form shows all ten
    event.refresh_from_db()
    TextState.objects.create(event=event, field="title", language="de", source="human")
    KindSetting.objects.create(code="full_moon")
    DeskJob.objects.create(kind="hide")
    Announcement.objects.create(title_en=f"{OPEN}Hello{CLOSE}")
    ErrorGroup.objects.create(
        fingerprint="f", kind="k", place="p", where="w", first_seen=clock.now(),
        last_seen=clock.now(),
    )  # fmt: skip
    Stream.objects.get_or_create(name="events")
    telegram_rows()
    audit_record(actor="test", action="test", object_type="test", object_id="1")
    return world_build(event)


def english(texts: Iterable[str]) -> list[str]:
    """Return the parts of some texts that stand outside the brackets and are no data."""
    parts = (part.strip() for left in outside_brackets(iter(texts)) for part in PARTS.split(left))
    return [part for part in parts if not is_data(part)]


def is_data(part: str) -> bool:
    """Say whether a part is listed or a code; or a date, of which only the words count."""
    words = [word for word in part.split() if any(letter.isalpha() for letter in word)]
    if len(words) < len(part.split()) or any(mark.isdigit() for mark in part):
        known = LISTED.union(DATE_WORDS)
        words = [word for word in words if word not in known and not DIGITS.search(word)]
        return not words or AGO.fullmatch(part) is not None
    listed = part in LISTED or not words or BETWEEN.fullmatch(part)
    return bool(listed or CODE.fullmatch(part))


def english_of_page(page: str) -> list[str]:
    """Return what a page says outside the brackets, in its text and in each attribute."""
    texts, spoken = visible_texts(page)
    return english(texts) + [left for each in spoken for left in english([each])]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Save %(name)s", f"{OPEN}Šåṽé %(name)s"),
        ("<b>Now</b> 5%%", "<b>Ñöŵ</b> 5%%"),
        ("{name} of {count:d}", "{name} öf {count:d}"),
        ("\n  Hello  ", f"\n  {OPEN}Ĥéļļö"),
    ],
)
def test_placeholders_and_tags_stay(text: str, words: str) -> None:
    pseudo = pseudo_text(text)
    assert words in pseudo
    assert placeholders(pseudo) == placeholders(text)
    assert pseudo.strip()[0] == OPEN
    assert pseudo.strip()[-1] == CLOSE


def test_pseudo_text_is_a_third_longer() -> None:
    text = "Every time on this page is computed"
    assert 1 + GROWTH <= len(pseudo_text(text)) / len(text) < 1.5


def test_what_is_outside_is_found_even_between_tags() -> None:
    page = f"<p>{OPEN}Ñöŵ <a title='Later'>ĥéŕé</a>{CLOSE} And <b>There</b></p>"
    assert english_of_page(page) == ["And", "There", "Later"]


@database
def test_every_page_stands_in_brackets(world: World) -> None:
    assert len(PAGES) > 50
    found = {
        f"{row.route}: {part}" for row in PAGES for part in english_of_page(page_of(world, row))
    }
    assert sorted(found) == []


def page_of(world: World, row: Row) -> str:
    role = "superuser" if row.route.startswith(ADMIN) else "user_a"
    answer = send(world, row, role, "GET")
    assert answer.status_code == 200
    return bytes(answer.getvalue()).decode()


@pytest.mark.parametrize("code", list(ErrorCode), ids=lambda code: code.value)
def test_every_problem_stands_in_brackets(pseudo: None, code: ErrorCode) -> None:
    request = RequestFactory().get("/api/v1/events?lang=en")
    error = ApplicationError(code, DETAILS.get(code, TITLES[code]))
    problem = orjson.loads(application_problem(request, error).content)
    assert english([problem["title"]]) == []
    assert english([problem["detail"]]) == []


REFUSALS = [
    made
    for name, made in vars(refusals).items()
    if isfunction(made) and made.__module__ == refusals.__name__ and name != "bad_frame"
]


@pytest.mark.parametrize("made", REFUSALS, ids=lambda made: made.__name__)
def test_every_live_refusal_stands_in_brackets(pseudo: None, made: object) -> None:
    assert isfunction(made)
    given = [2 if each.annotation == "int" else "x" for each in signature(made).parameters.values()]
    refusal = made(*given)
    assert isinstance(refusal, RefusalError)
    assert english([str(refusal.frame()["detail"])]) == []


def test_every_kind_and_family_stands_in_brackets(pseudo: None) -> None:
    assert english(f"{kind.name}" for kind in KINDS.values()) == []
    assert english(str(name) for name in FAMILIES.values()) == []


@database
@pytest.mark.parametrize("kind", [*WRITERS, Mail.Kind.EMAIL])
def test_every_letter_stands_in_brackets(pseudo: None, kind: Mail.Kind) -> None:
    user: User = person(language="en", display_name="")
    user.delete_after = clock.now() + timedelta(days=7)
    EmailChange.objects.create(user=user, email="new@example.org", expires_at=clock.now())
    new = "new@example.org" if kind == Mail.Kind.EMAIL else ""
    letter = letter_compose(Mail(kind=kind, user=user, address=new))
    ((html, _kind),) = letter.alternatives
    assert english([str(letter.subject)]) == []
    assert english(str(letter.body).splitlines()) == []
    assert english_of_page(str(html)) == []


@database
def test_the_calendar_file_stands_in_brackets(world: World) -> None:
    calendar = calendar_bytes(
        [world.event], language="en", zone=None, address=lambda _event: "https://example.org/"
    ).decode()
    unfolded = calendar.replace("\r\n ", "")
    told = re.findall(r"^(?:SUMMARY|DESCRIPTION|NAME|CATEGORIES)[^:]*:(.*)", unfolded, re.MULTILINE)
    assert len(told) >= 3
    assert [left for text in told for left in english(text.strip().split("\\n"))] == []


@database
@pytest.mark.parametrize("spot", [BERLIN, TROMSO, None])
@pytest.mark.parametrize("name", ["today", "next", "moon", "sun", "planets", "eclipses"])
def test_every_answer_about_the_sky_stands_in_brackets(
    pseudo: None, name: str, spot: Spot | None
) -> None:
    command = command_named(name)
    assert command is not None
    message = told(command, reader(spot=spot))
    buttons = [button.text for row in message.keyboard for button in row]
    assert english([*visible(message.text).splitlines(), *buttons, str(command.summary)]) == []


@database
@pytest.mark.parametrize("weekly", [False, True])
def test_every_digest_stands_in_brackets(pseudo: None, weekly: bool) -> None:
    message = digest_message(reader(spot=None), date(2026, 11, 24), weekly)
    assert english(visible(message.text).splitlines()) == []


def test_the_real_words_come_back() -> None:
    with pseudo_language():
        assert gettext("Full Moon").startswith(OPEN)
    assert gettext("Full Moon") == "Full Moon"
