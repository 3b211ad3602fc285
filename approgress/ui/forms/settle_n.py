"""Marks N that stand: one row each, overdue first, a code typed into each, all of them one act and one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from approgress.domain.acts.register import settle_n
from approgress.domain.days import words
from approgress.domain.edits import Title
from approgress.domain.errors import Refusal
from approgress.domain.sheets import tone_of
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import TextField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.sheet_model import SheetModel
from approgress.ui.parts.sheet_view import SheetView
from approgress.ui.parts.tables import CodeCell, Column, Row, TextCell
from approgress.ui.theme import h, reveal

if TYPE_CHECKING:
    from approgress.domain.attendance import Code
    from approgress.domain.cohort import NMark
    from approgress.ui.workspace import Workspace

_PUPIL, _WHEN, _DUE, _CODE = range(4)
UNKNOWN: Final = "O"


class SettleDialog(FormDialog):
    """The list of marks N. A code typed into a row is its reason; O where it stays unknown. Nothing is written before the verb.

    `first` is the pupil at whose first mark the cursor stands.
    """

    def __init__(self, workspace: Workspace, first: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            "Marks without a reason",
            "N becomes a reason, or O where it stays unknown, no later than the fifth school day after it. Type a code in a row; "
            "Del takes it out again.",
            verb="Change these marks",
            leave="Leave them",
            width=46,
            parent=parent,
        )
        self.workspace = workspace
        self.marks = self._read()
        self.codes: dict[int, Code] = {}
        self.model = SheetModel(
            (Column("Pupil", stretch=1, least=9), Column("Session"), Column("By"), Column("Becomes", "middle")), [self._row(i) for i in range(len(self.marks))]
        )
        self.model.setParent(self)
        self.view = SheetView("Marks without a reason", (_CODE,), self._goes_on, parent=self)
        self.view.setModel(self.model)
        self.view.setMinimumHeight(round(h(min(14.4, 2.4 * (1 + max(1, len(self.marks)))))))
        self.view.typed.connect(self._typed)
        self.view.drafted.connect(self._drafted)
        self.view.pasted.connect(self._pasted)
        self.view.filled.connect(self._pasted)
        self.view.cleared.connect(self._cleared)
        self.view.helped.connect(self._help)
        self.view.refused.connect(self._refuse)
        self.add_widget(self.view)
        self.wrong = Text("", "second_strong", "decline", wrap=True)
        self.add_widget(self.wrong)
        self.said = Text("", "second", "quiet", wrap=True)
        self.add_widget(self.said)
        self.why = TextField("What is known", key="why", optional=True, most=300, placeholder="letter from the surgery, mum rang back, …")
        self.add(self.why)
        self.unknown_button = Button("O for what is overdue")
        self.unknown_button.clicked.connect(self._unknown)
        self.add_button(self.unknown_button)
        self._refuse("")
        self._show_count()
        at = next((i for i, n in enumerate(self.marks) if n.pupil_id == first), 0)
        if self.marks:
            self.view.go_to(at, _CODE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.marks and not event.spontaneous():
            self.view.setFocus(Qt.FocusReason.TabFocusReason)

    def _read(self) -> tuple[NMark, ...]:
        from approgress.store.reads.register import n_marks

        w = self.workspace
        found = w.read(n_marks, w.facts, w.today, hidden=w.names_hidden)
        return tuple(sorted(found, key=lambda n: (not n.overdue, n.day, n.session, n.name.by_forename)))

    # --- rows ------------------------------------------------------------------------------------------------------

    def _row(self, at: int) -> Row:
        n = self.marks[at]
        code = self.codes.get(at)
        if n.overdue:
            due = TextCell(f"{words(n.last_day, weekday=True, year=False)}, overdue", role="decline", kind="strong")
        elif n.last_day is not None:
            due = TextCell(f"{words(n.last_day, weekday=True, year=False)}", role="attention" if n.school_days >= 4 else "ink")
        else:
            due = TextCell("not known", role="quiet")
        shown = CodeCell(code.text, tone_of(code), said=f"{code.text}, {code.label}") if code is not None else CodeCell("", said="still N")
        when = f"{words(n.day, weekday=True, year=False)} {n.session}"
        said = f"{n.name.full}, {when}"
        return Row(at, said, (TextCell(n.name.full, kind="strong", initials=n.name.initials, may_elide=True), TextCell(when), due, shown), tip=said)

    def _goes_on(self, text: str, _column: int) -> bool:
        typed = text.upper()
        n = self.marks[max(0, self.view.currentIndex().row())]
        return any(c.text != typed and c.text.startswith(typed) for c in self.workspace.school.codes.in_force(n.day, n.session))

    def _drafted(self, row: int, column: int, text: str) -> None:
        self._refuse("")
        self.model.cover(row, column, CodeCell(text.upper(), "none", said=f"{text.upper()}, not finished") if text else None)

    def _typed(self, row: int, _column: int, text: str) -> None:
        self._refuse("")
        self.model.cover(row, _CODE, None)
        try:
            self._take(row, text)
        except Refusal as e:
            self.model.cover(row, _CODE, CodeCell(text.upper()[:3], "none", wrong=True, said=e.sentence))
            self._refuse(f"{self.marks[row].name.full}, {e.sentence}")
            self.view.go_to(row, _CODE)
        self._show_count()

    def _take(self, row: int, text: str) -> None:
        """What was typed in a row, kept until the verb; Refusal where it cannot be right."""
        if not text.strip():
            self.codes.pop(row, None)
        else:
            codes = self.workspace.school.codes
            n = self.marks[row]
            settle_n([(n, text)], codes)
            found = codes.parse(text, n.session, n.day)
            assert found is not None and not isinstance(found, Refusal)
            self.codes[row] = found
        self.model.replace_row(row, self._row(row))

    def _pasted(self, row: int, column: int, cells: list[list[str]]) -> None:
        said: list[str] = []
        placed = self.view.placed(row, column, cells)
        for at, _, text in placed.cells:
            try:
                self._take(at, text)
            except Refusal as e:
                said.append(f"{self.marks[at].name.full}, {e.sentence}")
        more = f" And {len(said) - 1} more were left out." if len(said) > 1 else ""
        self._refuse((said[0] + more) if said else placed.words)
        self._show_count()

    def _cleared(self, cells: list[tuple[int, int]]) -> None:
        for row, _ in cells:
            self._take(row, "")
        self._show_count()

    def _unknown(self) -> None:
        """O for every overdue row that has no code yet: typed for the person, written only with the verb."""
        for row, n in enumerate(self.marks):
            if n.overdue and row not in self.codes:
                self._take(row, UNKNOWN)
        self._show_count()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _help(self) -> None:
        self._refuse("Type the reason's own code: I ill, M medical, C leave granted, G holiday not granted, E suspended, U came late, O stays unknown.")

    # --- words -----------------------------------------------------------------------------------------------------

    def _refuse(self, sentence: str) -> None:
        self.wrong.setText(sentence)
        reveal(self.wrong, bool(sentence))

    def _show_count(self) -> None:
        whole, overdue = len(self.marks), sum(n.overdue for n in self.marks)
        if not whole:
            self.said.setText("No mark N stands: nothing is to be done.")
        else:
            self.said.setText(f"{len(self.codes)} of {whole} have a code now; {overdue} {'is' if overdue == 1 else 'are'} overdue. Nothing becomes O by itself.")
        self.main_button.setEnabled(bool(self.codes))
        n = len(self.codes)
        self.main_button.setText(f"Change {n} {'mark' if n == 1 else 'marks'}" if n else "Change these marks")
        self.unknown_button.setEnabled(any(m.overdue and i not in self.codes for i, m in enumerate(self.marks)))
        reveal(self.why, bool(whole))

    def submit(self) -> None:
        """Writes every row with a code as one step."""
        if not self.codes:
            raise Refusal("No row has a code yet. Type one, or leave the list.")
        settled = [(self.marks[row], code.text) for row, code in sorted(self.codes.items())]
        self.workspace.do(Title.SETTLE_N, settle_n(settled, self.workspace.school.codes, self.why.value() or None), grow=False)

