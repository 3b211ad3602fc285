"""The tab of history: every change of this pupil's record, who made it and when, before and after, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.records import KINDS
from approgress.domain.school_year import school_year_words, year_words
from approgress.domain.values import number
from approgress.ui.forms.pupil_details import SYSTEMS
from approgress.ui.pages.pupil.lists import ListCard, shortened
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.page import PupilPage

PIECE: Final = 40
_CHANGES: Final = 5

_FIELDS: Final = {
    "am": "morning",
    "pm": "afternoon",
    "am_late": "minutes late, morning",
    "pm_late": "minutes late, afternoon",
    "own": "own rating",
    "value": "score",
    "parts": "other scores",
    "answers": "answers",
    "sort": "kind",
    "upn": "UPN",
    "born": "date of birth",
    "sure": "how sure",
    "first_day": "from",
    "last_day": "to",
    "words": "words",
    "done_on": "done on",
    "why": "why",
    "what": "what",
    "of": "of",
}
_LEFT_OUT: Final = frozenset(
    {"typed", "scorer", "code", "made_on", "source", "person_id", "enrolment_id", "starting_point_id", "reading_id", "stated_id", "goal_id", "group_id", "partner_id", "commissioner_id", "setting_id", "timetable_id", "year_said", "rank", "audience", "privacy", "doubt", "said_on", "joint", "moment_id", "note_id", "signed_by", "reviewed_by", "struck_by"}
)
"""Fields that say nothing to a reader: links and marks that the program keeps for itself."""
_PRIVATE: Final = frozenset({"name", "identifier", "contact"})


def shown_value(value: Any, field: str = "") -> str:
    """A stored value in words: days as dates, yes and no, an en dash for nothing."""
    if value is None or value == "":
        return "\u2013"
    if field == "lesson" and isinstance(value, int):
        return number(value + 1)  # kept from 0, read from 1
    if field == "ethnicity":
        return f"code {value}" if str(value).isupper() else str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return days.words(value)
    if isinstance(value, float | int):
        return number(value)
    if isinstance(value, bytes):
        return "changed"
    return shortened(str(value), 120)


def change_words(change: dict[str, Any], veil: Callable[[str], str] | None = None) -> str:
    """One change in words: 'reading of 8 Jun 2026 added: score 28', 'mark of 9 Sep 2026: morning N, now I', '... taken out'."""
    kind = KINDS[change["kind"]]
    about = _about(change)
    if veil is not None and kind.name in _PRIVATE:
        what = "added" if change["before"] is None else "taken out" if change["after"] is None else "changed"
        return f"{kind.plain}{about} {what}"
    before, after = change["before"], change["after"]
    if before is None:
        told = _whole(kind.name, after or {})
        text = f"{kind.plain}{about} added" + (f": {told}" if told else "")
    elif after is None:
        told = _whole(kind.name, before)
        text = f"{kind.plain}{about} taken out" + (f"; it was: {told}" if told else "")
    else:
        told = "; ".join(
            f"{_FIELDS.get(f, f.replace('_', ' '))} {shown_value(before.get(f), f)}, now {shown_value(v, f)}" for f, v in after.items() if f not in _LEFT_OUT
        )
        text = f"{kind.plain}{about}: {told}" if told else f"{kind.plain}{about} changed"
    if change.get("why"):
        text += f". Why: {change['why']}"
    return veil(text) if veil is not None else text


def _about(change: dict[str, Any]) -> str:
    """' of 8 Jun 2026': the day that a record is of, from its key or its fields."""
    fields = change["after"] or change["before"] or {}
    day = change["key"].get("day") or fields.get("day")
    if day is None and "slot" in change["key"]:
        slot = change["key"]["slot"]
        day = days.to_date(slot // 8)
        return f" of {days.words(day)}, lesson {slot % 8 + 1}"
    return f" of {days.words(day)}" if isinstance(day, date) else ""


def _whole(kind: str, fields: dict[str, Any]) -> str:
    """All that a record says, in words; the kinds that people know by their own words first."""
    if kind == "name":
        return f"{fields.get('use')} name {' '.join(p for p in (fields.get('forename'), fields.get('middle'), fields.get('surname')) if p)}"
    if kind == "identifier":
        return f"{SYSTEMS.get(fields['system'], fields['system'])} {fields['value']}"
    if kind == "year_group":
        return f"{year_words(fields['year'])} in {school_year_words(fields['school_year'])}"
    if kind == "flag":
        return ", ".join(
            p for p in (fields["sort"].replace("_", " "), fields["value"] if fields["value"] != "Y" else "", _since(fields.get("first_day"))) if p
        )
    return ", ".join(_field(f, v) for f, v in fields.items() if f not in _LEFT_OUT and f != "day" and _says(v))


def _since(day: Any) -> str:
    return f"since {days.words(day)}" if isinstance(day, date) else ""


def _says(value: Any) -> bool:
    return value not in (None, "", False) and not isinstance(value, bytes)


def _field(name: str, value: Any) -> str:
    return f"{_FIELDS.get(name, name.replace('_', ' '))} {shown_value(value, name)}"


def step_words(step: dict[str, Any], veil: Callable[[str], str] | None = None) -> str:
    """The changes of a step, at most some of them, with how many there are."""
    told = [change_words(c, veil) for c in step["changes"][:_CHANGES]]
    more = len(step["changes"]) - len(told)
    text = ". ".join(t[:1].upper() + t[1:] for t in told)
    return f"{text}. And {more:,} more." if more > 0 else f"{text}."


class HistoryTab(QWidget):
    """Shows the journal's steps that speak of this pupil, newest first."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        self._many = PIECE
        self._pupil = -1
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.steps = ListCard(
            "History",
            (
                Column("When", sorts=False),
                Column("Who", sorts=False, drop=2),
                Column("What", least=9, sorts=False, drop=1),
                Column("Before and after", stretch=1, least=12, sorts=False),
                Column("Step", "right", sorts=False, drop=3),
            ),
            sentence="Nothing is ever lost: each change with who made it, newest first. Undo and mending are changes too.",
            empty="Nothing has been written about this pupil yet.",
            opens=False,
        )
        column.addWidget(self.steps)
        self.more = Button("Show more")
        self.more.clicked.connect(self._show_more)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._seen: Seen | None = None

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        from approgress.school.history import history_document

        self._seen = seen
        if seen.pupil_id != self._pupil:
            self._pupil, self._many = seen.pupil_id, PIECE
        steps = history_document(self._page.workspace.school, pupil=seen.pupil_id, last=self._many + 1)["steps"]
        veil = None
        if seen.hidden:
            from approgress.reports.veil import Veil

            own = [part for n in seen.held.names for part in (n.forename, n.middle, n.surname) if part]
            veil = Veil(seen.held.pupil.code, own, (c.name for c in seen.held.contacts))
        self.steps.show_rows([_row(s, veil) for s in steps[: self._many]])
        reveal(self.more, len(steps) > self._many)

    def _show_more(self) -> None:
        self._many += PIECE
        if self._seen is not None:
            self.show_seen(self._seen)


def _row(step: dict[str, Any], veil: Callable[[str], str] | None) -> Row:
    when = datetime.fromisoformat(step["when"])
    text = f"{days.words(when.date())} {when:%H:%M}"
    return Row(
        step["step"],
        f"{text}, {step['title']}",
        (
            TextCell(text),
            TextCell(step["who"]),
            TextCell(step["title"], kind="strong", wrap=True),
            TextCell(step_words(step, veil), wrap=True, kind="second"),
            TextCell(f"{step['step']:,}", role="quiet", across="right"),
        ),
    )
