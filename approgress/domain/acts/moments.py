"""Writing moments down: a draft kept at each field, done, mended, taken out, home told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from approgress.domain.acts.measures import check_day
from approgress.domain.acts.pupils import clean
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.moments import COMPLETE, DRAFT, INCIDENT, TONE_WORDS, TONES
from approgress.domain.records import ORDINARY, RESTRICTED, Moment

LONGEST_SETTLE = 600
MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class MomentForm:
    """What the page of a moment holds. What only an incident asks is kept also while another tone is chosen, and written for incidents only."""

    tone: str = "good"
    sort: str = ""
    text: str = ""
    helped: str = ""
    place: str = ""
    day: date | None = None
    session: str | None = None
    lesson: int | None = None
    at: int | None = None
    before: str = ""
    response: str = ""
    severity: int | None = None
    minutes_to_settle: int | None = None
    restricted: bool = False
    tell_home: bool = False

    @property
    def answered(self) -> bool:
        """Whether anything was said beside who, so that there is something to keep."""
        return any(t.strip() for t in (self.sort, self.text, self.helped, self.before, self.response)) or self.severity is not None


def keep_draft(ids: NewIds, pupils: Sequence[int], form: MomentForm, *, today: date, person_id: int | None, held: Sequence[Moment] = ()) -> list[Edit]:
    """The entry as far as it was typed: a moment for each pupil, a draft if it was none before. Nothing without a pupil or an answer.

    A moment that was done already stays done when it is mended. Refusal for a day in the future.
    """
    if not pupils or (not form.answered and not held):
        return []
    return _write(ids, pupils, form, today, person_id, held, None)


def finish(ids: NewIds, pupils: Sequence[int], form: MomentForm, *, today: date, person_id: int | None, held: Sequence[Moment] = ()) -> list[Edit]:
    """The entry done, one moment for each pupil. Two answers are enough: who, and what or a few words. Refusal names what is missing."""
    if not pupils:
        raise Refusal("Say who it was about. What you typed is still here.", "pupils")
    if not form.sort.strip() and not form.text.strip():
        raise Refusal("Choose what it was, or write a few words. What you typed is still here.", "sort")
    return _write(ids, pupils, form, today, person_id, held, COMPLETE)


def _write(
    ids: NewIds, pupils: Sequence[int], form: MomentForm, today: date, person_id: int | None, held: Sequence[Moment], status: str | None
) -> list[Edit]:
    if form.tone not in TONES:
        raise Refusal("Choose whether it was good, worth knowing, or an incident.", "tone")
    day = check_day(form.day if form.day is not None else today, today)
    _check(form)
    wanted = list(dict.fromkeys(pupils))
    before = {m.pupil_id: m for m in held}
    numbers = {p: before[p].id if p in before else ids.other() for p in wanted}
    # the id that joins an entry is that of its first moment, which need not stay in it
    joint = next((m.joint for m in held if m.joint is not None), None) or (min(numbers.values()) if len(wanted) > 1 else None)
    incident = form.tone == INCIDENT
    as_others = COMPLETE if any(m.status == COMPLETE for m in held) else DRAFT
    edits: list[Edit] = [Erase(m) for m in held if m.pupil_id not in numbers]
    for pupil in wanted:
        old = before.get(pupil)
        made = Moment(
            pupil_id=pupil,
            id=numbers[pupil],
            day=day,
            tone=form.tone,
            sort=" ".join(form.sort.split()) or ("" if status is None and as_others == DRAFT else TONE_WORDS[form.tone]),
            session=form.session,
            place=clean(form.place),
            before=clean(form.before) if incident else None,
            response=clean(form.response) if incident else None,
            minutes_to_settle=form.minutes_to_settle if incident else None,
            text=clean(form.text),
            person_id=old.person_id if old is not None else person_id,
            severity=form.severity if incident else None,
            helped=clean(form.helped),
            lesson=form.lesson,
            at=form.at,
            joint=joint,
            tell_home=form.tell_home,
            told_home_on=old.told_home_on if old is not None else None,
            status=status or (old.status if old is not None else as_others),
            # a class of its own that somebody gave it stays, where the form only says that it is not for all
            privacy=(old.privacy if old is not None and old.privacy != ORDINARY else RESTRICTED) if form.restricted else ORDINARY,
        )
        if made != old:
            edits.append(Put(made, old))
    return edits


def _check(form: MomentForm) -> None:
    if form.severity is not None and form.severity not in (1, 2, 3):
        raise Refusal("How serious goes from 1 (mild) to 3 (serious).", "severity")
    minutes = form.minutes_to_settle
    if minutes is not None and not 0 <= minutes <= LONGEST_SETTLE:
        raise Refusal(f"Minutes to settle go from 0 to {LONGEST_SETTLE}.", "minutes_to_settle")
    if form.at is not None and not 0 <= form.at < MINUTES_OF_DAY:
        raise Refusal("A time goes from 00:00 to 23:59.", "at")
    if form.lesson is not None and not 0 <= form.lesson < 8:
        raise Refusal("Lessons are counted from 1 to 8.", "lesson")
    if form.session not in (None, "AM", "PM"):
        raise Refusal("A session is AM or PM.", "session")


def take_out(held: Sequence[Moment]) -> list[Edit]:
    """An entry taken out, all of its moments; undo brings it back."""
    return [Erase(m) for m in held]


def told_home(held: Sequence[Moment], day: date | None) -> list[Edit]:
    """Home was told of it on a day; None: still to be told."""
    return [Put(replace(m, tell_home=True, told_home_on=day), m) for m in held if m.told_home_on != day or not m.tell_home]


def form_of(moment: Moment) -> MomentForm:
    """What the page holds for a moment that is there."""
    m = moment
    return MomentForm(
        tone=m.tone,
        sort="" if m.sort == TONE_WORDS.get(m.tone) else m.sort,
        text=m.text or "",
        helped=m.helped or "",
        place=m.place or "",
        day=m.day,
        session=m.session,
        lesson=m.lesson,
        at=m.at,
        before=m.before or "",
        response=m.response or "",
        severity=m.severity,
        minutes_to_settle=m.minutes_to_settle,
        restricted=m.privacy != ORDINARY,
        tell_home=m.tell_home,
    )
