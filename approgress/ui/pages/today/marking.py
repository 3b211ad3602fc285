"""What is typed into the register and the round: marks with their reasons, scores, many cells at once, and who was first."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from approgress.domain.acts.register import AM, PM, title_of
from approgress.domain.acts.round import of_lesson, rate_own, same_for_all
from approgress.domain.cohort import RegisterRow
from approgress.domain.edits import Title
from approgress.domain.errors import Changed, Refusal, Trouble
from approgress.domain.first_day import clock
from approgress.domain.register import NeedsReason, opens_at
from approgress.domain.sheets import SESSIONS
from approgress.ui.ask import Choice, ask_choice
from approgress.ui.forms import show_dialog
from approgress.ui.pages.today.choice import codes_dialog, scale_dialog
from approgress.ui.pages.today.many import Amended, ManyCells
from approgress.ui.pages.today.register import RegisterPage
from approgress.ui.parts.tables import CodeCell

if TYPE_CHECKING:
    from approgress.ui.pages.today.rows import Place

    Typed = tuple[int, Place, str]
    """What was typed into a cell: the pupil, the column's place, the text."""


EARLY_MINUTES: Final = 30
"""So long before it starts the afternoon register may be taken without a question."""
_DOUBTS_SHOWN: Final = 4


class MarkingPage(RegisterPage):
    """A register that is typed into."""

    def _build(self) -> None:
        self._clash: tuple[int, str, str] | None = None
        self._accepted: set[tuple[int, str, str, date]] = set()
        self._refused_at: tuple[object, int] = (None, 1)  # the pupil and the column to which the cursor comes back
        super()._build()
        view = self._view
        view.typed.connect(self._typed)
        view.drafted.connect(self._drafted)
        view.helped.connect(self._show_codes)
        view.minutes.connect(self._minutes)
        view.minutes_drafted.connect(self._minutes_drafted)
        view.pasted.connect(self._pasted)
        view.filled.connect(self._pasted)
        view.cleared.connect(self._cleared)
        view.refused.connect(self._sheet_refused)
        self.clash_answered.connect(self._clash_answered)
        for button in (self._all, self._status.all):
            if button is not None:
                button.clicked.connect(self._mark_all)

    # --- refusals --------------------------------------------------------------------------------------------------

    def _forget_refusals(self) -> None:
        self._clash = None
        super()._forget_refusals()

    def _cell_refused(self, row: int, column: int, text: str, sentence: str, mine: str = "") -> None:
        assert self._sheet is not None
        r = self._sheet.register.rows[row]
        self._model.cover(row, column, CodeCell(text.upper()[:4], "none", wrong=True, said=sentence))
        self._refuse(r.pupil_id, f"{r.name.full}, {self._place_words(column)}: {sentence}", mine)
        self._come_back(row, column)

    def _come_back(self, row: int, column: int) -> None:
        """The cursor goes back to this cell once the key is over."""
        if 0 <= row < self._model.rowCount():
            self._refused_at = (self._model.row(row).key, column)
            QTimer.singleShot(0, self, self._return_to_refused)

    def _return_to_refused(self) -> None:
        row = self._model.find(self._refused_at[0])
        if row >= 0:
            self._view.stay(row, self._refused_at[1])

    def _place_words(self, column: int) -> str:
        place = self._places[column]
        return f"lesson {place + 1}" if isinstance(place, int) else str(place)

    # --- typing ----------------------------------------------------------------------------------------------------

    def _drafted(self, row: int, column: int, text: str) -> None:
        self._forget_refusals()
        self._model.cover(row, column, CodeCell(text.upper(), "none", said=f"{text.upper()}, not finished") if text else None)

    def _minutes_drafted(self, row: int, column: int, text: str) -> None:
        before = self._model.row(row).cells[column]
        letter = before.code.rstrip("0123456789") if isinstance(before, CodeCell) else ""
        cover = CodeCell(f"{letter}{text}", "attention", said=f"{letter}, {text} minutes, not finished") if text else None
        self._model.cover(row, column, cover)

    def _minutes(self, row: int, column: int, text: str) -> None:
        self._model.cover(row, column, None)
        self._typed(row, column, text, minutes=True)

    def _typed(self, row: int, column: int, text: str, *, minutes: bool = False) -> None:
        assert self._sheet is not None
        self._forget_refusals()
        r, place = self._sheet.register.rows[row], self._places[column]
        try:
            if isinstance(place, int):
                self._type_score(r, place, text)
            else:
                if text.strip() and not self._early_meant(str(place)) or not self._warned(r, str(place), text):
                    self._model.cover(row, column, None)
                    self._come_back(row, column)
                    return
                self._write_mark(r, str(place), text)
                if not minutes and text.strip().upper() in ("L", "U"):
                    self._view.await_minutes(row, column)
            self._model.cover(row, column, None)
        except NeedsReason as asked:
            self._model.cover(row, column, CodeCell(asked.new, "none", said=f"{asked.new}, waits for a reason"))
            self._ask_reason(row, column, text, asked)
        except Changed as e:
            self._clashed(r.pupil_id, column, text, e)
        except (Refusal, Trouble) as e:
            self._cell_refused(row, column, text, e.sentence)

    def _write_mark(self, r: RegisterRow, session: str, text: str, why: str | None = None) -> None:
        assert self._sheet is not None
        closed = self._closed(session)
        edits = self._sheet.typed(r, session, text, why, closed=closed)
        if edits:
            self._workspace.do(title_of(edits, closed=closed), edits)

    def _type_score(self, r: RegisterRow, lesson: int, text: str) -> None:
        assert self._sheet is not None
        if text.startswith("="):
            self._same_for_all(lesson, text[1:])
            return
        if text.startswith("."):
            scale = self._sheet.engagement
            if scale is None:
                raise Refusal("No scale of engagement is in use. Choose one in Setting, Measures.")
            score, own = of_lesson(r, lesson)
            edits = rate_own(score, own, r.pupil_id, self._day, lesson, text[1:], scale)
        else:
            edits = self._sheet.rated(r, lesson, text)
        if edits:
            self._workspace.do(Title.ENTER_ENGAGEMENT, edits)

    def _same_for_all(self, lesson: int, text: str) -> None:
        """One score for all who were in and have none: one act; then the exceptions are typed, from the top."""
        assert self._sheet is not None
        made = same_for_all(self._sheet, lesson, text)
        if made.edits:
            self._workspace.do(Title.ENTER_ENGAGEMENT, made.edits, grow=False)
            left = (
                f" {made.unmarked} without a mark in the register {'was' if made.unmarked == 1 else 'were'} left out."
                if made.unmarked
                else ""
            )
            if left:
                self._workspace.say(f"{made.count} got {text.strip()} in lesson {lesson + 1}.{left}", "attention")
        else:
            why = "nobody is marked as in" if made.unmarked else "everybody who was in has a score"
            self._workspace.say(f"Lesson {lesson + 1}: nothing was changed, since {why}.", "attention")
        column = self._places.index(lesson)
        first = next((i for i in range(self._model.rowCount()) if not self._skips(i, column)), 0)
        self._come_back(first, column)

    def _warned(self, r: RegisterRow, session: str, text: str) -> bool:
        """Whether an odd code is meant; asked once for a pupil, session and code."""
        assert self._sheet is not None
        doubt = self._sheet.warning(r, session, text)
        code = text.strip().upper()
        key = (r.pupil_id, session, code, self._day)
        if doubt is None or key in self._accepted:
            return True
        choices = (Choice("write", f"Write {code}", "primary"),)
        if ask_choice(self, f"{r.name.full}, {session}: {code}?", doubt, choices, leave="Type another code") != "write":
            return False
        self._accepted.add(key)
        return True

    def _ask_reason(self, row: int, column: int, text: str, asked: NeedsReason) -> None:
        from approgress.ui.forms.marks import ReasonDialog

        assert self._sheet is not None
        r = self._sheet.register.rows[row]
        dialog = ReasonDialog(r.name.full, self._day, asked, partial(self._write_again, r.pupil_id, self._day, asked, text), self)
        dialog.finished.connect(partial(self._reason_given, r.pupil_id, column))
        show_dialog(dialog)

    def _write_again(self, pupil: int, day: date, asked: NeedsReason, text: str, why: str) -> None:
        """The change with its reason. Refusal where by now another mark stands than the one that was shown, or the pupil is not here."""
        r = self._row_of(pupil)
        if r is None or day != self._day or self._sheet is None:
            raise Refusal("This register is no longer shown, or the pupil is no longer in it. Nothing was written; leave this and look again.")
        now = self._sheet.codes.text(r.number(asked.session))
        if now != asked.old:
            shown = now or "no mark"
            raise Refusal(f"Somebody changed this mark meanwhile: it is {shown} now, not {asked.old}. Nothing was written; leave this and look again.")
        self._write_mark(r, asked.session, text, why)

    def _reason_given(self, pupil: int, column: int, _result: int) -> None:
        row = self._model.find(pupil)
        if row >= 0:
            self._model.cover(row, column, None)
            if not _result:
                self._view.go_to(row, column)
        self._focus_grid()

    # --- somebody else was first -----------------------------------------------------------------------------------

    def _clashed(self, pupil: int, column: int, text: str, e: Changed) -> None:
        """Somebody changed the mark: what they wrote is shown, and theirs or mine is chosen."""
        sheet, place = self._sheet, self._places[column]
        assert sheet is not None
        self._workspace.look_round()
        self._read_rows(frozenset({pupil}))
        row, now = self._model.find(pupil), self._row_of(pupil)
        if row < 0 or now is None:
            self._workspace.say(e.sentence, "attention")
            return
        if place not in SESSIONS:
            self._cell_refused(row, column, text, e.sentence)
            return
        clash = sheet.clash(now, str(place), text)
        if clash is None:  # the other session of the day was changed, not this one: the key is written again
            try:
                self._write_mark(now, str(place), text)
            except (Refusal, Trouble) as again:
                self._cell_refused(row, column, text, again.sentence)
            return
        self._clash = (pupil, str(place), text)
        self._refuse(
            pupil, f"{now.name.full}: {_who_was_first(e.sentence)} {clash.question}", f"Write {clash.mine}" if clash.mine else "Take it out"
        )
        self._come_back(row, column)

    def _clash_answered(self, key: str) -> None:
        if key == "mine":
            self._write_mine()
        else:
            self._keep_theirs()

    def _keep_theirs(self) -> None:
        self._forget_refusals()
        self._focus_grid()

    def _write_mine(self) -> None:
        """Writes what was typed over what somebody else wrote, knowingly."""
        if self._clash is None:
            return
        pupil, session, text = self._clash
        row = self._model.find(pupil)
        self._forget_refusals()
        if row >= 0:
            self._typed(row, self._places.index(session), text)
        self._focus_grid()

    # --- many cells ------------------------------------------------------------------------------------------------

    def _pasted(self, row: int, column: int, cells: list[list[str]]) -> None:
        """Many cells at once: what can be is written as one act; what cannot is said, each at its row."""
        if self._sheet is None or self._why_none() is not None:
            return
        placed = self._view.placed(row, column, cells)
        self._write_many([(r, c, t) for r, c, t in placed.cells], placed.words)

    def _cleared(self, cells: list[tuple[int, int]]) -> None:
        self._write_many([(r, c, "") for r, c in cells], "")

    def _sheet_refused(self, sentence: str) -> None:
        self._workspace.say(sentence, "attention")

    def _write_many(self, cells: list[tuple[int, int, str]], beyond: str) -> None:
        """One act of many cells; where it changes marks of a register that has closed, one reason is asked for all of them before."""
        assert self._sheet is not None
        self._forget_refusals()
        rows = self._sheet.register.rows
        named = [(rows[row].pupil_id, self._places[column], text) for row, column, text in cells]
        if any(place == PM and text.strip() for _, place, text in named) and not self._early_meant(PM):
            return
        many, refused = self._try_many(named)
        if many.doubts and not self._meant(many.doubts):
            return
        if many.amended:
            self._ask_reasons(named, many, len(refused), beyond)
            return
        edits = many.edits()
        if edits:
            if not self._workspace.attempt(many.title, edits, grow=False):
                return
        elif not refused:
            self._workspace.say("Nothing was changed: these cells hold just that already.", "attention")
        self._say_many(many.count if edits else 0, refused, beyond)

    def _meant(self, doubts: list[tuple[str, str]]) -> bool:
        """Whether odd codes among many cells are meant; asked once for all of them. Without a yes nothing is written."""
        lines = [f"{who}: {sentence}" for who, sentence in doubts[:_DOUBTS_SHOWN]]
        if len(doubts) > _DOUBTS_SHOWN:
            lines.append(f"And {len(doubts) - _DOUBTS_SHOWN} more like these.")
        n = len(doubts)
        title = f"{n} odd {'code' if n == 1 else 'codes'} among them. Write all the same?"
        return ask_choice(self, title, " ".join(lines), (Choice("write", "Write them", "primary"),), leave="Write nothing") == "write"

    def _try_many(self, cells: list[Typed], why: str | None = None) -> tuple[ManyCells, list[tuple[Typed, str]]]:
        """The act of these cells and what of them is refused, with the sentence."""
        assert self._sheet is not None
        many = ManyCells(self._sheet, {s: self._closed(s) for s in SESSIONS}, why)
        refused: list[tuple[Typed, str]] = []
        for pupil, place, text in cells:
            row = self._row_of(pupil)
            if row is None:
                continue  # gone from the group while a reason was asked for
            try:
                many.put(row, place, text)
            except Refusal as e:
                refused.append(((pupil, place, text), e.sentence))
        return many, refused

    def _say_many(self, count: int, refused: list[tuple[Typed, str]], beyond: str) -> None:
        """What became of many cells; each that was refused says why below its row."""
        said = [f"{count} {'cell' if count == 1 else 'cells'} written."] if count else []
        if refused:
            said.append(f"{len(refused)} refused; each says why below its row.")
        if beyond:
            said.append(beyond)
        if refused or beyond:
            self._workspace.say(" ".join(said), "attention")
        by_pupil: dict[int, list[str]] = {}
        for (pupil, place, text), sentence in refused:
            row = self._model.find(pupil)
            if row < 0 or place not in self._places:
                continue
            column = self._places.index(place)
            self._model.cover(row, column, CodeCell(text.upper()[:4], "none", wrong=True, said=sentence))
            by_pupil.setdefault(pupil, []).append(f"{self._place_words(column)}: {sentence}")
        for pupil, sentences in by_pupil.items():
            r = self._row_of(pupil)
            if r is not None:
                self._refuse(pupil, f"{r.name.full}, " + " ".join(sentences))

    def _ask_reasons(self, cells: list[Typed], many: ManyCells, refused: int, beyond: str) -> None:
        from approgress.ui.forms.marks import ReasonsDialog

        beside: list[str] = []
        if many.count:
            beside.append(
                f"{many.count} more {'cell is' if many.count == 1 else 'cells are'} written in the same act and {'needs' if many.count == 1 else 'need'} none."
            )
        if refused:
            beside.append(f"{refused} cannot be written; each will say why below its row.")
        rows = [(a.name, a.session, a.old, a.new) for a in many.amended]
        write = partial(self._write_reasoned, cells, many.amended, beyond)
        dialog = ReasonsDialog(self._day, rows, " ".join(beside), write, self)
        dialog.finished.connect(self._focus_grid)
        show_dialog(dialog)

    def _write_reasoned(self, cells: list[Typed], shown: list[Amended], beyond: str, why: str) -> None:
        """The act with the reason. Refusal where other marks stand by now than those that were shown."""
        many, refused = self._try_many(cells, why)
        if many.amended != shown:
            raise Refusal("Somebody changed some of these marks while this was open. Nothing was written; leave this and do it again.")
        self._workspace.do(many.title, many.edits(), grow=False)
        self._say_many(many.count, refused, beyond)

    def _mark_all(self) -> None:
        if self._sheet is None or self._why_none() is not None:
            return
        self._forget_refusals()
        place = self._place_now()
        session = str(place) if place in SESSIONS else self._session_now()
        if not self._early_meant(session):
            return
        left_out = self._away_all_day(session)
        if left_out is None:
            return
        try:
            edits = self._sheet.all_present(session, but=left_out)
        except Refusal as e:
            self._workspace.say(e.sentence, "attention")
            return
        if edits:
            self._workspace.attempt(Title.TAKE_REGISTER, edits)
        else:
            self._workspace.say(f"Every {session} mark is there already.", "done")

    def _early_meant(self, session: str) -> bool:
        """Whether a register is meant that starts only later today; asked once a session and day."""
        starts = opens_at(self._workspace.school.setting, session)
        key = (0, session, "early", self._day)
        if session != PM or self._day != self._workspace.today or starts is None or self._now() >= starts - EARLY_MINUTES or key in self._accepted:
            return True
        sentence = f"The afternoon register starts at {clock(starts)}. A mark says who is there when it is taken."
        if ask_choice(self, "Take the afternoon register already?", sentence, (Choice("write", "Take it now", "primary"),), leave="Not yet") != "write":
            return False
        self._accepted.add(key)
        return True

    def _away_all_day(self, session: str) -> frozenset[int] | None:
        """Whom "mark blanks present" leaves out in the afternoon since they were away in the morning; None: nothing is to be done."""
        assert self._sheet is not None
        if session != PM:
            return frozenset()
        away = [r for r in self._sheet.register.rows if r.number(PM) is None and r.standing(PM).expected is None and self._was_away(r, AM) and not r.movements]
        if not away:
            return frozenset()
        who = ", ".join(f"{r.name.full} ({self._sheet.codes.text(r.number(AM))})" for r in away[:_DOUBTS_SHOWN])
        if len(away) > _DOUBTS_SHOWN:
            who += f" and {len(away) - _DOUBTS_SHOWN} more"
        choices = (Choice("rest", "Mark the others", "primary"), Choice("all", "Mark these too"))
        was = "was" if len(away) == 1 else "were"
        answer = ask_choice(self, "Have they come since?", f"{who} {was} not here in the morning.", choices, leave="Mark nobody")
        return frozenset(r.pupil_id for r in away) if answer == "rest" else frozenset() if answer == "all" else None

    # --- lists of what may be typed --------------------------------------------------------------------------------

    def _show_codes(self) -> None:
        if self._sheet is None or self._why_none() is not None:
            return
        at = self._view.currentIndex()
        place = self._place_now()
        row = self._sheet.register.rows[at.row()] if at.isValid() and at.row() < len(self._sheet.register.rows) else None
        if isinstance(place, int):
            if self._scale is None:
                return
            score = of_lesson(row, place)[0] if row is not None else None
            chosen = partial(self._chosen, row.pupil_id if row is not None else None, place, self._day)
            dialog = scale_dialog(self._scale, chosen, self, "" if score is None else str(score))
        else:
            session = str(place) if place in SESSIONS else self._session_now()
            held = self._sheet.codes.text(row.number(session)) if row is not None else ""
            chosen = partial(self._chosen, row.pupil_id if row is not None else None, session, self._day)
            dialog = codes_dialog(self._sheet, session, chosen, self, held)
        dialog.finished.connect(self._focus_grid)
        show_dialog(dialog)

    def _chosen(self, pupil: int | None, place: Place, day: date, key: str) -> None:
        # once the list is closed: a refusal is shown at the cell
        QTimer.singleShot(0, self, partial(self._type_for, pupil, place, day, key))

    def _type_for(self, pupil: int | None, place: Place, day: date, text: str) -> None:
        """Types for a pupil, wherever the pupil's row stands by now; nothing where the pupil or the day is not shown any more."""
        row = self._model.find(pupil) if pupil is not None and day == self._day else -1
        if row >= 0 and place in self._places:
            self._typed(row, self._places.index(place), text)
        elif pupil is not None:
            self._workspace.say(f"{text} was not written: this pupil or this day is no longer shown.", "attention")


def _who_was_first(sentence: str) -> str:
    """'J. Okafor changed this mark at 09:03 on 24 Nov 2026.': what the journal says, without the stored number that it cannot read."""
    return sentence.partition(" Your entry was not written")[0].partition(": the ")[0].rstrip(".") + "."
