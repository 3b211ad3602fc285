"""Recording force, restraint or seclusion: the record, a second adult's signature, the parent told, a leader's review, struck through.

Required since 1 April 2026 (england.md 2.5); the guidance's own field list was not read, so the list of fields is not confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from approgress.domain.acts.measures import check_day
from approgress.domain.acts.pupils import clean
from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Intervention, Person

SORTS: Final = {"force": "Guided or moved", "restraint": "Held", "seclusion": "Kept apart"}
"""force, restraint, seclusion as people say them."""
LONGEST = 600
_AFTER_SIGNING = frozenset(
    {"signed_by", "signed_on", "reviewed_by", "reviewed_on", "review", "told_who", "told_on", "told_how", "told_by", "withheld_why", "withheld_by",
     "pupils_account", "care", "struck", "struck_by", "struck_on"}
)  # fmt: skip
"""What may be added after the second adult signed; any other change needs a new signature."""


@dataclass(frozen=True, slots=True)
class InterventionForm:
    """What the form of the record holds."""

    day: date | None = None
    sort: str = ""
    at: int | None = None
    minutes: int | None = None
    place: str | None = None
    moment_id: int | None = None
    led_to: str | None = None
    tried_first: str | None = None
    why_needed: str | None = None
    what_done: str | None = None
    staff: str | None = None
    injury: str | None = None
    care: str | None = None
    pupils_account: str | None = None
    told_who: str | None = None
    told_on: date | None = None
    told_how: str | None = None
    told_by: str | None = None
    withheld_why: str | None = None
    withheld_by: str | None = None


def put_intervention(
    ids: NewIds, pupil: int, form: InterventionForm, *, today: date, person_id: int | None, held: Intervention | None = None
) -> list[Edit]:
    """The record, new or mended; what is still missing is listed by `missing` and does not keep it from being written on the day.

    A change of what the second adult signed takes the signature away, so that they sign what stands there.
    """
    if held is not None and held.struck is not None:
        raise Refusal("This record is struck through, so it is not changed any more. Make a new one.")
    day = check_day(form.day, today)
    if form.sort not in SORTS:
        raise Refusal("Say whether the pupil was guided, held or kept apart.", "sort")
    if form.minutes is not None and not 0 <= form.minutes <= LONGEST:
        raise Refusal(f"Minutes go from 0 to {LONGEST}.", "minutes")
    if form.at is not None and not 0 <= form.at < 24 * 60:
        raise Refusal("A time goes from 00:00 to 23:59.", "at")
    if not clean(form.what_done):
        raise Refusal("Write in a few words what was done.", "what_done")
    if form.told_on is not None:
        check_day(form.told_on, today, "told_on")
        if form.told_on < day:
            raise Refusal(f"{words(form.told_on)} is before it happened, {words(day)}.", "told_on")
    told = any((form.told_on, clean(form.told_who), clean(form.told_how), clean(form.told_by)))
    withheld = any((clean(form.withheld_why), clean(form.withheld_by)))
    if told and withheld:
        raise Refusal("Either the parent was told, or it was decided not to tell them: fill in one of the two.", "withheld_why")
    if told and form.told_on is None:
        raise Refusal("Say on which day the parent was told.", "told_on")
    if told and not clean(form.told_who):
        raise Refusal("Say who was told.", "told_who")
    if withheld and not clean(form.withheld_why):
        raise Refusal("Say why the parent is not told: what harm it could lead to.", "withheld_why")
    if withheld and not clean(form.withheld_by):
        raise Refusal("Say who decided that the parent is not told.", "withheld_by")
    made = Intervention(
        pupil_id=pupil,
        id=held.id if held else ids.other(),
        day=day,
        sort=form.sort,
        at=form.at,
        minutes=form.minutes,
        place=clean(form.place),
        moment_id=form.moment_id,
        led_to=clean(form.led_to),
        tried_first=clean(form.tried_first),
        why_needed=clean(form.why_needed),
        what_done=clean(form.what_done),
        staff=clean(form.staff),
        injury=clean(form.injury),
        care=clean(form.care),
        pupils_account=clean(form.pupils_account),
        told_who=clean(form.told_who),
        told_on=form.told_on,
        told_how=clean(form.told_how),
        told_by=clean(form.told_by),
        withheld_why=clean(form.withheld_why),
        withheld_by=clean(form.withheld_by),
        person_id=held.person_id if held else person_id,
    )
    if held is None:
        return [Put(made)]
    made = replace(
        made,
        signed_by=held.signed_by,
        signed_on=held.signed_on,
        reviewed_by=held.reviewed_by,
        reviewed_on=held.reviewed_on,
        review=held.review,
        privacy=held.privacy,
    )
    if made == held:
        return []
    if held.signed_by is not None and any(getattr(made, f) != getattr(held, f) for f in Intervention.__dataclass_fields__ if f not in _AFTER_SIGNING):
        made = replace(made, signed_by=None, signed_on=None)
    return [Put(made, held)]


def sign(held: Intervention, signer: Person | None, *, today: date) -> list[Edit]:
    """The second adult's signature: another person than the writer, in post, who reads it on the screen and confirms it themselves."""
    _open(held)
    if signer is None:
        raise Refusal("Choose the second adult who signs.", "signed_by")
    if signer.id == held.person_id:
        raise Refusal("Whoever wrote the record cannot sign it: a second adult does.", "signed_by")
    if signer.role == "visitor":
        raise Refusal("Somebody who may only look cannot sign.", "signed_by")
    if signer.last_day is not None and signer.last_day < held.day:
        raise Refusal(f"{signer.name} had left by then.", "signed_by")
    if held.signed_by is not None:
        raise Refusal("This record is signed already.", "signed_by")
    return [Put(replace(held, signed_by=signer.id, signed_on=today), held)]


def review(held: Intervention, reviewer: Person | None, text: str, *, today: date) -> list[Edit]:
    """The leader's review: what was learnt and what changes. A head or deputy writes it, and not of a record of their own."""
    _open(held)
    if reviewer is None or reviewer.role != "head":
        raise Refusal("The review is the head's or a deputy's: they unlock and write it.", "review")
    if reviewer.id == held.person_id:
        raise Refusal("Whoever wrote the record cannot review it: another leader does.", "review")
    said = clean(text)
    if said is None:
        raise Refusal("Write what was learnt and what changes.", "review")
    return [Put(replace(held, review=said, reviewed_by=reviewer.id, reviewed_on=today), held)]


def strike(held: Intervention, why: str, *, person_id: int | None, today: date) -> list[Edit]:
    """A record made in error, struck through with who and why; it stays, and counts nowhere."""
    _open(held)
    reason = clean(why)
    if reason is None:
        raise Refusal("Say why this record is struck through; the reason stays with it.", "struck")
    return [Put(replace(held, struck=reason, struck_by=person_id, struck_on=today), held, why=reason)]


def _open(held: Intervention) -> None:
    if held.struck is not None:
        raise Refusal("This record is struck through already.")


def missing(held: Intervention) -> tuple[str, ...]:
    """What the record still lacks, in words, the most pressing first; nothing for one that is struck through."""
    if held.struck is not None:
        return ()
    found: list[str] = []
    if held.told_on is None and not held.withheld_why:
        found.append("parent to be told")
    if held.signed_by is None:
        found.append("second adult\u2019s signature")
    for field, words_ in (
        ("place", "where"),
        ("staff", "staff present"),
        ("led_to", "what led to it"),
        ("tried_first", "what was tried first"),
        ("why_needed", "why it was needed"),
        ("injury", "injuries, or that there were none"),
        ("pupils_account", "the pupil\u2019s own account"),
    ):
        if not getattr(held, field):
            found.append(words_)
    if held.at is None:
        found.append("the time")
    if held.minutes is None:
        found.append("how long")
    if held.reviewed_by is None:
        found.append("leader\u2019s review")
    return tuple(found)


def form_of(held: Intervention) -> InterventionForm:
    """What the form holds for a record that is there."""
    return InterventionForm(**{f: getattr(held, f) for f in InterventionForm.__dataclass_fields__})
