"""The panel beside the grid: who is not here, and what is known of why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain.cohort import RegisterRow
from approgress.domain.first_day import Absence, called, clock
from approgress.domain.sheets import RegisterSheet
from approgress.ui.parts.cards import Card, Heading, Line
from approgress.ui.parts.labels import Text
from approgress.ui.theme import space

if TYPE_CHECKING:
    from approgress.domain.attendance import Code


class NotHere(Card):
    """ "Not here, explained": the pupils with a code that says why, or with a contact that does, and what is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._content: QWidget | None = None

    def show_lines(self, title: str, sentence: str, lines: Sequence[tuple[str, str]], more: Sequence[str] = ()) -> None:
        """Lines (name, why), and sentences below them. The content is a widget of its own, so that nothing of the old one is touched."""
        before, content = self._content, QWidget()
        column = QVBoxLayout(content)
        space(column, gap=0.25)
        column.addWidget(Heading(title, sentence=sentence))
        for name, why in lines:
            column.addWidget(Line(name, "", why, value_kind="second", value_tone="quiet"))
        for text in more:
            column.addWidget(Text(text, "second", "quiet", wrap=True))
        self.add(content)
        self._content = content
        if before is not None:
            self.body.removeWidget(before)
            before.hide()
            before.deleteLater()


def explained_lines(
    sheet: RegisterSheet, session: str, absences: Mapping[int, Absence], *, hidden: bool
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(explained, not explained): names with what is known of each who is not here. N and O are explained by a contact only."""
    explained: list[tuple[str, str]] = []
    open_: list[tuple[str, str]] = []
    for row, code in sheet.not_in(session):
        absence = absences.get(row.pupil_id)
        line = (row.name.full, why_away(row, code, absence, hidden=hidden))
        if code.text in UNEXPLAINED and (absence is None or not absence.settled):
            open_.append(line)
        else:
            explained.append(line)
    for row in sheet.register.rows:
        expected = row.standing(session).expected
        if row.number(session) is None and expected is not None:
            explained.append((row.name.full, f"{expected.code} expected"))
    return explained, open_


UNEXPLAINED = frozenset({"N", "O"})
"""Codes that say nothing of why a pupil is away; any other is a reason that somebody has given."""


def why_away(row: RegisterRow, code: Code, absence: Absence | None, *, hidden: bool) -> str:
    """'I · mum rang 08:10': the code, and who said so and when, or where the pupil is."""
    parts = [code.text]
    told = absence.safe or absence.explanation if absence is not None else None
    if told is not None:
        who = called(told.who, hidden=hidden)
        at = clock(told.at)
        what = "safe and seen" if told.sort == "seen" else f"{who} said so" if who else "explained"
        parts.append(f"{what} {at}".strip())
    elif code.text not in UNEXPLAINED:
        parts.append(code.label[:1].lower() + code.label[1:] if len(code.label) <= 24 else code.group.lower())
    return " · ".join(p for p in parts if p)
