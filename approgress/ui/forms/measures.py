"""What a school measures with: its instruments with their licence cards, and the one primary measure of each strand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.acts.setting import PrimaryMeasure, set_primary_measure, use_instrument
from approgress.domain.edits import Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.instruments import CONFIRMED, RESPONDENTS, SCHOOL, STRANDS, UNVERIFIED, Instrument
from approgress.domain.records import InstrumentFile, StrandMeasure
from approgress.style import STRANDS as LOOKS
from approgress.ui.ask import ask_open_files
from approgress.ui.forms.lists import at_left
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, Heading
from approgress.ui.parts.fields import ChoiceField, TickField
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.labels import Chip, Dot, Rule, Text
from approgress.ui.parts.layouts import CardGrid, FlowLayout
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from collections.abc import Callable

    from approgress.domain.edits import Changes, Edit, NewIds
    from approgress.school.school import School

    Do = Callable[[Title, Callable[[NewIds], list[Edit]]], Changes]

NONE = "none"


def what_is_confirmed(instrument: Instrument) -> list[str]:
    """What is known of an instrument's figures, a sentence each; figures that are not checked are named and never used."""
    said: list[str] = []
    for what, figures in (
        ("bands", instrument.bands),
        ("reliability", instrument.reliabilities),
        ("norms", instrument.norms),
        ("smallest change that counts", instrument.smallest_changes),
    ):
        checked = [f for f in figures if f.checked == CONFIRMED]
        own = [f for f in figures if f.checked == SCHOOL]
        open_ = [f for f in figures if f.checked == UNVERIFIED]
        if checked:
            said.append(f"{what.capitalize()}: confirmed.")
        if own:
            said.append(f"{what.capitalize()}: typed by the school.")
        if open_ and not checked and not own:
            said.append(f"{what.capitalize()}: not confirmed, so not used.")
    if not said:
        said.append("No published figures: changes are shown as they are, and judged only by this school’s own spread.")
    return said


class LicenceCard(Card):
    """One instrument: whose it is, what may be shown and kept, which of its figures are confirmed, and whether it is in use here."""

    def __init__(self, instrument: Instrument, owner: MeasuresBox, parent: QWidget | None = None) -> None:
        super().__init__(padding=0.9, parent=parent)
        self.instrument = instrument
        self._owner = owner
        head = QHBoxLayout()
        space(head, gap=0.5)
        head.addWidget(Dot(LOOKS[instrument.strand].role), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(Text(instrument.name, "strong", wrap=True), 1)
        self.add_layout(head)
        strand = STRANDS[instrument.strand]
        who = ", ".join(RESPONDENTS[r] for r in instrument.respondents)
        how = "answered item by item" if instrument.entry == "items" else "scores typed in"
        self.add(Text(f"{strand} · {who} · {how}" + (f" · edition {instrument.edition}" if instrument.edition else ""), "second", "quiet", wrap=True))
        chips = QWidget()
        flow = FlowLayout(chips, gap=0.3)
        if instrument.licence.text_may_be_shown:
            flow.addWidget(Chip("wording may be shown", "gain", "tick"))
        else:
            flow.addWidget(Chip("scores only: wording not ours to show", "none"))
        self.add(chips)
        self.add(Text(f"Owner: {instrument.licence.owner}", "second", wrap=True))
        if instrument.licence.line:
            self.add(Text(instrument.licence.line, "second", "quiet", wrap=True))
        for sentence in what_is_confirmed(instrument):
            self.add(Text(sentence, "second", "quiet", wrap=True))
        self.body.addStretch(1)
        self.tick = TickField("In use here", instrument.enabled)
        self.tick.box.setAccessibleName(f"{instrument.name} in use here")
        self.tick.edited.connect(self._ticked)
        self.add(self.tick)

    def _ticked(self) -> None:
        self._owner.use(self.instrument, self.tick.value())


class MeasuresBox(QWidget):
    """Instruments and primary measures of a school. Everything is kept as it is chosen; `troubled(sentence, kind)` says what could not be.

    `do` writes (the school's own, or a workspace's); `changed_here` is said after each.
    """

    troubled = Signal(str, str)

    def __init__(self, school: School, do: Do | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.school = school
        self.writing = False  # what it writes itself is shown already
        self._do: Do = do or school.do
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        primary = Card(
            "The measure that counts for each strand",
            sentence="Chosen beforehand, so that nobody can pick the kindest one afterwards. Groups are counted by it; a pupil’s page shows them all.",
            padding=1.0,
        )
        self._primary_grid = CardGrid({Fold.WIDE: 3, Fold.MIDDLE: 2, Fold.NARROW: 1}, gap=0.8, least=14)
        primary.add(self._primary_grid)
        self.primary: dict[str, ChoiceField] = {}
        for strand, name in STRANDS.items():
            field = ChoiceField(name, none="None", key=strand)
            field.setProperty("strand", strand)
            field.edited.connect(self._primary_chosen)
            self.primary[strand] = field
            self._primary_grid.add(field)
        column.addWidget(primary)
        self._heading = Heading("Instruments", sentence="Whose each one is, what may be shown, and which of its figures are confirmed.")
        column.addWidget(self._heading)
        self._cards = CardGrid({Fold.WIDE: 3, Fold.MIDDLE: 2, Fold.NARROW: 1}, gap=0.8, least=15)
        column.addWidget(self._cards)
        column.addWidget(Rule())
        self.add_button = Button("Add an instrument file…", icon="plus")
        self.add_button.clicked.connect(self.choose_file)
        column.addWidget(at_left(self.add_button))
        column.addStretch(1)
        self.show_all()

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Reads everything again."""
        self.library = self.school.library
        held = {m.strand: m for m in self.school.read(lambda r: r.every(StrandMeasure))}
        self._held = held
        for strand, field in self.primary.items():
            m = held.get(strand)
            self._offer(strand, f"{m.instrument}|{m.respondent}|{m.scale}" if m else "")
            field.set_wrong("")
        shown = sorted(self.library.instruments, key=lambda i: (list(STRANDS).index(i.strand), i.name))
        self._cards.clear()
        for instrument in shown:
            self._cards.add(LicenceCard(instrument, self))
        refused = [r.sentence for r in self.library.refused]
        if refused:
            self.troubled.emit(refused[0], "attention")
        if self.isVisible():
            self._cards.set_fold(fold_of(self))

    def _offer(self, strand: str, value: str) -> None:
        """What can be chosen for a strand: every scale and respondent of the instruments in use, and what is chosen now."""
        field = self.primary[strand]
        options = [
            (f"{i.id}|{respondent}|{scale.id}", _measure_words(i, respondent, scale.id))
            for i in self._newest(strand)
            for respondent in i.respondents
            for scale in i.scales
        ]
        if value and value not in dict(options):
            options.append((value, f"{value.split('|')[0]}, no longer in use"))
        field.set_options(options, value)
        reveal(field, bool(options))

    def _newest(self, strand: str) -> list[Instrument]:
        found: dict[str, Instrument] = {}
        for i in self.library.of_strand(strand):
            found[i.id] = i
        return list(found.values())

    # --- choosing --------------------------------------------------------------------------------------------------

    def use(self, instrument: Instrument, enabled: bool) -> None:
        """Takes an instrument into use or out of it."""
        held = next((f for f in self.school.read(lambda r: r.every(InstrumentFile)) if (f.instrument, f.edition) == (instrument.id, instrument.edition)), None)
        text = "" if held is not None else _bundled_text(instrument)

        def act(ids: NewIds) -> list[Edit]:
            return use_instrument(ids, instrument, text, enabled, held=held)

        if self._write(act, None):
            self._after()

    def _primary_chosen(self) -> None:
        field = self.sender()
        assert isinstance(field, ChoiceField)
        strand = str(field.property("strand"))
        value = field.value()
        chosen = PrimaryMeasure(*value.split("|")) if value else None
        held = self._held.get(strand)
        instruments = self.library.instruments

        def act(ids: NewIds) -> list[Edit]:
            return set_primary_measure(ids, 1, strand, chosen, held=held, instruments=instruments)

        if self._write(act, field):
            self._held = {m.strand: m for m in self.school.read(lambda r: r.every(StrandMeasure))}

    def add_file(self, path: Path) -> None:
        """Checks an instrument file and adds it; what is wrong with it is said with its line and rule."""
        from approgress.school.instruments import add_instrument

        try:
            instrument, changes = add_instrument(self.school, path)
        except (Refusal, Trouble) as e:
            self.troubled.emit(e.sentence, "error" if isinstance(e, Trouble) else "attention")
            return
        self.added(changes)
        self.show_all()
        said = f"{instrument.name} was added." if changes else f"{instrument.name} is there already, unchanged."
        self.troubled.emit(said, "done")

    def added(self, changes: Any) -> None:
        """Something was written past `do`; a page that holds a workspace tells it."""

    def choose_file(self) -> None:
        """Asks for an instrument file and adds it."""
        for path in ask_open_files(self, "An instrument file", "Instrument files (*.toml)", Path.home()):
            self.add_file(path)

    def _write(self, act: Callable[[NewIds], list[Edit]], field: ChoiceField | None) -> bool:
        self.writing = True
        try:
            self._do(Title.CHANGE_SETTING, act)
        except Refusal as refusal:
            if field is not None:
                field.set_wrong(refusal.sentence)
            else:
                self.troubled.emit(refusal.sentence, "attention")
            return False
        except Trouble as trouble:
            self.troubled.emit(trouble.sentence, "error")
            return False
        finally:
            self.writing = False
        return True

    def _after(self) -> None:
        """The cards stay as they are (the tick shows what was done); what can be chosen for a strand may have changed."""
        self.library = self.school.library
        for strand, field in self.primary.items():
            self._offer(strand, field.value())


def _measure_words(instrument: Instrument, respondent: str, scale: str) -> str:
    main = instrument.scale(scale)
    what = instrument.short if main is instrument.main else f"{instrument.short}, {main.name}"
    return f"{what} ({RESPONDENTS[respondent]})" if len(instrument.respondents) > 1 else what


def _bundled_text(instrument: Instrument) -> str:
    from approgress.paths import resource

    return resource("instruments", instrument.file_name).read_text(encoding="utf-8")
