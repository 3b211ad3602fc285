"""What the demonstration school is made of, read from resources/demo: calendar, staff, home schools, names, sentences and stories."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from approgress.domain.records import Closure, HalfTerm
from approgress.domain.school_year import Calendar, school_year_of
from approgress.paths import resource

Story = dict[str, Any]
"""A pupil's entry in pupils.toml or leavers.toml, as it stands there."""


@dataclass(frozen=True, slots=True)
class Term:
    """A half-term by its key ('2026 Autumn 1')."""

    key: str
    first_day: date
    last_day: date

    @property
    def name(self) -> str:
        """'Autumn 1'."""
        return self.key.split(" ", 1)[1]


@dataclass(frozen=True, slots=True)
class Book:
    """All of resources/demo, for so many school years. `terms` and `closures` are those years', `snow` days on which the site was shut."""

    name: str
    sort: str
    la: str
    estab: str
    today: date
    staff: list[Story]
    partners: list[Story]
    measures: list[Story]
    groups: list[str]
    more_groups: list[str]
    terms: tuple[Term, ...]
    closures: tuple[tuple[date, date, str, str], ...]
    snow: frozenset[date]
    names: dict[str, list[str]]
    words: dict[str, Any]
    stories: list[Story]
    leavers: list[Story]
    instruments: tuple[tuple[str, str, str], ...]  # id, edition, text
    times: dict[str, int]  # when the registers start, in minutes after midnight
    lessons: tuple[tuple[int, int], ...]  # each lesson's begin and end

    @property
    def calendar(self) -> Calendar:
        """The calendar of these years."""
        return Calendar.of(
            (HalfTerm(i, 1, t.name, t.first_day, t.last_day) for i, t in enumerate(self.terms, start=1)),
            (Closure(i, 1, first, last, sort, label) for i, (first, last, sort, label) in enumerate(self.closures, start=1)),
        )

    def term_of(self, day: date) -> Term | None:
        """The half-term that a day falls into."""
        return next((t for t in self.terms if t.first_day <= day <= t.last_day), None)

    @property
    def first_day(self) -> date:
        """The first school day that is in the calendar."""
        return self.terms[0].first_day

    @property
    def head(self) -> str:
        """The head's name."""
        return next(s["name"] for s in self.staff if s["role"] == "head")

    def teacher_of(self, group: str) -> str:
        """Who teaches a group; the learning mentor where nobody is named."""
        return next((s["name"] for s in self.staff if s.get("group") == group), "N. Ahmed")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(resource("demo", name).read_text("utf-8"))


def _minutes(at: str) -> int:
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)


def read_book(years: int) -> Book:
    """The book for the school year of the demonstration's today and as many before it as make up `years`."""
    school = _toml("school.toml")
    oldest = school_year_of(school["today"]) - years + 1
    files = tuple(resource("demo", f"{name}.toml").read_text("utf-8") for name in ("barriers", "reading_test"))
    instruments = tuple((i["id"], i["edition"], text) for text in files for i in (tomllib.loads(text),))
    return Book(
        name=school["name"],
        sort=school["sort"],
        la=school["la"],
        estab=school["estab"],
        today=school["today"],
        staff=school["staff"],
        partners=school["partners"],
        measures=school["measures"],
        groups=school["groups"],
        more_groups=school["more_groups"],
        terms=tuple(Term(t["key"], *t["days"]) for t in school["half_terms"] if school_year_of(t["days"][0]) >= oldest),
        closures=tuple((*c["days"], c["sort"], c["label"]) for c in school["closures"] if school_year_of(c["days"][0]) >= oldest),
        snow=frozenset(school["snow"]["days"]),
        names=_toml("names.toml"),
        words=_toml("words.toml"),
        stories=_toml("pupils.toml")["pupils"],
        leavers=_toml("leavers.toml")["pupils"],
        instruments=instruments,
        times={name: _minutes(school[name]) for name in ("am_starts", "pm_starts")},
        lessons=tuple((_minutes(a), _minutes(b)) for a, b in school["lessons"]),
    )
