"""Readings, goals, notes, strengths, starting points and next steps: what is recorded of a pupil's progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from approgress.domain.acts.pupils import clean
from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.instruments import Instrument
from approgress.domain.records import Event, Goal, NextStep, Note, Reading, StartingPoint, StartValue, StatedAttendance, Strength
from approgress.domain.scoring import SCORER, Answers, answers_to_bytes, score, score_typed

EARLIEST = date(2000, 1, 1)
RESPONDENTS = {"pupil": "Pupil", "teacher": "Teacher", "parent": "Parent or carer", "school": "Home school"}
SURE = {"high": "High", "medium": "Medium", "low": "Low"}


def check_day(day: date | None, today: date, field: str = "day") -> date:
    """The day, refused when it is missing, in the future or before 2000."""
    if day is None:
        raise Refusal("A date is needed.", field)
    if day > today:
        raise Refusal(f"{words(day)} lies in the future.", field)
    if day < EARLIEST:
        raise Refusal(f"{words(day)} is too long ago. Check the year.", field)
    return day


@dataclass(frozen=True, slots=True)
class ReadingForm:
    """What the form of a reading holds: either `scores` by scale, or `answers` by item number (scoring.DECLINED, NOT_REACHED)."""

    day: date | None
    respondent: str
    scores: Mapping[str, float] | None = None
    answers: Answers | None = None
    rater: str | None = None
    goal_id: int | None = None
    sure: str | None = None
    form: str | None = None
    edition: str | None = None  # the test itself, where the instrument leaves it open
    status: str = "complete"


def put_reading(
    ids: NewIds, pupil: int, instrument: Instrument, form: ReadingForm, *, today: date, held: Reading | None = None, source: str = "typed"
) -> list[Edit]:
    """A new or mended reading, scored here. Refusal names the scale or item that cannot be right."""
    day = check_day(form.day, today)
    if form.respondent not in instrument.respondents:
        raise Refusal(f"{instrument.name} is answered by {' or '.join(RESPONDENTS[r].lower() for r in instrument.respondents)}.", "respondent")
    main = instrument.main.id
    answers: bytes | None = None
    if form.answers is not None:
        if instrument.entry != "items":
            raise Refusal(f"{instrument.name} takes scores, not answers.", "answers")
        scores = score(instrument, form.answers)
        answers = answers_to_bytes(instrument, form.answers)
    else:
        if not form.scores:
            raise Refusal(f"Enter a score for {instrument.main.name}, or leave the form.", main)
        scores = score_typed(instrument, form.scores)
    value = scores.main.value
    record = Reading(
        pupil,
        held.id if held else ids.other(),
        day,
        instrument.id,
        form.edition or instrument.edition,
        form.respondent,
        value,
        scores.parts,
        answers,
        clean(form.rater),
        form.goal_id,
        form.status if value is not None or scores.parts is not None or form.status == "void" else "draft",
        held.why if held else None,
        SCORER,
        held.source if held else source,
        form.sure,
        clean(form.form),
    )
    return [Put(record, held)]


def void_reading(held: Reading, why: str) -> list[Edit]:
    """A reading that no longer counts; it stays, with the reason."""
    reason = clean(why)
    if reason is None:
        raise Refusal("Say why this reading does not count; the reason stays with it.", "why")
    return [Put(replace(held, status="void", why=reason), held, why=reason)]


def put_goal(
    ids: NewIds, pupil: int, said: str, *, today: date, owner: str = "pupil", target: int | None = None, target_day: date | None = None, held: Goal | None = None
) -> list[Edit]:
    """A goal in the words that were said, kept verbatim."""
    if not said.strip():
        raise Refusal("Write the goal in the pupil's own words.", "words")
    if target is not None and not 0 <= target <= 10:
        raise Refusal("A goal is rated from 0 to 10.", "target")
    record = Goal(pupil, held.id if held else ids.other(), said.strip(), owner, held.first_day if held else today, target, target_day)
    if held is not None:
        record = replace(record, ended_on=held.ended_on, rank=held.rank, audience=held.audience)
    return [Put(record, held)]


def write_note(ids: NewIds, pupil: int, day: date | None, text: str, *, today: date, sort: str = "note", person_id: int | None = None, audience: str = "staff", held: Note | None = None) -> list[Edit]:
    """A note; its text is kept letter for letter."""
    if not text.strip():
        raise Refusal("There is nothing written yet.", "text")
    privacy = held.privacy if held else "ordinary"
    return [Put(Note(pupil, held.id if held else ids.other(), check_day(day, today), sort, text, person_id, audience, privacy), held)]


def put_strength(ids: NewIds, pupil: int, sort: str, text: str, *, day: date, held: Strength | None = None) -> list[Edit]:
    """A strength: what the pupil is good at, what helps, or their own words."""
    if not text.strip():
        raise Refusal("Write the strength, in a few words.", "text")
    return [Put(Strength(pupil, held.id if held else ids.other(), sort, text.strip(), day, held.audience if held else "family"), held)]


def put_next_step(ids: NewIds, pupil: int, day: date | None, text: str, *, owner: str | None, held: NextStep | None = None) -> list[Edit]:
    """Something to be done by a day."""
    if not text.strip():
        raise Refusal("Write what is to be done.", "text")
    if day is None:
        raise Refusal("Say by which day.", "day")
    return [Put(NextStep(pupil, held.id if held else ids.other(), day, text.strip(), clean(owner), held.done_on if held else None), held)]


def finish_step(held: NextStep, day: date | None) -> list[Edit]:
    """A next step done on a day, or open again (None)."""
    return [Put(replace(held, done_on=day), held)]


def put_event(
    ids: NewIds, pupil: int, day: date | None, sort: str, label: str, *, planned: bool = False, half_days: int | None = None, held: Event | None = None
) -> list[Edit]:
    """Something that changed, for the time axis; new, or mended."""
    if day is None:
        raise Refusal("A date is needed.", "day")
    if not label.strip():
        raise Refusal("Name it in a few words.", "label")
    if half_days is not None and half_days < 1:
        raise Refusal("Half-days are counted from 1.", "half_days")
    record = Event(pupil, held.id if held else ids.other(), day, sort, label.strip(), half_days, planned)
    return [Put(replace(record, audience=held.audience) if held else record, held)]


def state_attendance(
    ids: NewIds,
    pupil: int,
    *,
    school: str,
    first_day: date | None,
    last_day: date | None,
    possible: int,
    attended: int,
    authorised: int,
    unauthorised: int,
    late: int | None = None,
    sure: str | None = None,
    said_on: date | None = None,
    held: StatedAttendance | None = None,
) -> list[Edit]:
    """Attendance as another school states it. The sum must hold: attended + authorised + unauthorised = possible."""
    if not school.strip():
        raise Refusal("Say which school states it.", "school")
    numbers = {"possible": possible, "attended": attended, "authorised": authorised, "unauthorised": unauthorised}
    for field, n in numbers.items():
        if n < 0:
            raise Refusal("Sessions are counted in whole numbers from 0.", field)
    if attended + authorised + unauthorised != possible:
        raise Refusal(
            f"{attended} attended + {authorised} authorised + {unauthorised} unauthorised make {attended + authorised + unauthorised}, not {possible} possible sessions.",
            "possible",
        )
    if first_day is not None and last_day is not None and last_day < first_day:
        raise Refusal("The period ends before it begins.", "last_day")
    record = StatedAttendance(
        pupil, held.id if held else ids.other(), school.strip(), first_day, last_day, possible, attended, authorised, unauthorised, late, None, "typed", said_on, sure
    )
    return [Put(record, held)]


@dataclass(frozen=True, slots=True)
class StartValueForm:
    """One value of a starting point as entered."""

    strand: str
    what: str
    reading_id: int | None = None
    stated_id: int | None = None
    value: float | None = None
    of: int | None = None
    detail: str | None = None
    source: str | None = None
    sure: str | None = None


def agree_starting_point(
    ids: NewIds, pupil: int, day: date | None, values: Iterable[StartValueForm], *, today: date, agreed_by: str, note: str | None = None
) -> list[Edit]:
    """A starting point agreed today, dated `day`, with its values. An earlier one stays beside it."""
    chosen = list(values)
    if not chosen:
        raise Refusal("A starting point needs at least one value. Enter a reading first, or attendance before.", "values")
    point = StartingPoint(pupil, ids.other(), check_day(day, today), today, agreed_by, clean(note))
    edits: list[Edit] = [Put(point)]
    for v in chosen:
        if v.reading_id is None and v.stated_id is None and v.value is None and not clean(v.detail):
            raise Refusal(f"“{v.what}” has no value.", "values")
        edits.append(
            Put(StartValue(pupil, ids.other(), point.id, v.strand, v.what, v.reading_id, v.stated_id, v.value, v.of, clean(v.detail), clean(v.source), v.sure))
        )
    return edits
