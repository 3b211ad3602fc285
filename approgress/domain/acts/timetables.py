"""Part-time timetables and sessions elsewhere: making and mending them, what is refused and why, and which marks then disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from approgress.domain.acts.pupils import clean
from approgress.domain.agreed import Disagreement, disagreements, week_words
from approgress.domain.attendance import CodeSet, Span, on_roll
from approgress.domain.days import words
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Elsewhere, Mark, Timetable, TimetableReview, TimetableStep
from approgress.domain.school_year import of_compulsory_school_age
from approgress.domain.values import number

OUTCOMES = {
    "full_time": "Full time now",
    "extended": "Extended, with a new timetable",
    "ap": "Alternative provision",
    "ended": "Ended, without being full time",
    "other": "Other",
}
CODES = {
    "D": "At the other school where the pupil is registered",
    "K": "Arranged by the local authority",
    "B": "Arranged by this school",
}
"""The codes of sessions elsewhere and what each says (england.md 1.1, 1.2)."""

WEEK = 31
"""All five weekdays of a mask: 1 for Monday, 2, 4, 8, and 16 for Friday."""
USUAL_DAYS = 42
"""Some local authorities allow six weeks at most: local, not national (england.md 2.4)."""

_GUIDANCE = "DfE, “Working together to improve school attendance”"
_BEHAVIOUR = ("behav", "disrupt", "violen", "aggress", "fight", "defian", "sanction", "punish")


class NoSessions(Refusal):  # noqa: N818
    """Asked before a week without any agreed session is kept: the form is submitted again with `none_agreed` once a person has said so."""


# --- what the forms hold ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step of the build-up: from when, and the sessions agreed from then on (masks of weekdays). `id` None: new."""

    first_day: date | None
    am: int = 0
    pm: int = 0
    note: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """A review: due, held, and what was said. `id` None: new."""

    day: date | None
    held_on: date | None = None
    note: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class TimetableForm:
    """What the form of a part-time timetable holds. The first of `steps` begins with it. `none_agreed`: a person said so for a week of none."""

    reason: str = ""
    aim: str | None = None
    first_day: date | None = None
    target_end: date | None = None
    steps: tuple[StepForm, ...] = ()
    reviews: tuple[ReviewForm, ...] = ()
    agreed_by: str | None = None
    agreed_on: date | None = None
    la_told_on: date | None = None
    safeguarding: str | None = None
    work: str | None = None
    last_day: date | None = None
    outcome: str | None = None
    none_agreed: bool = False


@dataclass(frozen=True, slots=True)
class TimetableRows:
    """A part-time timetable with its steps and reviews, as they are held."""

    timetable: Timetable
    steps: tuple[TimetableStep, ...] = ()
    reviews: tuple[TimetableReview, ...] = ()

    @classmethod
    def of(cls, timetable: Timetable, steps: Iterable[TimetableStep], reviews: Iterable[TimetableReview]) -> TimetableRows:
        """Those of the rows that belong to this timetable, in order."""
        mine = sorted((s for s in steps if s.timetable_id == timetable.id), key=lambda s: (s.first_day, s.id))
        held = sorted((r for r in reviews if r.timetable_id == timetable.id), key=lambda r: (r.day, r.id))
        return cls(timetable, tuple(mine), tuple(held))

    def form(self) -> TimetableForm:
        """The form filled with what is held."""
        t = self.timetable
        return TimetableForm(
            reason=t.reason,
            aim=t.aim,
            first_day=t.first_day,
            target_end=t.target_end,
            steps=tuple(StepForm(s.first_day, s.am, s.pm, s.note, s.id) for s in self.steps),
            reviews=tuple(ReviewForm(r.day, r.held_on, r.note, r.id) for r in self.reviews),
            agreed_by=t.agreed_by,
            agreed_on=t.agreed_on,
            la_told_on=t.la_told_on,
            safeguarding=t.safeguarding,
            work=t.work,
            last_day=t.last_day,
            outcome=t.outcome,
            none_agreed=any(not s.am and not s.pm for s in self.steps),
        )


# --- what is refused --------------------------------------------------------------------------------------------------


def check_timetable(
    form: TimetableForm,
    *,
    today: date,
    others: Iterable[Timetable] = (),
    born: date | None = None,
    spans: Sequence[Span] | None = None,
) -> None:
    """Refuse a part-time timetable that cannot be right, naming the field (`reason`, `first_day`, `step_2`, `week_2`, `review_1`, ...).

    `others` are the pupil's other timetables at this setting. Rules: england.md 2.4 and, for compulsory school age, 1.2.
    """
    if not clean(form.reason):
        raise Refusal("Say why the pupil cannot be full time for now.", "reason")
    first = form.first_day
    if first is None:
        raise Refusal("Say on which day it begins.", "first_day")
    if first.year < 2000 or first.year > today.year + 2:
        raise Refusal(f"{words(first)} cannot be right. Check the year.", "first_day")
    if born is not None and not of_compulsory_school_age(born, first):
        raise Refusal(
            f"On {words(first)} the pupil is not of compulsory school age, so there is no part-time timetable (C2): sessions not required are X.",
            "first_day",
        )
    if spans is not None and not on_roll(first, spans):
        raise Refusal(f"The pupil is not on roll here on {words(first)}.", "first_day")
    if form.target_end is None:
        raise Refusal("Say by when full time is expected: a part-time timetable is for a time only.", "target_end")
    if form.target_end < first:
        raise Refusal(f"{words(form.target_end)} is before it begins ({words(first)}).", "target_end")
    _check_end(form, first, today)
    _check_others(form, first, others)
    _check_steps(form, first)
    _check_reviews(form, first, today)
    for day, field in ((form.agreed_on, "agreed_on"), (form.la_told_on, "la_told_on")):
        if day is not None and day > today:
            raise Refusal(f"{words(day)} lies in the future: enter it when it has happened.", field)
    if form.agreed_on is not None and not clean(form.agreed_by):
        raise Refusal("Who agreed? It is the parent or carer with whom the pupil lives.", "agreed_by")


def _check_end(form: TimetableForm, first: date, today: date) -> None:
    if form.outcome is not None and form.outcome not in OUTCOMES:
        raise Refusal(f"“{form.outcome}” is not an outcome that is known here.", "outcome")
    if form.last_day is None:
        if form.outcome is not None:
            raise Refusal("Say on which day it ended, or leave the outcome open.", "last_day")
        return
    if form.last_day < first:
        raise Refusal(f"{words(form.last_day)} is before it begins ({words(first)}).", "last_day")
    if form.last_day > today:
        raise Refusal(f"{words(form.last_day)} lies in the future: the day until which it is planned is entered above.", "last_day")
    if form.outcome is None:
        raise Refusal("Say how it ended.", "outcome")


def _check_others(form: TimetableForm, first: date, others: Iterable[Timetable]) -> None:
    for other in sorted(others, key=lambda t: t.first_day):
        if other.first_day <= (form.last_day or date.max) and first <= (other.last_day or date.max):
            until = f"to {words(other.last_day)}" if other.last_day is not None else "and has not ended"
            raise Refusal(
                f"Another part-time timetable runs from {words(other.first_day)} {until}, and there is only one at a time. "
                + ("Change the days." if other.last_day is not None else "Change that one, or say when it ended."),
                "first_day",
            )


def _check_steps(form: TimetableForm, first: date) -> None:
    if not form.steps:
        raise Refusal("Say which sessions are agreed.", "week_1")
    seen: dict[date, int] = {}
    assert form.target_end is not None
    until = max(form.target_end, form.last_day or form.target_end)  # steps planned and never reached may stay
    for n, step in enumerate(form.steps, start=1):
        begins = first if n == 1 else step.first_day
        if begins is None:
            raise Refusal("Say from which day on.", f"step_{n}")
        if not (0 <= step.am <= WEEK and 0 <= step.pm <= WEEK):
            raise Refusal("Agreed sessions are those of Monday to Friday.", f"week_{n}")
        if begins < first:
            raise Refusal(f"{words(begins)} is before the timetable begins ({words(first)}).", f"step_{n}")
        if begins > until:
            raise Refusal(f"{words(begins)} is after the timetable ends ({words(until)}).", f"step_{n}")
        if begins in seen:
            raise Refusal(f"Two steps begin on {words(begins)}.", f"step_{n}")
        seen[begins] = n
    if all(s.am == WEEK and s.pm == WEEK for s in form.steps):
        raise Refusal(
            "Every session is agreed, so this is full time and needs no part-time timetable. Take the sessions out that are not agreed.",
            "week_1",
        )
    empty = next((n for n, s in enumerate(form.steps, start=1) if not s.am and not s.pm), None)
    if empty is not None and not form.none_agreed:
        raise NoSessions("No session at all is agreed in this week. If that is right, tick the box below the weeks.", f"week_{empty}")


def _check_reviews(form: TimetableForm, first: date, today: date) -> None:
    if not form.reviews:
        raise Refusal("Say when it will be reviewed with the pupil and parents: at least one day.", "review_1")
    seen: set[date] = set()
    for n, review in enumerate(form.reviews, start=1):
        field = f"review_{n}"
        if review.day is None:
            raise Refusal("Say on which day this review is due.", field)
        if review.day < first:
            raise Refusal(f"{words(review.day)} is before the timetable begins ({words(first)}).", field)
        if review.day in seen:
            raise Refusal(f"Two reviews are due on {words(review.day)}.", field)
        seen.add(review.day)
        if review.held_on is not None and review.held_on > today:
            raise Refusal(f"{words(review.held_on)} lies in the future: enter it when it was held.", f"held_{n}")
        if review.held_on is not None and review.held_on < first:
            raise Refusal(f"{words(review.held_on)} is before the timetable begins ({words(first)}).", f"held_{n}")


NOT_AGREED = (
    "Kept, but not agreed yet: it needs the agreement of the parent with whom the pupil lives. Write down who agreed and on which day once they have."
)


def hints(form: TimetableForm, *, today: date, social_worker: bool = False) -> tuple[tuple[str, str], ...]:
    """What is worth a second look: the field and a sentence with its source. None of it stops anything."""
    found: list[tuple[str, str]] = []
    said = f"{form.reason} {form.aim or ''}".casefold()
    if any(word in said for word in _BEHAVIOUR):
        found.append(("reason", f"A part-time timetable is not a way to manage behaviour ({_GUIDANCE})."))
    if form.first_day is not None and form.target_end is not None and (form.target_end - form.first_day).days > USUAL_DAYS:
        found.append(("target_end", "Longer than six weeks: some local authorities allow no more. Ask yours; there is no national limit."))
    if form.last_day is None and form.target_end is not None and form.target_end < today:
        found.append(("target_end", f"It was to end on {words(form.target_end)}. Say how it ended, or agree a new day."))
    first_review = min((r.day for r in form.reviews if r.day is not None), default=None)
    if form.target_end is not None and first_review is not None and first_review > form.target_end:
        found.append(("review_1", "The first review is due after the timetable is to end."))
    if not clean(form.agreed_by) or form.agreed_on is None:
        found.append(("agreed_by", f"It needs the agreement of the parent with whom the pupil lives ({_GUIDANCE})."))
    if form.la_told_on is None:
        found.append(("la_told_on", "The local authority has not been told yet."))
    if social_worker:
        found.append(("safeguarding", f"The pupil has a social worker, who is to be part of it ({_GUIDANCE})."))
    return tuple(found)


# --- making and mending -----------------------------------------------------------------------------------------------


def put_timetable(
    ids: NewIds,
    pupil: int,
    setting: int,
    form: TimetableForm,
    *,
    today: date,
    held: TimetableRows | None = None,
    others: Iterable[Timetable] = (),
    born: date | None = None,
    spans: Sequence[Span] | None = None,
) -> list[Edit]:
    """A new part-time timetable, or what differs between the one held and the form. Marks already taken are never touched."""
    check_timetable(form, today=today, others=others, born=born, spans=spans)
    assert form.first_day is not None
    before = held.timetable if held is not None else None
    after = Timetable(
        pupil,
        before.id if before is not None else ids.other(),
        before.setting_id if before is not None else setting,
        (form.reason or "").strip(),
        form.first_day,
        form.target_end,
        form.last_day,
        form.outcome,
        clean(form.aim),
        clean(form.agreed_by),
        form.agreed_on,
        form.la_told_on,
        clean(form.safeguarding),
        clean(form.work),
    )
    edits: list[Edit] = [] if after == before else [Put(after, before)]
    steps = {s.id: s for s in held.steps} if held is not None else {}
    for n, s in enumerate(form.steps):
        begins = form.first_day if n == 0 else s.first_day
        assert begins is not None
        old = steps.pop(s.id, None) if s.id is not None else None
        new = TimetableStep(pupil, old.id if old is not None else ids.other(), after.id, begins, s.am, s.pm, clean(s.note))
        if new != old:
            edits.append(Put(new, old))
    reviews = {r.id: r for r in held.reviews} if held is not None else {}
    for r in form.reviews:
        assert r.day is not None
        was = reviews.pop(r.id, None) if r.id is not None else None
        now = TimetableReview(pupil, was.id if was is not None else ids.other(), after.id, r.day, r.held_on, clean(r.note))
        if now != was:
            edits.append(Put(now, was))
    return [*edits, *map(Erase, steps.values()), *map(Erase, reviews.values())]


def take_out_timetable(held: TimetableRows) -> list[Edit]:
    """A part-time timetable entered by mistake, taken out with its steps and reviews; marks stay as they are."""
    return [Erase(held.timetable), *map(Erase, held.steps), *map(Erase, held.reviews)]


def hold_review(review: TimetableReview, held_on: date, note: str | None, *, today: date) -> list[Edit]:
    """A review was held on that day."""
    if held_on > today:
        raise Refusal(f"{words(held_on)} lies in the future: enter it when it was held.", "held_on")
    changed = replace(review, held_on=held_on, note=clean(note) or review.note)
    return [] if changed == review else [Put(changed, review)]


def after_edits(
    timetables: Iterable[Timetable], steps: Iterable[TimetableStep], edits: Iterable[Edit]
) -> tuple[tuple[Timetable, ...], tuple[TimetableStep, ...]]:
    """Timetables and steps as they will be once the edits are written."""
    tables = {t.id: t for t in timetables}
    held = {s.id: s for s in steps}
    for edit in edits:
        record = edit.seen if isinstance(edit, Erase) else edit.record
        where: dict[int, object] | None = tables if isinstance(record, Timetable) else held if isinstance(record, TimetableStep) else None  # type: ignore[assignment]
        if where is None:
            continue
        if isinstance(edit, Erase):
            where.pop(record.id, None)
        else:
            where[record.id] = record
    return tuple(tables.values()), tuple(held.values())


def marks_left(
    marks: Sequence[Mark], codes: CodeSet, timetables: Sequence[Timetable], steps: Sequence[TimetableStep], edits: Iterable[Edit]
) -> tuple[Disagreement, ...]:
    """Marks already taken that went with the timetables before the edits and no longer do after them. They are left as they are."""
    new_tables, new_steps = after_edits(timetables, steps, edits)
    before = set(disagreements(marks, codes, timetables, steps))
    return tuple(d for d in disagreements(marks, codes, new_tables, new_steps) if d not in before)


def left_words(left: Sequence[Disagreement], most: int = 4) -> str:
    """'3 marks already taken do not go with it and were left as they are: Tue 24 Nov AM: C2, but agreed; ...'; '' for none."""
    if not left:
        return ""
    one = len(left) == 1
    named = "; ".join(d.words for d in left[:most])
    more = f"; and {number(len(left) - most)} more" if len(left) > most else ""
    return (
        f"{number(len(left))} mark{'' if one else 's'} already taken {'does' if one else 'do'} not go with it and "
        f"{'was' if one else 'were'} left as {'it is' if one else 'they are'}: {named}{more}. Amend them in the register if they are wrong."
    )


# --- sessions elsewhere -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ElsewhereForm:
    """What the form of sessions elsewhere holds; masks of weekdays as for a timetable."""

    code: str = ""
    am: int = 0
    pm: int = 0
    first_day: date | None = None
    last_day: date | None = None
    partner_id: int | None = None
    place: str | None = None


def form_of(held: Elsewhere) -> ElsewhereForm:
    """The form filled with what is held."""
    return ElsewhereForm(held.code, held.am, held.pm, held.first_day, held.last_day, held.partner_id, held.place)


def check_elsewhere(form: ElsewhereForm, others: Iterable[Elsewhere] = ()) -> None:
    """Refuse a pattern of sessions elsewhere that cannot be right, naming the field. `others` are the pupil's other patterns here."""
    if form.code not in CODES:
        raise Refusal("Say who arranged it: the other school (D), the local authority (K) or this school (B).", "code")
    if not (0 <= form.am <= WEEK and 0 <= form.pm <= WEEK) or not (form.am or form.pm):
        raise Refusal("Say in which sessions the pupil is elsewhere.", "week")
    if form.first_day is not None and form.last_day is not None and form.last_day < form.first_day:
        raise Refusal(f"{words(form.last_day)} is before it begins ({words(form.first_day)}).", "last_day")
    if form.code == "D" and form.partner_id is None:
        raise Refusal("Choose the other school where the pupil is registered. D is for no other place.", "partner_id")
    if form.code == "B" and not clean(form.place):
        raise Refusal("Say where: for B the place is recorded (with the time, in the register).", "place")
    for other in others:
        if not _together(form, other):
            continue
        am, pm = form.am & other.am, form.pm & other.pm
        if am or pm:
            raise Refusal(
                f"{week_words(am, pm)[:1].upper()}{week_words(am, pm)[1:]}: {other.code} is entered there already. A session has one code.",
                "week",
            )


def _together(form: ElsewhereForm, other: Elsewhere) -> bool:
    return (form.first_day or date.min) <= (other.last_day or date.max) and (other.first_day or date.min) <= (form.last_day or date.max)


def elsewhere_hints(form: ElsewhereForm) -> tuple[tuple[str, str], ...]:
    """What is worth a second look: the field and a sentence; nothing is stopped by it (england.md 1.2)."""
    found: list[tuple[str, str]] = []
    if form.code == "B":
        found.append(("code", "B needs someone suitable who supervises, and this school stays responsible for safety."))
    if form.code in ("B", "K") and form.partner_id is not None:
        found.append(("partner_id", "If the pupil is registered at that school, the code is D, never K or B."))
    if form.code in ("B", "K") and "home" in (form.place or "").casefold().split():
        found.append(("place", "Work at home is not B or K: it is the true reason, or C2 on a part-time timetable (DfE attendance guidance)."))
    return tuple(found)


def put_elsewhere(
    ids: NewIds, pupil: int, setting: int, form: ElsewhereForm, *, held: Elsewhere | None = None, others: Iterable[Elsewhere] = ()
) -> list[Edit]:
    """A new pattern of sessions elsewhere, or what differs from the one held. Marks already taken are never touched."""
    check_elsewhere(form, others)
    after = Elsewhere(
        pupil,
        held.id if held is not None else ids.other(),
        held.setting_id if held is not None else setting,
        form.code,
        form.am,
        form.pm,
        form.first_day,
        form.last_day,
        form.partner_id,
        clean(form.place),
    )
    return [] if after == held else [Put(after, held)]
