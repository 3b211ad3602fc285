"""The tab of the starting point: its values with who said so and how sure, which strands have one, and attendance before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.instruments import STRANDS
from approgress.domain.records import StatedAttendance
from approgress.domain.values import percent_words
from approgress.style import STRANDS as LOOKS
from approgress.ui.pages.pupil.lists import ListCard
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import MarkText, Text
from approgress.ui.parts.layouts import CardGrid
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.page import PupilPage


class StartingTab(QWidget):
    """Shows the starting point and lets it be agreed."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.held = Card("Which strands have a starting value")
        self.grid = CardGrid({Fold.WIDE: 6, Fold.MIDDLE: 3, Fold.NARROW: 2}, least=9)
        self.marks: dict[str, MarkText] = {}
        for strand in STRANDS:
            mark = MarkText("unjudged", LOOKS[strand].name, kind="second_strong")
            self.marks[strand] = mark
            self.grid.add(mark)
        self.held.add(self.grid)
        column.addWidget(self.held)
        self.values = ListCard(
            "Starting point",
            (
                Column("Strand", sorts=False),
                Column("What", stretch=3, least=8, sorts=False),
                Column("Value", "right", sorts=False),
                Column("Of what, who said so, how sure", stretch=4, least=8, sorts=False),
                Column("Day", sorts=False, drop=1),
            ),
            empty="No starting value yet. Enter a reading, or attendance before; progress is counted from them.",
            opens=False,
        )
        assert self.values.heading is not None
        self.agree = Button("Agree the starting point", small=True, icon="check")
        self.agree.clicked.connect(self._agree)
        self.values.heading.add(self.agree)
        self.note = Text("", "second", wrap=True)
        self.values.add(self.note)
        column.addWidget(self.values)
        self.stated = ListCard(
            "Attendance before, as stated",
            (
                Column("Who states it", stretch=2, least=8, sorts=False),
                Column("From", sorts=False, drop=2),
                Column("To", sorts=False),
                Column("Attended", "right", sorts=False),
                Column("Possible", "right", sorts=False),
                Column("", "right", said="per cent", sorts=False),
                Column("Authorised", "right", sorts=False, drop=3),
                Column("Unauthorised", "right", sorts=False, drop=3),
                Column("How sure", sorts=False, drop=1),
            ),
            sentence="Never added to our own marks; used as the time before only where the period ends by day 0.",
            add="Attendance before",
            empty="Not known yet. Ask the home school for possible and attended sessions of the last year.",
        )
        self.stated.add_asked.connect(self._add_stated)
        self.stated.opened.connect(self._open_stated)
        column.addWidget(self.stated)
        self.earlier = ListCard(
            "Earlier starting points",
            (Column("Stands for", sorts=False), Column("Agreed", sorts=False), Column("By", stretch=1, sorts=False), Column("Note", stretch=2, sorts=False)),
            sentence="A new one stands beside them, never over them.",
            opens=False,
        )
        column.addWidget(self.earlier)
        column.addStretch(1)

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        QWidget.setTabOrder(self.agree, self.values.table)  # not before both have come into the page's window
        sp = seen.dossier.starting_point
        assert self.held.heading is not None
        self.held.heading.set("Which strands have a starting value", f"{sp.strands_started} of {len(STRANDS)}")
        for strand, mark in self.marks.items():
            name = LOOKS[strand].name
            if sp.held.get(strand):
                mark.set("tick", name, "ink", "gain")
                mark.setAccessibleName(f"{name}: held")
            else:
                mark.set("unjudged", f"{name}: none yet", "quiet")
        rows = [
            Row(
                n,
                v.what,
                (
                    TextCell(LOOKS[v.strand].name if v.strand in LOOKS else v.strand, role="quiet"),
                    TextCell(v.what, kind="strong", wrap=True),
                    TextCell(v.text, kind="strong", across="right"),
                    TextCell(v.detail, role="quiet", wrap=True),
                    TextCell(days.words(v.day)),
                ),
            )
            for n, v in enumerate(sp.values)
        ]
        self.values.show_rows(rows, "Starting point", sp.line)
        self.agree.setText("Agree a new one" if sp.agreed else "Agree the starting point")
        self.agree.setEnabled(self._page.workspace.may_write)
        points = {p.id: p for p in seen.records.starting_points}
        current = next((p for p in points.values() if p not in sp.earlier and p.note), None)
        self.note.setText(current.note or "" if current is not None else "")
        reveal(self.note, bool(self.note.text()))
        self.stated.show_rows([_stated_row(s) for s in sorted(seen.records.stated, key=lambda s: (s.last_day is None, s.last_day), reverse=True)])
        reveal(self.earlier, bool(sp.earlier))
        self.earlier.show_rows(
            [
                Row(p.id, days.words(p.day), (TextCell(days.words(p.day)), TextCell(days.words(p.agreed_on) or "never"), TextCell(p.agreed_by or ""), TextCell(p.note or "", wrap=True)))
                for p in sp.earlier
            ]
        )

    def _agree(self) -> None:
        self._page.add("starting_point")

    def _add_stated(self) -> None:
        self._page.add("stated")

    def _open_stated(self, key: object) -> None:
        self._page.change("stated", key)


def _stated_row(s: StatedAttendance) -> Row:
    return Row(
        s.id,
        s.school,
        (
            TextCell(s.school, kind="strong", wrap=True),
            TextCell(days.words(s.first_day)),
            TextCell(days.words(s.last_day) or s.year_said or "not known"),
            TextCell(f"{s.attended:,}", across="right"),
            TextCell(f"{s.possible:,}", across="right"),
            TextCell(percent_words(s.attended, s.possible), across="right"),
            TextCell(f"{s.authorised:,}", across="right"),
            TextCell(f"{s.unauthorised:,}", across="right"),
            TextCell(s.sure or "", role="quiet"),
        ),
    )
