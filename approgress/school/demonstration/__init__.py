"""The demonstration school: invented pupils over several school years, the same records on every machine, marked as what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.instruments import Library
from approgress.domain.records import Closure, Group, GroupTeacher, HalfTerm, InstrumentFile, LessonTime, Partner, Person, StrandMeasure
from approgress.school.demonstration.book import Book, read_book
from approgress.school.demonstration.morning import Typed
from approgress.school.demonstration.roll import LARGE_ON_ROLL, LARGE_YEARS, LEAVERS, ON_ROLL, Plan, make_roll
from approgress.school.demonstration.writing import Frame, Later, pupil_edits
from approgress.school.school import School
from approgress.store import desk
from approgress.store.catalogue import bundled_instruments, code_set
from approgress.store.journal import Journal
from approgress.store.keys import key_path

TODAY = date(2026, 11, 24)
"""The demonstration school's own day, a Tuesday."""
YEARS = 3

Progress = Callable[[int, int], None]


def make_demonstration(
    path: str | Path,
    *,
    pupils: int | None = None,
    leavers: int | None = None,
    years: int | None = None,
    large: bool = False,
    progress: Progress | None = None,
) -> School:
    """The demonstration school at `path`, opened: 64 pupils on roll and 120 who left, over three school years; `large`: 600, over five.

    Leavers are in proportion to the pupils on roll unless given; with fewer than two years the stories lose what lies before. The records
    are the same for the same arguments, whatever the clock and the machine; the school's id and keys are not. `progress(done, total)` is
    called throughout, in pupils, and may raise Stopped: then nothing is left at `path`. Trouble where a file is there already.
    """
    pupils = pupils if pupils is not None else LARGE_ON_ROLL if large else ON_ROLL
    leavers = leavers if leavers is not None else round(LEAVERS * pupils / ON_ROLL)
    years = min(years if years is not None else LARGE_YEARS if large else YEARS, LARGE_YEARS)
    book = read_book(years)
    opener = book.staff[0]
    made, _ = School.create(
        path,
        book.name,
        passphrase=None,
        person=opener["name"],
        role=opener["role"],
        sort=book.sort,
        la=book.la,
        estab=book.estab,
        demonstration_today=TODAY,
        clock=_at(date(2024, 9, 2), "08:05"),
    )
    where = made.path
    try:
        plans = make_roll(book, pupils, leavers)
        later = Later()
        frame = _set_up(made, book, {p.group for p in plans})
        journal = Journal(made.database, frame.people["J. Okafor"], now=_at(_MADE_ON, "13:10"))
        journal.do(Title.DEMONSTRATION, lambda ids: _pupils(plans, frame, ids, later, progress), grow=False)
        Typed(made.database, frame, later).type_all()
        made.close()
    except BaseException:
        made.database.close()
        if where is not None:
            _remove(where, made.school_id)
        raise
    if progress is not None:
        progress(len(plans), len(plans))
    return School.open(where if where is not None else path)


_MADE_ON = date(2026, 11, 23)


def _at(day: date, clock: str) -> Callable[[], float]:
    seconds = datetime.combine(day, time.fromisoformat(clock)).timestamp()
    return lambda: seconds


def _remove(path: Path, school_id: str) -> None:
    for p in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"), key_path(path)):
        p.unlink(missing_ok=True)
    desk.forget(school_id, path)


def _set_up(made: School, book: Book, used: set[str]) -> Frame:
    """Calendar, people, home schools, groups, instruments and measures, as one step of the head's."""
    people: dict[str, int] = {book.staff[0]["name"]: 1}
    partners: dict[str, int] = {}
    groups: dict[str, int] = {}
    journal = Journal(made.database, 1, now=_at(_MADE_ON, "13:05"))

    def act(ids: NewIds) -> Iterator[Edit]:
        for s in book.staff:
            if s["name"] in people:
                yield Put(Person(1, s["name"], s["role"], s["job"]), Person(1, s["name"], s["role"]))
                continue
            people[s["name"]] = ids.other()
            yield Put(Person(people[s["name"]], s["name"], s["role"], s["job"]))
        journal.person = people[book.head]  # so that undo by the person who opens never reaches the making of the school
        for p in book.partners:
            partners[p["name"]] = ids.other()
            fields = (p.get("sort", "school"), p.get("la"), p.get("estab"), p.get("contact"), p.get("job"), p.get("phone"), p.get("email"))
            yield Put(Partner(partners[p["name"]], p["name"], *fields))
        yield Put(replace(made.setting, **book.times), made.setting)
        for lesson, (starts, ends) in enumerate(book.lessons):
            yield Put(LessonTime(ids.other(), 1, lesson, starts, ends))
        for t in book.terms:
            yield Put(HalfTerm(ids.other(), 1, t.name, t.first_day, t.last_day))
        for first, last, sort, label in book.closures:
            yield Put(Closure(ids.other(), 1, first, last, sort, label))
        for name in [*book.groups, *(g for g in book.more_groups if g in used)]:
            groups[name] = ids.other()
            yield Put(Group(groups[name], 1, name))
            teacher = next((s["name"] for s in book.staff if s.get("group") == name), None)
            if teacher is not None:
                yield Put(GroupTeacher(ids.other(), groups[name], people[teacher]))
        for m in book.measures:
            yield Put(StrandMeasure(ids.other(), 1, m["strand"], m["instrument"], m["respondent"], m["scale"]))
        for instrument, edition, text in book.instruments:
            yield Put(InstrumentFile(ids.other(), instrument, edition, text))

    journal.do(Title.DEMONSTRATION, act, grow=False)
    texts = ((f"{i} {edition}", text) for i, edition, text in book.instruments)
    library = Library.of(texts, bundled_instruments())
    instruments = {i.id: i for i in library.instruments}  # the school's own reading test stands after the one that came with the program
    return Frame(book, book.calendar, code_set(), instruments, people, partners, groups)


def _pupils(plans: list[Plan], frame: Frame, ids: NewIds, later: Later, progress: Progress | None) -> Iterator[Edit]:
    for done, plan in enumerate(plans):
        if progress is not None:
            progress(done, len(plans))
        yield from pupil_edits(plan, frame, ids, later)
