"""The form in which a starting point is agreed: what is known is offered, other values are typed, each with who said so and how sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.acts.measures import SURE, StartValueForm, agree_starting_point
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.errors import Refusal
from approgress.domain.instruments import STRANDS
from approgress.domain.records import StatedAttendance
from approgress.domain.values import share_words
from approgress.style import STRANDS as LOOKS
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, Heading
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, NoteField, NumberField, TextField, TickField
from approgress.ui.parts.labels import Dot, Text
from approgress.ui.theme import space

if TYPE_CHECKING:
    from approgress.domain.dossier import Dossier, PupilRecords
    from approgress.ui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that is known already: what it is, its words, where it comes from."""

    strand: str
    what: str
    words: str
    reading_id: int | None = None
    stated_id: int | None = None
    value: float | None = None
    of: int | None = None
    detail: str | None = None
    source: str = ""
    sure: str = ""


def offers_of(records: PupilRecords, dossier: Dossier) -> list[Offer]:
    """What can be taken into the starting point: first readings since day 0 (the latest, where one was agreed already), attendance as stated.

    Values of a starting point that is not agreed yet are offered as they stand.
    """
    agreed = dossier.starting_point.agreed
    found: list[Offer] = []
    named: set[int] = set()
    points = [p for p in records.starting_points if p.agreed_on is None]
    if points and not agreed:
        point = max(points, key=lambda p: (p.day, p.id))
        for v in records.start_values:
            if v.starting_point_id == point.id:
                if v.reading_id is not None:
                    named.add(v.reading_id)
                text = f"{v.value:g}" if v.value is not None else v.detail or ""
                found.append(Offer(v.strand, v.what, text, v.reading_id, v.stated_id, v.value, v.of, v.detail, v.source or "", v.sure or ""))
    raters = {r.id: r for r in records.readings}
    for s in dossier.series:
        point_ = (s.now or s.start) if agreed else s.start
        if not s.is_main or point_ is None or point_.reading_id in named:
            continue
        reading = raters.get(point_.reading_id)
        who = point_.rater or s.who
        found.append(
            Offer(
                s.strand,
                s.name,
                f"{point_.text} on {days.words(point_.day)}, {who}",
                reading_id=point_.reading_id,
                source=who,
                sure=(reading.sure if reading is not None else None) or "",
            )
        )
    stated = [o.stated_id for o in found if o.stated_id is not None]
    for a in records.stated:
        if a.id not in stated and _before(a, dossier.stay.began):
            span = f" to {days.words(a.last_day)}" if a.last_day else ""
            found.append(
                Offer(
                    "attendance",
                    "Attendance before",
                    f"{share_words(a.attended, a.possible)}{span}, {a.school}",
                    stated_id=a.id,
                    source=a.school,
                    sure=a.sure or "",
                )
            )
    order = list(STRANDS)
    return sorted(found, key=lambda o: order.index(o.strand))


def _before(stated: StatedAttendance, began: date | None) -> bool:
    return stated.last_day is not None and (began is None or stated.last_day <= began)


class OfferRow(QWidget):
    """A known value: taken with a tick, with how sure it is."""

    def __init__(self, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offer = offer
        row = QHBoxLayout(self)
        space(row, gap=0.6)
        row.addWidget(Dot(LOOKS[offer.strand].role))
        self.tick = TickField(offer.what, True)
        self.tick.box.setAccessibleName(f"{STRANDS[offer.strand]}: {offer.what}, {offer.words}")
        words = QVBoxLayout()
        space(words)
        words.addWidget(self.tick)
        words.addWidget(Text(offer.words, "second", "quiet", wrap=True))
        row.addLayout(words, 1)
        self.sure = ChoiceField("", list(SURE.items()), offer.sure, none="how sure?", width=7)
        self.sure.box.setAccessibleName(f"How sure: {offer.what}")
        row.addWidget(self.sure)

    def form(self) -> StartValueForm | None:
        """What it gives, None where it is not ticked."""
        if not self.tick.value():
            return None
        o = self.offer
        return StartValueForm(o.strand, o.what, o.reading_id, o.stated_id, o.value, o.of, o.detail, o.source or None, self.sure.value() or None)


class TypedRow(Card):
    """A value that is typed: strand, what it is, a number or words, who said so and how sure."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(kind="sunken", padding=0.6, parent=parent)
        self.strand = ChoiceField("Strand", list(STRANDS.items()), "home", key=f"strand{number}")
        self.what = TextField("What", key=f"what{number}", most=80, placeholder="Suspensions before")
        self.value = NumberField("Number", None, low=0, high=100000, decimals=2, key=f"value{number}", optional=True)
        self.of = NumberField("of", None, low=1, high=100000, key=f"of{number}", optional=True)
        self.detail = TextField("or words", key=f"detail{number}", optional=True, most=200)
        self.source = TextField("Who said so", key=f"source{number}", optional=True, most=80)
        self.sure = ChoiceField("How sure", list(SURE.items()), none="not said", key=f"sure{number}")
        for fields in ((self.strand, self.what), (self.value, self.of, self.detail), (self.source, self.sure)):
            row = QHBoxLayout()
            space(row, gap=0.6)
            for field in fields:
                row.addWidget(field, 1)
            self.add_layout(row)
        self.fields = (self.strand, self.what, self.value, self.of, self.detail, self.source, self.sure)

    def form(self) -> StartValueForm | None:
        """What was typed, None where nothing was; Refusal for a value without a name."""
        what, value, detail = self.what.value(), self.value.value(), self.detail.value()
        if not what and value is None and not detail:
            return None
        if not what:
            raise Refusal("Name this value in a few words.", self.what.key)
        if value is None and not detail:
            raise Refusal("A number or a few words are needed.", self.value.key)
        of = self.of.value()
        return StartValueForm(
            self.strand.value(),
            what,
            value=value,
            of=None if of is None else int(of),
            detail=detail or None,
            source=self.source.value() or None,
            sure=self.sure.value() or None,
        )


class StartingPointDialog(FormDialog):
    """Agrees a starting point from known and typed values; an earlier one stays beside it."""

    def __init__(self, workspace: Workspace, records: PupilRecords, dossier: Dossier, parent: QWidget | None = None) -> None:
        again = dossier.starting_point.agreed
        sentence = "All change is counted from it. Untick what does not belong; what is missing can be typed below."
        if again:
            sentence += " The earlier starting point stays beside the new one."
        super().__init__("Agree a new starting point" if again else "Agree the starting point", sentence, verb="Agree it", width=40, parent=parent)
        self.workspace = workspace
        self.pupil_id = records.pupil.id
        today = workspace.today
        day = today if again else dossier.starting_point.day or today
        self.day = DateField("It stands for", min(day, today), today=today, latest=today, key="day", help="Day 0, unless it was measured later.")
        self.by = TextField("Agreed by", workspace.school.viewer.name, key="agreed_by", most=120, help="Also the pupil and those at home, where they were asked.")
        self.add_row(self.day, self.by)
        self.add_widget(Heading("Known already"))
        self.offers = [OfferRow(offer) for offer in offers_of(records, dossier)]
        for row in self.offers:
            self.add_widget(row)
        if not self.offers:
            self.add_widget(Text("No reading and no attendance before are known yet.", "second", "quiet", wrap=True))
        self.add_widget(Heading("Other values"))
        self.typed: list[TypedRow] = []
        self.more = Button("Type a value", icon="plus", small=True)
        self.more.clicked.connect(self.add_value)
        box = QWidget()
        line = QHBoxLayout(box)
        space(line)
        line.addWidget(self.more)
        line.addStretch(1)
        self.add_widget(box)
        self._more_box = box
        self.note = NoteField("Note", key="note", lines=2, optional=True)
        self.add(self.note)

    def add_value(self) -> None:
        """One more value to type."""
        row = TypedRow(len(self.typed) + 1)
        self.typed.append(row)
        self._fields.extend(row.fields)
        self.form.insertWidget(self.form.indexOf(self._more_box), row)
        row.show()
        self._fit()
        row.what.setFocus()

    def submit(self) -> None:
        values = [f for f in (row.form() for row in (*self.offers, *self.typed)) if f is not None]
        by = self.by.value()
        if not by:
            raise Refusal("Say who agreed it.", "agreed_by")

        def act(ids: NewIds) -> Iterable[Edit]:
            return agree_starting_point(
                ids, self.pupil_id, self.day.value(), values, today=self.workspace.today, agreed_by=by, note=self.note.value() or None
            )

        self.workspace.do(Title.STARTING_POINT, act)
