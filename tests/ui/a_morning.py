"""A group of pupils at 08:50 for tests of Today: four invented pupils, contacts at home, times of the day; and Today itself, shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import (
    AbsenceContact,
    Contact,
    Enrolment,
    Group,
    GroupMember,
    HalfTerm,
    LessonScore,
    LessonTime,
    Mark,
    Name,
    Pupil,
    Setting,
    Timetable,
    TimetableStep,
)
from approgress.school.school import School
from approgress.ui.pages.today import TodayPage
from approgress.ui.workspace import Workspace

DAY = date(2026, 11, 24)
NAMES = ("Amara Bell", "Callum Dyer", "Faith Oduya", "Leon Marsh")
AM_STARTS, LESSON_2 = 530, 570  # 08:50, 09:30


def morning_school(folder: Path, names: tuple[str, ...] = NAMES, in_ash: int = 3) -> School:
    """The school; the first `in_ash` pupils are in Ash, the others in Birch."""
    made, _ = School.create(folder / "s.approgress", "Trial Bridge School", passphrase=None, demonstration_today=DAY, person="T. Mbeki")

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(HalfTerm(ids.other(), 1, "Autumn 2", date(2026, 11, 3), date(2026, 12, 18)))
        ash, birch = ids.other(), ids.other()
        yield Put(Group(ash, 1, "Ash"))
        yield Put(Group(birch, 1, "Birch"))
        for i, name in enumerate(names):
            p = ids.pupil()
            forename, surname = name.split()
            yield Put(Pupil(p, f"BCD{i:03d}", date(2012, 1, 1)))
            yield Put(Name(p, ids.other(), "legal", forename, surname))
            yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 11, 3)))
            yield Put(GroupMember(p, ids.other(), ash if i < in_ash else birch))

    made.do(Title.DEMONSTRATION, act)
    return made


def with_times(school: School) -> None:
    """When registers start (open for 30 minutes), and when the second lesson begins."""
    held = school.setting

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(replace(held, am_starts=AM_STARTS, pm_starts=780), held)
        for lesson, starts in enumerate((AM_STARTS, LESSON_2, 630, 780, 830)):
            yield Put(LessonTime(ids.other(), 1, lesson, starts, starts + 40))

    school.do(Title.CHANGE_SETTING, act)
    assert isinstance(school.setting, Setting)


def with_contacts(school: School, forename: str) -> None:
    """A mother and a grandmother with numbers, and a father who must not be contacted."""

    def act(ids: NewIds) -> Iterator[Put]:
        p = pupil(school, forename)
        yield Put(Contact(p, ids.other(), "Denise Bell", "mother", "01632 960001", lives_with=True, rank=1))
        yield Put(Contact(p, ids.other(), "Ida Bell", "grandmother", "01632 960002", rank=2))
        yield Put(Contact(p, ids.other(), "Ray Bell", "father", "01632 960003", must_not_contact=True, court_order="No contact"))

    school.do(Title.CHANGE_CONTACT, act)


def shown_page(qtbot: QtBot, school: School, *, minutes: int | None = None, wide: int = 1200) -> TodayPage:
    """Today in a window, with the keyboard in the register; `minutes` after midnight is what its clock says."""
    workspace = Workspace(school)
    made = TodayPage(workspace)
    workspace.changed.connect(made.refresh)
    if minutes is not None:
        made._now = lambda: minutes  # type: ignore[method-assign]
    qtbot.addWidget(made)
    made.setMinimumSize(1, 1)  # as the window does
    made.resize(wide, 700)
    made.show()
    made.activateWindow()
    made._view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(made._view.hasFocus)  # keys of the page are looked up by what has the focus
    return made


def pupil(school: School, forename: str) -> int:
    """The id of a pupil."""
    return next(n.pupil_id for n in school.read(lambda r: r.every(Name)) if n.forename == forename)


def part_time(school: School, forename: str, page: TodayPage, am: int = 0, pm: int = 31) -> None:
    """A part-time timetable that asks for afternoons only."""

    def act(ids: NewIds) -> Iterator[Put]:
        p, t = pupil(school, forename), ids.other()
        yield Put(Timetable(p, t, 1, "Coming back after a long absence", date(2026, 11, 3), agreed_by="Denise"))
        yield Put(TimetableStep(p, ids.other(), t, date(2026, 11, 3), am, pm))

    page._workspace.do(Title.TIMETABLE, act)


def marks(school: School) -> dict[str, tuple[str, str]]:
    """Both marks of the day by forename."""
    found = {m.pupil_id: m for m in school.read(lambda r: r.every(Mark)) if m.day == DAY}
    names = {n.pupil_id: n.forename for n in school.read(lambda r: r.every(Name))}
    return {str(names[p]): (school.codes.text(m.am), school.codes.text(m.pm)) for p, m in found.items()}


def scores(school: School) -> dict[str, list[int | None]]:
    """The scores of the five lessons by forename."""
    names = {n.pupil_id: str(n.forename) for n in school.read(lambda r: r.every(Name))}
    found: dict[str, list[int | None]] = {}
    for s in school.read(lambda r: r.every(LessonScore)):
        found.setdefault(names[s.pupil_id], [None] * 5)[s.slot % 8] = s.score
    return found


def contacts(school: School) -> list[AbsenceContact]:
    """What was done about absences."""
    return school.read(lambda r: r.every(AbsenceContact))
