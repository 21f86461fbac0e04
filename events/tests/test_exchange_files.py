"""Files of texts: whatever is written comes back, and whatever comes is read or refused."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable

import polib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from events.exchange.cells import Cell, Reading, plain, seen_token, token_fits
from events.exchange.csv_files import COLUMNS, csv_pieces
from events.exchange.files import MOST_BYTES, file_read, file_text
from events.exchange.po_files import po_pieces
from events.formulas import guarded, unguarded
from events.tests.hostile_texts import KEPT, REFUSED
from starscal.core.catalogues.languages import LANGUAGES
from starscal.core.exceptions import ApplicationError
from starscal.core.plain_text import is_hidden

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
HEADER = "key,field,language,text,seen\r\n"
PO_HEADER = 'msgid ""\nmsgstr "Language: de\\n"\n\n'
# What may stand in a text: everything that text_settled lets through.
LETTERS = st.characters(exclude_categories=["Cs"]).filter(
    lambda sign: sign in "\n\t" or not is_hidden(sign)
)
TEXTS = st.one_of(
    st.text(LETTERS, max_size=80),
    st.text(st.sampled_from("'=+-@＝ \t\n,;\"\\a\u200dक्ष#"), max_size=12),
    st.sampled_from(sorted(KEPT.values())),
)


def cell(text: str, *, language: str = "de", **more: str) -> Cell:
    english, machine = more.pop("english", "Moon"), more.pop("machine", "Mond")
    seen = seen_token(text=text, english=english, machine=machine, language=language)
    known = {
        "key": "moon-1", "date": "2026-06-29T23:57:00+00:00", "kind": "full_moon",
        "field": "title", "status": "ok", "source": "generated", **more,
    }  # fmt: skip
    return Cell(language=language, english=english, text=text, machine=machine, seen=seen, **known)


def written_csv(cells: list[Cell], separator: str = ",", encoding: str = "utf-8") -> bytes:
    return "".join(csv_pieces([cells], separator=separator)).encode(encoding)


def written_po(cells: list[Cell], language: str = "de") -> bytes:
    return "".join(po_pieces([cells], language=language)).encode()


def texts(reading: Reading) -> list[str]:
    assert not reading.refused
    return [written.text for written in reading.written]


def read_or_refused(data: bytes) -> tuple[Reading, str]:
    """Return what a file says or what is said of it; anything else that is raised is a defect."""
    try:
        return file_read(data), ""
    except ApplicationError as refused:
        return Reading(), str(refused.message)


def refusal(data: bytes) -> str:
    with pytest.raises(ApplicationError) as refused:
        file_read(data)
    assert refused.value.status == 400
    return str(refused.value.message)


@given(text=TEXTS)
@example(text="'=1")
@example(text="'tis")
def test_a_guard_is_taken_away_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(FORMULAS)


@settings(max_examples=150)
@given(words=st.lists(TEXTS, min_size=1, max_size=5), separator=st.sampled_from(",;\t"))
def test_every_text_comes_back_from_a_table(words: list[str], separator: str) -> None:
    cells = [cell(text, english=text, machine=text) for text in words]
    reading = file_read(written_csv(cells, separator))
    assert texts(reading) == [plain(text) for text in words if plain(text)]
    assert reading.empty == sum(not plain(text) for text in words)
    assert {written.seen for written in reading.written} <= {one.seen for one in cells}


@settings(max_examples=150)
@given(words=st.lists(TEXTS, min_size=1, max_size=5))
def test_every_text_comes_back_from_a_po_file(words: list[str]) -> None:
    cells = [cell(text, english=text or "Moon", machine=text) for text in words]
    reading = file_read(written_po(cells))
    assert texts(reading) == [plain(text) for text in words if plain(text)]
    assert {written.seen for written in reading.written} <= {one.seen for one in cells}


@pytest.mark.parametrize("name", KEPT)
def test_every_cell_of_a_table_is_text(name: str) -> None:
    text = KEPT[name]
    whole = cell(text, english=text, machine=text, key=text)
    rows = list(csv.reader(io.StringIO(written_csv([whole]).decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 2
    assert not [one for one in rows[1] if one.startswith(FORMULAS)]


def test_a_spreadsheet_learns_the_encoding() -> None:
    assert written_csv([cell("Mond")]).startswith(b"\xef\xbb\xbfkey,")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_po_file_has_a_header_for_its_tools(language: object) -> None:
    assert hasattr(language, "code")
    found = polib.pofile(written_po([cell("Mond", language=language.code)], language.code).decode())
    assert found.metadata["Language"] == language.locale  # type: ignore[attr-defined] # a Language
    assert found.metadata["Plural-Forms"] == language.plural_forms  # type: ignore[attr-defined] # as above
    assert found.metadata["Content-Type"] == "text/plain; charset=UTF-8"


def test_a_po_entry_says_where_it_belongs_and_what_waits_is_fuzzy() -> None:
    cells = [cell("Mond", machine="Der\nMond"), cell("Alt", status="stale", field="description")]
    first, second = polib.pofile(written_po(cells).decode())
    assert (first.msgctxt, first.msgid, first.msgstr) == ("moon-1:title", "Moon", "Mond")
    assert not first.fuzzy
    for words in ("date: 2026-06-29T23:57:00+00:00", "kind: full_moon", "machine: Der\nMond"):
        assert words in first.comment
    assert f"seen: {cells[0].seen}" in first.comment
    assert second.fuzzy
    reading = file_read(written_po(cells))
    assert (texts(reading), reading.fuzzy) == (["Mond"], 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_what_spreadsheets_save_is_read(encoding: str, separator: str) -> None:
    rows = [["language", "Field", " key", "text", "seen", "note"],
            ["hi", "title", "moon-1", "पूर्णिमा, क्‍ष\n\"x\"", "s1", "mine"],
            ["", "", "", "", "", ""],
            ["hy", "title", "moon-2", "Լիալուսին", "s2"]]  # fmt: skip
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    reading = file_read(out.getvalue().encode(encoding))
    assert [(one.line, one.key, one.language, one.seen) for one in reading.written] == [
        (2, "moon-1", "hi", "s1"), (4, "moon-2", "hy", "s2"),
    ]  # fmt: skip
    assert texts(reading) == ['पूर्णिमा, क्‍ष\n"x"', "Լիալուսին"]


def test_packed_files_are_read() -> None:
    assert texts(file_read(gzip.compress(written_csv([cell("Mond")])))) == ["Mond"]


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/sheet.xml", b"0" * 50_000_000)
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": bytes,
    "spreadsheet": _zip,
    "packed zeros": lambda: gzip.compress(b"0" * 50_000_000),
    "cut packing": lambda: gzip.compress(b"abc" * 9_000)[:40],
    "broken packing": lambda: b"\x1f\x8b" + b"\xff" * 100,
    "binary": lambda: bytes(range(256)) * 40,
    "latin letters": lambda: HEADER.encode() + "süß".encode("latin-1"),
    "zero bytes": lambda: HEADER.encode() + b"a\x00b,title,de,x,y",
    "zeros": lambda: b"\x00" * 1_000,
    "half of UTF-16": lambda: b"\xff\xfea",
    "lone surrogates": lambda: b"\xff\xfe\x00\xd8\x00\xd8",
    "commas": lambda: b"," * 1_000_000,
    "wrong columns": lambda: b"key,field,text\r\na,b,c",
    "column twice": lambda: b"key,key,field,language,text,seen\r\n",
    "open quote": lambda: HEADER.encode() + b'a,title,de,"x' + b"y" * 2_000,
    "stray quote": lambda: HEADER.encode() + b'a,title,de,"x"y,s',
    "endless cell": lambda: HEADER.encode() + b"a,title,de," + b"x" * 200_000,
    "too large": lambda: b"x" * (MOST_BYTES + 1),
    "too many": lambda: HEADER.encode() + b"a,title,de,x,s\r\n" * 20_001,
    "po without language": lambda: b'msgid "a"\nmsgstr "b"\n',
    "po of Klingon": lambda: b'msgid ""\nmsgstr "Language: tlh\\n"\n',
    "po cut in a string": lambda: PO_HEADER.encode() + b'msgid "a"\nmsgstr "bcd',
    "po out of order": lambda: PO_HEADER.encode() + b'msgid "b"\nmsgstr "c"\nmsgstr "d"',
    "po with plurals": lambda: PO_HEADER.encode() + b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"',
    "po of many lines": lambda: PO_HEADER.encode() + b'msgid "a"\nmsgstr ""\n' + b'"a"\n' * 500_000,
    "po of a path": lambda: b"/etc/passwd",
    "po of code names": lambda: b'msgid ""\n' + b"Content-Type:" * 80_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(20)
def test_what_is_no_such_file_is_refused_in_words(name: str) -> None:
    assert len(refusal(HOSTILE[name]())) > 20


def test_a_line_that_cannot_be_read_is_named() -> None:
    assert "Line 3 " in refusal(HEADER.encode() + b"a,title,de,x,s\r\n" + b'a,title,de,"x"y,s\r\n')
    assert "Line 7 " in refusal(PO_HEADER.encode() + b'msgctxt "a:title"\nmsgid "a"\n\nmsgstr "b')


def test_rows_that_are_too_long_are_told() -> None:
    rows = f"m,title,de,x,s,more\r\nm,description,de,{'x' * 10_001},s\r\nm,title,de,y,s\r\n"
    reading = file_read((HEADER + rows).encode())
    assert [(row.line, row.place) for row in reading.refused] == [
        (2, "m:title"), (3, "m:description"),
    ]  # fmt: skip
    assert [one.text for one in reading.written] == ["y"]


@settings(max_examples=200)
@given(data=st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: (HEADER + text).encode(errors="replace")),
    st.text(st.sampled_from('msgidctr "\\n#,.~|[0]ab:'), max_size=200).map(
        lambda text: (PO_HEADER + text).encode()
    ),
))  # fmt: skip
def test_any_file_is_read_or_refused(data: bytes) -> None:
    reading, said = read_or_refused(data)
    assert said or all(one.text for one in reading.written)


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in {"surrogate", "pair"}])
def test_signs_that_nobody_sees_do_not_break_reading(name: str) -> None:
    text = REFUSED[name]
    for data in (written_csv([cell(text)]), written_po([cell(text)])):
        read_or_refused(data)


def test_a_token_stands_for_text_english_and_machine() -> None:
    told = {"text": "Mond", "english": "Moon", "machine": "Vollmond", "language": "de"}
    token = seen_token(**told)
    assert token_fits(token, seen_token(**told), own=False)
    assert not token_fits("", token, own=True)
    for name in ("text", "english", "machine"):
        other = seen_token(**{**told, name: "else"})
        assert not token_fits(token, other, own=False)
        assert token_fits(token, other, own=True) == (name == "text")
    spaced = seen_token(**{**told, "text": "  Mond\r\n"})
    assert spaced == token
    assert not token.replace("e", "").isdecimal()


def test_text_is_unpacked_no_further_than_may_be() -> None:
    with pytest.raises(ApplicationError):
        file_text(gzip.compress(b"a" * (MOST_BYTES + 1)))
    assert len(file_text(gzip.compress(b"a" * MOST_BYTES))) == MOST_BYTES
