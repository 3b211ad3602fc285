"""Bringing a file in: what each row would do, which headings were understood how, what is asked; nothing is written before the button.

The plan is made by `approgress.school.import_file` off the GUI thread, and made again whenever a heading, an answer or the kind of
file is changed here, or the school's own records change meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain.days import words
from approgress.domain.edits import Changes
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.values import number
from approgress.school.import_plan import (
    CHANGED,
    NEW,
    REFUSED,
    SAME,
    SORT_WORDS,
    SORTS,
    Ask,
    ColumnRead,
    ImportPlan,
    ImportResult,
    RowPlan,
    refusal_list,
)
from approgress.ui.ask import ask_save_file
from approgress.ui.forms import show_dialog
from approgress.ui.forms.flow_cell import ARROW, FlowCell, FlowTable, Piece
from approgress.ui.forms.lists import ListTable, at_left
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, EmptyState
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, TextField
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import CardGrid
from approgress.ui.parts.page import Page
from approgress.ui.parts.painting import chip_width, draw_box, draw_chip, draw_text, text_width
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.parts.tables import ChipCell, Column, Row, TableModel, TextCell
from approgress.ui.theme import h, measure, reveal, space, theme
from approgress.ui.told import sentence_of

if TYPE_CHECKING:
    from approgress.ui.tasks import Progress, Task
    from approgress.ui.workspace import Workspace

ALL: Final = "all"
SHOWN: Final = 300
ASKS_SHOWN: Final = 20
CHIPS: Final = {
    NEW: ("gain", "plus", "new"),
    CHANGED: ("accent", "circle", "changed"),
    SAME: ("none", "", "same"),
    REFUSED: ("decline", "times", "refused"),
}
NAMED_ROWS: Final = 10_000  # up to here every row is looked at for questions; beyond, the asks themselves name their rows

COLUMNS: Final = (
    Column("Row", "right", sorts=False),
    Column("", least=6.2, sorts=False, said="What becomes of it"),
    Column("Pupil in the file", least=8, stretch=2, sorts=False),
    Column("Matched by", least=5, sorts=False, drop=1),
    Column("What happens, and why", least=12, stretch=7, sorts=False),
)
HEADING_COLUMNS: Final = (
    Column("In the file", least=5, stretch=3, sorts=False),
    Column("Read as", least=5, stretch=3, sorts=False),
    Column("", sorts=False, said="Whether that is sure"),
)


class CountCard(QAbstractButton):
    """A count of rows that filters the table: figure, and what it counts as words or as a chip."""

    ring_radius = 0.6

    def __init__(self, key: str, chip: tuple[str, str, str] | None, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._chip, self._words, self._count = chip, words, 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """How many rows."""
        self._count = count
        self.setAccessibleName(f"Show {number(count)} {self._words}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        tail = chip_width(*self._chip[2:], self._chip[1]) if self._chip else text_width("rows")
        return QSize(round(text_width(number(self._count), "figure") + tail + h(2.2)), round(h(2.7)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        from PySide6.QtCore import QRectF
        from PySide6.QtGui import QPainter

        painter = QPainter(self)
        rect = QRectF(self.rect())
        on = self.isChecked()
        ground = "hover" if self.underMouse() and self.isEnabled() else "surface"
        draw_box(painter, rect, ground=ground, edge="accent" if on else "edge" if theme().style.outlined else "line", radius=0.6, width=2.0 if on else 1.0)
        left = h(0.75)
        text = number(self._count)
        wide = text_width(text, "figure")
        draw_text(painter, QRectF(left, 0, wide + 1, self.height()), text, "figure")
        left += wide + h(0.5)
        if self._chip is not None:
            tone, mark, words_ = self._chip
            draw_chip(painter, left, self.height() / 2, words_, tone, mark)
        else:
            room = self.width() - left - h(0.4)
            draw_text(painter, QRectF(left, 0, room, self.height()), self._words if text_width(self._words) <= room else "rows")
        painter.end()


class HeadingDialog(FormDialog):
    """What one column holds. `keep(column, meaning)` reads the file again with it."""

    def __init__(self, page: ImportPreviewPage, column: ColumnRead, options: Sequence[tuple[str, str]], parent: QWidget) -> None:
        shown = ", ".join(s for s in column.samples[:4] if s) or "empty"
        super().__init__(f"Column {column.letter}: {column.heading or 'no heading'}", f"Its first values: {shown}", verb="Read it so", width=30, parent=parent)
        self._page, self._column = page, column
        self.meaning = ChoiceField("It holds", options, column.meaning or "", none="Nothing that is used here", key="meaning")
        self.add(self.meaning)

    def submit(self) -> None:
        self._page.map_column(self._column.index, self.meaning.value() or None)


class AnswerBox(QWidget):
    """One question with its choices; says `answered(question, answer)`."""

    answered = Signal(str, str)

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask = ask
        column = QVBoxLayout(self)
        space(column, 0, 0.2, 0, 0.3, 0.35)
        column.addWidget(Text(ask.sentence, wrap=True))
        kept = f"Not decided: {ask.kept} stays" if ask.kept else "Not decided: left as it is"
        self.choice = ChoiceField("", [(c.key, c.words) for c in ask.choices], ask.answer or "", none=kept)
        self.choice.editor.setAccessibleName(ask.sentence)
        self.choice.edited.connect(self._chosen)
        column.addWidget(self.choice)
        self.free: TextField | None = None
        if ask.free:
            known = {c.key for c in ask.choices}
            self.free = TextField("", ask.answer if ask.answer and ask.answer not in known else "", placeholder="or type it")
            self.free.line.setAccessibleName(f"Another answer: {ask.sentence}")
            self.free.line.editingFinished.connect(self._typed)
            column.addWidget(self.free)
            reveal(self.choice, bool(ask.choices))

    def _chosen(self) -> None:
        self.answered.emit(self.ask.question, self.choice.value())

    def _typed(self) -> None:
        assert self.free is not None
        typed = self.free.value()
        if typed != (self.ask.answer or ""):
            self.answered.emit(self.ask.question, typed)


class ImportPreviewPage(Page):
    """One file, before it is brought in. `show_section(path)` opens it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Bring in", parent=parent)
        self.title = "Bring in"
        self.workspace = workspace
        self.path: Path | None = None
        self.plan: ImportPlan | None = None
        self._as: str | None = None
        self._taken_on: date | None = None
        self._answers: dict[str, str] = {}
        self._asked: dict[str, Ask] = {}  # every question that came up; one that is answered may no longer stand in the plan
        self._mapping: dict[int | str, str | None] = {}
        self._task: Task | None = None
        self._writing = False
        self._again = False
        self._read_at = ""
        self._filter = ALL
        self._more = 1
        self.leave_button = self.add_action("Leave", self.leave, icon="arrow-left")
        self.main = self.set_main_action("Bring in", self.bring_in)
        self._make_counts()
        self.progress = ProgressRow("Reading the file")
        self.progress.stop_asked.connect(self._stop)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        space(self._columns, gap=0.8)
        self.body.addLayout(self._columns, 1)
        self._columns.addWidget(self._make_table(), 1)
        self._columns.addWidget(self._make_panel())
        self.empty = EmptyState("Choose a file", "A list from your information system, or a transfer file. Nothing is written before you have seen what each row would do.")
        self.body.addWidget(self.empty, 1)
        self.set_status(StatusLine(((("↑", "↓"), "rows"), (("R",), "next refused"), (("Esc",), "leave, nothing written"))))
        self._first = True
        self.folded.connect(self._fold_changed)
        self._show_nothing()

    # --- parts -----------------------------------------------------------------------------------------------------

    def _make_counts(self) -> None:
        self._counts = CardGrid({Fold.WIDE: 5, Fold.MIDDLE: 3, Fold.NARROW: 3}, gap=0.6, least=6)
        self.cards: dict[str, CountCard] = {}
        for key, chip, said in (
            (ALL, None, "rows in the file"),
            (NEW, CHIPS[NEW], "new rows"),
            (CHANGED, CHIPS[CHANGED], "changed rows"),
            (SAME, CHIPS[SAME], "rows that are the same"),
            (REFUSED, CHIPS[REFUSED], "refused rows"),
        ):
            card = CountCard(key, chip, said)
            card.clicked.connect(self._filter_chosen)
            self.cards[key] = card
            self._counts.add(card)
        self.cards[ALL].setChecked(True)
        self.body.addWidget(self._counts)

    def _make_table(self) -> QWidget:
        self._table_card = Card()
        measure(self._table_card, least_height=14)
        self.table = FlowTable("Rows of the file")
        self.rows = TableModel(COLUMNS)
        self.table.setModel(self.rows)
        self._table_card.add(self.table, 1)
        foot = QHBoxLayout()
        space(foot, gap=0.6)
        self.shown = Text("", "second", "quiet")
        self.more_button = Button("Show more", small=True)
        self.more_button.clicked.connect(self._show_more)
        foot.addWidget(self.shown)
        foot.addWidget(self.more_button)
        foot.addStretch(1)
        self._table_card.add_layout(foot)
        return self._table_card

    def _make_panel(self) -> QWidget:
        self._panel = ScrollArea(gap=0.8)
        measure(self._panel, width=17.5)
        self.asks_card = Card("Questions", kind="chosen")
        self._asks = QVBoxLayout()
        space(self._asks, gap=0.5)
        self.asks_card.add_layout(self._asks)
        self.headings_card = Card("Headings matched")
        self.headings = ListTable("Headings", HEADING_COLUMNS, self.open_heading)
        self.headings_card.add(self.headings)
        self.headings_note = Text("", "source", "quiet", wrap=True)
        self.headings_card.add(self.headings_note)
        self.how_card = Card("How it is read")
        self.kind = ChoiceField("It is a", [(s, SORT_WORDS[s]) for s in SORTS])
        self.kind.edited.connect(self._kind_chosen)
        self.taken = DateField("Taken on", self.workspace.today, today=self.workspace.today, help="A list says how things were on this day.")
        self.taken.line.editingFinished.connect(self._date_chosen)
        self.read_as = Text("", "second", "quiet", wrap=True)
        for widget in (self.kind, self.taken, self.read_as):
            self.how_card.add(widget)
        self.missing_card = Card("On roll, but not in this file")
        self.missing = Text("", "second", wrap=True)
        self.missing_card.add(self.missing)
        self.missing_card.add(Text("Nothing is done about them. Who left is entered on the pupil’s page.", "second", "quiet", wrap=True))
        self.after_card = Card("Afterwards")
        self.after = Text("", "second", "quiet", wrap=True)
        self.after_card.add(self.after)
        self.refused_button = Button("Save the refused rows…", small=True, icon="take-out")
        self.refused_button.clicked.connect(self.save_refused)
        self.after_card.add(at_left(self.refused_button))
        self.warnings_card = Card("To know")
        self.warnings = Text("", "second", wrap=True)
        self.warnings_card.add(self.warnings)
        for card in (self.asks_card, self.warnings_card, self.headings_card, self.how_card, self.missing_card, self.after_card):
            self._panel.body.addWidget(card)
        self._panel.body.addStretch(1)
        return self._panel

    def _fold_changed(self, fold: Fold) -> None:
        """Side panel beside the table, or below it."""
        beside = fold is Fold.WIDE
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        if beside:
            measure(self._panel, width=17.5)
        else:
            self._panel.setMaximumWidth(16777215)
            self._panel.setMinimumWidth(0)
            self._panel.setProperty("measure", "")
        self._fit_panel()

    def _fit_panel(self) -> None:
        """Below the table the panel is as high as what is in it; beside it, it scrolls by itself."""
        inside = self._panel.widget()
        if self.fold() is Fold.WIDE:
            self._panel.setMinimumHeight(0)
            self._panel.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        elif inside is not None and (layout := inside.layout()) is not None:
            self._panel.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            width = max(1, self.width() - round(h(3)))
            self._panel.setMinimumHeight(layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height())

    # --- opening ---------------------------------------------------------------------------------------------------

    def show_section(self, path: str) -> None:
        """Reads a file and shows what it would do."""
        if self._writing:
            self.banner.say("The file before is still being brought in. Stop it or let it finish first.", "attention")
            return
        self.path = Path(path)
        self.plan = None
        self._as = None
        self._taken_on = None
        self._answers, self._mapping, self._asked = {}, {}, {}
        self._filter, self._more, self._first = ALL, 1, True
        self.cards[ALL].setChecked(True)
        self.banner.say("")
        self._show_nothing()
        self.read_again()

    def read_again(self) -> None:
        """Makes the plan anew, with the answers and headings that were given."""
        if self.path is None:
            return
        if self._task is not None and self._task.running():
            self._again = True
            if not self._writing:
                self._task.cancel()
            return
        self._again = False
        reveal(self.empty, False)
        self.main.setEnabled(False)
        self.progress.begin(f"Reading {self.path.name}")
        self.progress.show()
        self._task = self.workspace.tasks.run(
            _plan,
            self.workspace.school,
            self.path,
            self._as,
            self._taken_on,
            dict(self._answers),
            dict(self._mapping),
            on_done=self._planned,
            on_failed=self._not_planned,
            on_stopped=self._plan_stopped,
            on_progress=self.progress.show_progress,
        )

    def _planned(self, plan: ImportPlan) -> None:
        self.progress.hide()
        if self._again:
            self.read_again()
            return
        self.plan = plan
        self._read_at = f"{datetime.now():%H:%M}"
        self.show_plan()

    def _not_planned(self, error: Exception) -> None:
        self.progress.hide()
        if self._again:
            self.read_again()
            return
        self.banner.say(sentence_of(error), "attention" if isinstance(error, Refusal) else "error")
        if self.plan is None:
            self._show_nothing()
            assert self.path is not None
            self.set_title("Bring in: not read", f"{self.path.name} · nothing has been written", "Setting, Data in and out")

    def _plan_stopped(self) -> None:
        self.progress.hide()
        if self._again:
            self.read_again()
            return
        self.banner.say("Stopped while reading. Nothing has been written.", "attention")

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # --- showing ---------------------------------------------------------------------------------------------------

    def _show_nothing(self) -> None:
        for widget in (self._counts, self._table_card, self._panel):
            widget.hide()
        reveal(self.empty, True)
        self.main.setEnabled(False)
        self.set_title("Bring in a file", "", "Setting, Data in and out")
        self.status.say("")

    def show_plan(self) -> None:
        """Shows the plan, or nothing of it while names are hidden: a file is full of them."""
        plan = self.plan
        if plan is None:
            return
        if self.workspace.names_hidden:
            self._show_nothing()
            self.banner.say("Names are hidden, and a file is full of them. F8 shows them again; nothing is lost meanwhile.", "attention")
            return
        reveal(self.empty, False)
        for widget in (self._counts, self._table_card, self._panel):
            widget.show()
        sort = SORT_WORDS.get(plan.as_, plan.as_)
        self.set_title(f"Bring in: {sort}, check first", f"{plan.file} · {plan.read_as or sort} · read {self._read_at} · nothing has been written yet", "Setting, Data in and out")
        c = plan.counts
        for key, count in ((ALL, c.rows), (NEW, c.new), (CHANGED, c.changed), (SAME, c.same), (REFUSED, c.refused)):
            self.cards[key].set_count(count)
        if self._filter != ALL and not getattr(c, self._filter):
            self._filter = ALL
            self.cards[ALL].setChecked(True)
        self._show_rows()
        self._show_side()
        n = c.brought_in
        verb = f"Bring in {number(n)} {'row' if n == 1 else 'rows'}" if n else "Bring in" if plan.writes else "Nothing to bring in"
        self.main.setText(verb)
        self.head.set_main(self.main, verb.split(" rows")[0])
        self.main.setEnabled(plan.writes and self.workspace.may_write)
        if plan.blocked:
            self.main.setText("Answer the question first")
            self.head.set_main(self.main, "Answer first")
            self.main.setEnabled(False)
        self.status.say(c.words)
        self._fit_panel()
        if self._first and self.rows.rowCount():
            self._first = False
            self.table.setFocus()

    def _places(self) -> list[int]:
        """Which rows are shown, in which order: refused, asked about, new, changed, same."""
        plan = self.plan
        assert plan is not None
        if self._filter != ALL:
            return plan.rows_in(self._filter)
        limit = SHOWN * self._more
        found: list[int] = list(plan.rows_in(REFUSED)[:limit])
        taken = set(found)
        if plan.counts.rows <= NAMED_ROWS:
            asked = [i for i, r in enumerate(plan.rows) if r.asks and i not in taken]
            found += asked
            taken.update(asked)
        for state in (NEW, CHANGED, SAME):
            if len(found) > limit:
                break
            more = [i for i in plan.rows_in(state) if i not in taken]
            found += more
            taken.update(more)
        return found

    def _show_rows(self) -> None:
        plan = self.plan
        assert plan is not None
        places = self._places()
        shown = places[: SHOWN * self._more]
        self.rows.set_rows([_row(plan.rows[i]) for i in shown])
        total = plan.counts.rows if self._filter == ALL else len(places)
        first = ", refused first" if self._filter == ALL and plan.counts.refused and len(shown) > 1 else ""
        rest = plan.counts.rows - plan.counts.refused
        stay = f" Refused rows stay out; the other {number(rest)} do not wait for them." if plan.counts.refused and rest else ""
        self.shown.setText(f"{number(len(shown))} of {number(total)} rows shown{first}.{stay}")
        reveal(self.more_button, len(shown) < total)

    def _show_more(self) -> None:
        self._more += 2
        self._show_rows()

    def _filter_chosen(self) -> None:
        card = self.sender()
        assert isinstance(card, CountCard)
        self._filter = card.key
        self._more = 1
        if self.plan is not None:
            self._show_rows()

    def _show_side(self) -> None:
        plan = self.plan
        assert plan is not None
        self._show_asks(plan)
        # who is missing has a card of its own
        warnings = [w for w in plan.warnings if not (plan.missing and "not in this file" in w)]
        self.warnings.setText("\n".join(warnings[:8]))
        reveal(self.warnings_card, bool(warnings))
        used = [c for c in plan.columns if c.meaning is not None]
        self.headings.rows.set_rows([_heading_row(c) for c in plan.columns])
        reveal(self.headings_card, bool(plan.columns))
        if self.headings_card.heading is not None:
            self.headings_card.heading.set("Headings matched", aside=f"{len(used)} of {len(plan.columns)} used")
        remembered = any(c.remembered for c in plan.columns)
        self.headings_note.setText(("Remembered from the last time. " if remembered else "") + "Enter or a click on a line changes it.")
        self.kind.set_value(plan.as_)
        reveal(self.taken, plan.as_ == "pupils")
        self.taken.set_value(plan.taken_on)
        sheet = f"Sheet: {plan.sheet}." if plan.sheet else ""
        self.read_as.setText(" ".join(t for t in (f"{plan.read_as}." if plan.read_as else "", sheet) if t))
        names = [m.who for m in plan.missing]
        self.missing.setText(", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else ""))
        reveal(self.missing_card, bool(names))
        n = len(plan.refusals)
        after = "One step in the history, one undo."
        if n:
            after += f" {number(n)} refused {'row or value' if n == 1 else 'rows or values'} can be saved as a list, to hand back to whoever made the file."
        self.after.setText(after)
        reveal(self.refused_button, bool(n))

    def _show_asks(self, plan: ImportPlan) -> None:
        while (item := self._asks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._asked |= {a.question: a for a in plan.asks}
        there = {a.question for a in plan.asks}
        answered = [replace(a, answer=self._answers[q]) for q, a in self._asked.items() if q in self._answers and q not in there]
        asks = sorted((*plan.asks, *answered), key=lambda a: (a.row is not None, a.answer is not None))
        for ask in asks[:ASKS_SHOWN]:
            box = AnswerBox(ask)
            box.answered.connect(self.answer)
            self._asks.addWidget(box)
        if len(asks) > ASKS_SHOWN:
            self._asks.addWidget(Text(f"{len(asks) - ASKS_SHOWN} more come up when these are answered.", "second", "quiet", wrap=True))
        open_ = len(plan.open_asks)
        if self.asks_card.heading is not None:
            self.asks_card.heading.set("Questions", aside=f"{open_} open" if open_ else "all answered")
        reveal(self.asks_card, bool(asks))

    def answer_boxes(self) -> list[AnswerBox]:
        """The questions that are shown."""
        items = (self._asks.itemAt(i) for i in range(self._asks.count()))
        return [w for item in items if item is not None and isinstance(w := item.widget(), AnswerBox)]

    # --- changing how it is read -----------------------------------------------------------------------------------

    def answer(self, question: str, choice: str) -> None:
        """An answer, or '' for not decided; the plan is made again with it."""
        if choice:
            self._answers[question] = choice
        else:
            self._answers.pop(question, None)
        self.read_again()

    def open_heading(self, row: int) -> None:
        """What a column holds, in a dialog."""
        from approgress.interchange.headings import MEANINGS

        assert self.plan is not None
        column: ColumnRead = self.headings.rows.row(row).key
        options = [(m.key, m.words) for m in MEANINGS.get(self.plan.as_, ())]
        if column.meaning is not None and column.meaning not in dict(options):
            options.insert(0, (column.meaning, column.words))
        show_dialog(HeadingDialog(self, column, options, self))

    def map_column(self, column: int, meaning: str | None) -> None:
        """A column holds something else, or nothing that is used."""
        self._mapping[column] = meaning
        self.read_again()

    def _kind_chosen(self) -> None:
        self._as = self.kind.value() or None
        self._mapping = {}
        self.read_again()

    def _date_chosen(self) -> None:
        try:
            day = self.taken.value()
        except Refusal:
            return  # said beneath the field
        if self.plan is not None and day is not None and day != self.plan.taken_on:
            self._taken_on = day
            self.read_again()

    # --- writing ---------------------------------------------------------------------------------------------------

    def bring_in(self) -> None:
        """Writes what the plan says, off the GUI thread, as one step."""
        plan = self.plan
        if plan is None or not plan.writes or (self._task is not None and self._task.running()):
            return
        self._writing = True
        self.main.setEnabled(False)
        self._panel.setEnabled(False)
        self.banner.say("")
        self.progress.begin(f"Bringing in {plan.file}")
        self.progress.show()
        self._task = self.workspace.tasks.run(
            _carry_out,
            self.workspace.school,
            plan,
            on_done=self._brought_in,
            on_failed=self._not_brought_in,
            on_stopped=self._writing_stopped,
            on_progress=self.progress.show_progress,
        )

    def _written(self) -> None:
        self._writing = False
        self._panel.setEnabled(True)
        self.progress.hide()

    def _brought_in(self, result: ImportResult) -> None:
        self._written()
        c = result.plan.counts
        self.workspace.tell(result.changes)
        said = f"Brought in: {number(c.new)} new, {number(c.changed)} changed, as one step."
        if c.refused:
            said += f" {number(c.refused)} refused {'row stays' if c.refused == 1 else 'rows stay'} out."
        self.banner.say(f"{said} Ctrl Z takes all of it back.", "done")
        self._answers, self._asked = {}, {}
        self.read_again()

    def _not_brought_in(self, error: Exception) -> None:
        self._written()
        self.banner.say(sentence_of(error), "error" if isinstance(error, Trouble) else "attention")
        self.read_again()

    def _writing_stopped(self) -> None:
        self._written()
        self.banner.say("Stopped. Nothing of this file was written.", "attention")
        self.main.setEnabled(self.plan is not None and self.plan.writes)

    def save_refused(self) -> None:
        """The refused rows and values as a list for whoever made the file."""
        plan = self.plan
        if plan is None or self.path is None:
            return
        to = ask_save_file(self, "Save the refused rows", self.path.with_name(f"{self.path.stem} refused.csv"), "CSV (*.csv)")
        if to is None:
            return
        try:
            save_refusals(plan, to)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")
        else:
            self.banner.say(f"Saved: {to.name}.", "done")

    # --- the window ------------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Back to the data section; a file that is being read is left, one that is being written goes on."""
        if not self._writing:
            self._stop()
        self.workspace.open_place("setting/data")

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        plan = self.plan
        if plan is None or self._writing:
            return
        if changes.everything:
            self.banner.say("")
            self.show_plan()
        elif changes.kinds & plan.rests_on and not (self._task is not None and self._task.running()):
            self.read_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() == Qt.Key.Key_R and not event.modifiers() and self.plan is not None:
            self.next_refused()
        else:
            super().keyPressEvent(event)

    def next_refused(self) -> None:
        """Goes to the next refused row, round to the first again."""
        rows = [i for i, r in enumerate(self.rows.rows()) if r.key.state == REFUSED]
        if rows:
            now = self.table.currentIndex().row()
            self.table.go_to(next((i for i in rows if i > now), rows[0]))
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _row(r: RowPlan) -> Row:
    tone, mark, said = CHIPS[r.state]
    if r.asks and r.state != REFUSED:
        tone, mark, said = "attention", "gain", "question"
    pieces: list[Piece] = []
    if r.sentence:
        pieces.append(Piece(r.sentence, "strong" if r.state == REFUSED else "body", "ink" if r.state == REFUSED else "quiet"))
    for i, happening in enumerate(r.happens):
        if pieces:
            pieces.append(Piece("·", "body", "quiet"))
        pieces.append(Piece(happening.what, "body", "ink"))
        if happening.before is not None:
            if happening.kept:
                pieces.append(Piece(f"{happening.before} kept", "body", "quiet"))
            else:
                pieces += [Piece(happening.before, "body", "quiet", struck=True), Piece(ARROW), Piece(happening.after or "none", "strong")]
        else:
            pieces.append(Piece(happening.after or "none", "strong"))
        if happening.since is not None and not happening.kept:
            pieces.append(Piece(f"from {words(happening.since)}"))
        if i == 11:
            pieces.append(Piece(f"· and {len(r.happens) - 12} more", "body", "quiet") if len(r.happens) > 12 else Piece(""))
            break
    return Row(
        r,
        f"row {r.row}",
        (
            TextCell(str(r.row), role="quiet", across="right"),
            ChipCell(said, tone, mark),
            TextCell(r.who, kind="strong", may_elide=True),
            TextCell(r.matched_by, role="quiet", wrap=True),
            FlowCell(tuple(pieces), r.words),  # pyright: ignore[reportArgumentType] - a cell of the table's own delegate
        ),
        tip=r.who,
    )


def _heading_row(c: ColumnRead) -> Row:
    used = c.meaning is not None
    sign = TextCell("", mark="tick", role="gain") if used and (c.sure or c.remembered) else TextCell("", mark="unjudged", role="attention") if used else TextCell("–", role="quiet")
    read = TextCell(c.words if used else "not used", c.how if used else "", kind="strong" if used else "body", role="ink" if used else "quiet", wrap=True, below=bool(c.how and used))
    return Row(c, f"column {c.letter}", (TextCell(c.heading or f"column {c.letter}", wrap=True), read, sign), tip=", ".join(s for s in c.samples if s))


def save_refusals(plan: ImportPlan, to: Path) -> None:
    """The refusals of a plan as CSV with the byte-order mark that spreadsheets need; whole or not at all. Trouble where it cannot be written."""
    from approgress.store.keys import write_whole

    try:
        write_whole(to, refusal_list(plan).encode("utf-8-sig"))
    except Trouble:
        raise Trouble(f"{to.name} could not be written to {to.parent}. Nothing else was changed. Choose another folder or name.") from None


def _plan(
    school: Any,
    path: Path,
    as_: str | None,
    taken_on: date | None,
    answers: dict[str, str],
    mapping: dict[int | str, str | None],
    *,
    progress: Progress,
) -> ImportPlan:
    from approgress.school.import_file import plan_import

    return plan_import(school, path, as_=as_, taken_on=taken_on, answers=answers, mapping=mapping or None, progress=progress)


def _carry_out(school: Any, plan: ImportPlan, *, progress: Progress) -> ImportResult:
    from approgress.school.import_file import carry_out

    return carry_out(school, plan, progress=progress)


