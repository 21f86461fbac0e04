"""Remember the words of events by what they were made from, to write a sentence once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast

from events.facts import Facts

KEPT: Final = 300  # sentences of one text, kind and language; most kinds have far fewer
PARTS_KEPT: Final = 5000  # of the sentences of one language
WHOLE: Final = ""  # the name under which reading all facts at once is noted
AT: Final = "@"  # the name under which reading the instant is noted

AS_IT_IS: Final = 99  # digits of what is read without rounding

Reading = tuple[str, int]
Sentences = dict[Hashable, str]


class NotedDetails(Mapping[str, Any]):
    """The details of an event, noting which of them are read."""

    def __init__(self, details: Mapping[str, Any], names: set[Reading]) -> None:
        self._details = details
        self._names = names

    def __getitem__(self, name: str) -> Any:
        self._names.add((name, AS_IT_IS))
        return self._details[name]

    def __iter__(self) -> Iterator[str]:
        self._names.add((WHOLE, AS_IT_IS))
        return iter(self._details)

    def __len__(self) -> int:
        self._names.add((WHOLE, AS_IT_IS))
        return len(self._details)


class NotedFacts:
    """The facts of an event, noting which of them are read beside kind and bodies."""

    def __init__(self, facts: Facts, names: set[Reading], parts: Sentences) -> None:
        self._facts = facts
        self._names = names
        self._parts = parts
        self.kind, self.bodies = facts.kind, facts.bodies
        self.details = NotedDetails(facts.details, names)

    @property
    def body(self) -> str:
        return self._facts.body

    @property
    def other(self) -> str:
        return self._facts.other

    @property
    def at(self) -> datetime:
        self._names.add((AT, AS_IT_IS))
        return self._facts.at

    def rounded(self, name: str, digits: int) -> float:
        self._names.add((name, digits))
        return self._facts.rounded(name, digits)

    def once(self, write: Callable[..., str], *given: Hashable) -> str:
        known = self._parts.get((write, given))
        if known is None:
            known = self._parts[write, given] = write(*given)
        return known


class SentenceMemo:
    """What one text says of one kind in one language, by the facts that it reads.

    A text is a function of its facts. While it runs, the facts note what it reads; two events
    that agree in everything that was ever read get the same sentence. A text that reads something
    for the first time (in a branch not taken before) makes the memo start anew. ``parts`` may be
    shared by the memos of a language.
    """

    def __init__(self, limit: int = KEPT, parts: Sentences | None = None) -> None:
        self.limit = limit
        self._names: tuple[Reading, ...] = ()
        self._sentences: Sentences = {}
        self._parts: Sentences = {} if parts is None else parts

    def __len__(self) -> int:
        return len(self._sentences)

    def say(self, text: Callable[[Facts], str], facts: Facts) -> str:
        names, sentences = self._names, self._sentences  # taken together: threads may start anew
        key = _key(facts, names)
        known = sentences.get(key)
        return known if known is not None else self._write(text, facts, names, key)

    def _write(
        self,
        text: Callable[[Facts], str],
        facts: Facts,
        names: tuple[Reading, ...],
        key: Hashable,
    ) -> str:
        read = set(names)
        if len(self._parts) >= PARTS_KEPT:
            self._parts.clear()
        sentence = text(cast("Facts", NotedFacts(facts, read, self._parts)))
        if len(read) > len(names):
            names = tuple(sorted(read))
            self._names, self._sentences = names, {_key(facts, names): sentence}
        elif len(self._sentences) >= self.limit:
            self._names, self._sentences = names, {key: sentence}
        else:
            self._sentences[key] = sentence
        return sentence


def _key(facts: Facts, names: tuple[Reading, ...]) -> Hashable:
    return facts.bodies, *(_value(facts, name, digits) for name, digits in names)


def _value(facts: Facts, name: str, digits: int) -> Hashable:
    if digits != AS_IT_IS:
        number: float | None = facts.details.get(name)
        return None if number is None else round(number, digits)
    value = facts.at if name == AT else facts.details if name == WHOLE else facts.details.get(name)
    if type(value) is list:
        return tuple(value)  # of numbers or names
    return value if isinstance(value, Hashable) else repr(value)
