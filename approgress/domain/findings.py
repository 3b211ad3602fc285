"""Findings: plain sentences made by rule from the numbers of a dossier, each carrying the numbers it rests on and who may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from approgress.domain import change, days
from approgress.domain.dossier import FAMILY, SCHOOLS, Dossier, Series, in_sentence, may_read
from approgress.domain.instruments import AGE_MONTHS, STANDARD_SCORE, STRANDS, fits
from approgress.domain.strands import ABOUT_WORDS, Sign, unit_words
from approgress.domain.values import Value, how_many, number


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence; `strong` is set bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence. `about`: strengths, arrival, attendance, wellbeing ..., evidence, missing, next. `audience` as in the dossier."""

    about: str
    runs: tuple[Run, ...]
    values: tuple[Value, ...] = ()
    audience: str = "family"

    @property
    def text(self) -> str:
        """The sentence without its weights."""
        return "".join(r.text for r in self.runs)


def _finding(about: str, *pieces: str | Run, values: tuple[Value, ...] = (), audience: str = FAMILY) -> Finding:
    runs = tuple(p if isinstance(p, Run) else Run(p) for p in pieces)
    return Finding(about, runs, values, audience)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stop(text: str) -> str:
    """A text as the end of a sentence: with one full stop, unless it ends in a mark of its own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "\u2026")) else f"{text}."


# --- sentences about each strand, used under charts too ---------------------------------------------------------------


def attendance_sentence(d: Dossier) -> str:
    """Attendance as counts: before as stated, since as marked; 'no possible sessions' where there are none."""
    a = d.attendance
    since = a.since.rate
    if not since.of:
        return f"There were no possible sessions up to {days.words(d.last)}: 0 of 0."
    now = f"{sessions_words(since, d.statutory)} attended since day 0"
    if a.before is None or not a.before.rate.of:
        return f"{now}; nothing is known of the time before."
    before = f"{sessions_words(a.before.rate, d.statutory)} attended before, as {a.before.stated_by} stated"
    text = f"{before}; {now}: {a.sign.words}."
    if a.comparison is not None and a.comparison[1] is not a.since:
        text += f" Over as many days here as the time before has: {sessions_words(a.comparison[1].rate, d.statutory)}."
    return text


def sessions_words(value: Value, statutory: bool) -> str:
    """'128 of 173 possible sessions (74.0%)'; where no percentages are seen '128 of 173 sessions offered'."""
    if not statutory:
        return f"{value.counts} sessions offered"
    return f"{value.counts} possible sessions ({value.text})" if value.of else f"{value.counts} possible sessions"


def engagement_sentence(d: Dossier) -> str:
    """Engagement as counts of rated lessons, with the weekly trend where there are weeks enough."""
    e = d.engagement
    if not e.rated:
        return "No lesson has been rated yet."
    j = e.judgement
    if j is None:
        return f"{number(e.rated)} lessons were rated, and no scale of engagement is in use to count them by."
    if j.start is None or j.now is None or j.verdict == change.CANNOT_BE_JUDGED:
        first = f"{j.start.value.counts} rated lessons {e.top_words} so far; " if j.start is not None and j.start.value.of else ""
        return _capital(f"{first}a change in engagement cannot be judged: {j.why}.")
    trend = change.weekly_trend(e.weeks)
    told = f"; {trend.words}" if trend else ""
    weeks = change.ENGAGEMENT_WEEKS
    return (
        f"{j.start.value.counts} rated lessons {e.top_words} in the first {weeks} school weeks, {j.now.value.counts} in the last {weeks}: "
        f"{e.sign.words}{told}."
    )


def behaviour_sentence(d: Dossier) -> str:
    """Incidents with the sessions attended beside them, first half-term and last, and good moments."""
    b = d.behaviour
    if not (b.incidents or b.good or b.neutral):
        return "No moments have been written down yet, so nothing can be told of behaviour."
    sessions = sum(h.attended for h in b.half_terms)
    good = f" {_capital(how_many(b.good, 'good moment'))} in {how_many(sessions, 'session')} attended."
    if b.start is None:
        return f"{how_many(b.incidents, 'incident')}, and no session attended to count them by.{good}"
    if b.now is None:
        return f"{how_many(b.start.incidents, 'incident')} in {how_many(b.start.attended, 'session')} attended in {b.start.name}.{good}"
    return (
        f"{how_many(b.start.incidents, 'incident')} in {how_many(b.start.attended, 'session')} attended in {b.start.name}, "
        f"{number(b.now.incidents)} in {number(b.now.attended)} in {b.now.name}: {b.sign.words}.{good}"
    )


def verdict_words(s: Series) -> str:
    """What a series' change means, to follow a semicolon: the verdict, or that it cannot be judged and why; a published fact beside it."""
    j = s.judgement
    if s.scale.kind == AGE_MONTHS or j.verdict is None:
        return s.sign.text
    fact = f"; the change is {j.smallest_change_words}" if j.smallest_change_words else ""
    if j.verdict == change.CANNOT_BE_JUDGED:
        return f"whether that is more than ordinary wobble cannot be judged: {j.why}{fact}"
    if j.verdict == change.NO_CLEAR_CHANGE:
        if s.scale.kind == STANDARD_SCORE:
            return f"{j.words} ({j.needs_words}){fact}"
        return f"no clear change: a difference of this size may be ordinary wobble ({j.needs_words}){fact}"
    return f"a {j.words}, more than ordinary wobble ({j.needs_words}){fact}"


def series_sentence(s: Series) -> str:
    """A series from start to now with its days, how many readings, and what the change means."""
    if not s.points:
        return f"{s.name}: not answered yet."
    if s.start is None:
        return f"{s.name}: {how_many(len(s.points), 'reading')}, none of them since day 0."
    if s.now is None:
        return f"{s.name}: {s.start.text} on {days.words(s.start.day)}; a change cannot be judged: {s.judgement.why}."
    return (
        f"{s.name}: from {s.start.text} on {days.words(s.start.day)} to {s.now.text} on {days.words(s.now.day)}, "
        f"{how_many(len(s.points), 'reading')}; {verdict_words(s)}."
    )


# --- the opening paragraph --------------------------------------------------------------------------------------------


def opening(d: Dossier) -> tuple[Finding, ...]:
    """The report's opening paragraph: strengths first, then how the pupil came, attendance, each measured strand, and what is planned.

    Pronouns come from the field only; with none the name stands in every sentence. Sentences say what is missing rather than leave it out.
    """
    found = [*strengths(d), *arrival(d), *_attendance(d)]
    for view in d.strands:
        if view.series is not None:
            found.append(_measured(d, view.series))
        elif view.strand == "engagement" and d.engagement.rated:
            found.append(Finding("engagement", (Run("Engagement", True), Run(f": {engagement_sentence(d)}")), (view.start, view.now)))
        elif view.strand == "behaviour" and (d.behaviour.incidents or d.behaviour.good or d.behaviour.neutral):
            values = tuple(c.rate for c in (d.behaviour.start, d.behaviour.now) if c is not None)
            found.append(Finding("behaviour", (Run("Behaviour", True), Run(f": {behaviour_sentence(d)}")), values))
    found += not_known(d)
    found += planned(d)
    return tuple(f for f in found if may_read(d.audience, f.audience))


def strengths(d: Dossier) -> list[Finding]:
    """What the pupil is good at, and what helps, in the words in which it was written down."""
    name = d.name
    good = [s.text for s in d.strengths if s.sort == "good_at" and s.text.strip()]
    if not good:
        return [_finding("strengths", f"What {name.call} is good at has not been written down yet.")]
    return [Finding("strengths", (Run(f"{name.call} is good at {_stop('; '.join(t.strip().rstrip('.') for t in good))}", True),))]


def arrival(d: Dossier) -> list[Finding]:
    """When and how the pupil came, and what is known of the time before."""
    name, began = d.name, d.stay.began
    if d.stay.enrolment is None and began is None:
        return [_finding("arrival", f"{name.call} has no time on roll here yet.")]
    if began is None:
        return [_finding("arrival", f"The day on which {name.call} came is not known.")]
    if began > d.last:
        return [_finding("arrival", f"{name.call} comes on {days.words(began)}.")]
    placement = d.header.placement or next(iter(reversed(d.header.placements)), None)
    kind = ""
    if placement is not None:
        words = placement.words.split(",")[0]
        kind = f" for {_article(words)}" if placement.state != "planned" else ""
    found = [Finding("arrival", (Run(f"{_capital(name.subject)} came on {days.words(began)}{kind}."),))]
    before = d.attendance.before
    if before is not None and before.rate.of:
        when = "In the year before" if before.short == "year before" else "In the time before"
        text = f"{when} {name.subject} had attended {sessions_words(before.rate, d.statutory)}, as {before.stated_by} stated."
        found.append(Finding("before", (Run(text),), (before.rate,)))
    suspensions = d.behaviour.suspensions_before
    if suspensions is not None and suspensions.value.value is not None:
        found.append(Finding("before", (Run(f"{suspensions.what}: {suspensions.text}."),), (suspensions.value,), SCHOOLS))
    return found


def _article(words: str) -> str:
    if words.startswith(("outreach", "support")):
        return words
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _attendance(d: Dossier) -> list[Finding]:
    a, name = d.attendance, d.name
    rate = a.since.rate
    if d.stay.began is not None and d.stay.began > d.last:
        return []
    if not rate.of:
        return [_finding("attendance", Run("Attendance", True), ": there were no possible sessions yet.", values=(rate,))]
    if d.stay.began is None:
        told = f"{_capital(name.subject)} attended "
    elif d.stay.ended is not None and d.stay.ended < d.last:
        told = f"Up to {days.words(d.stay.ended)} {name.subject} attended "
    else:
        told = f"Since coming here {name.subject} {name.verb('has', 'have')} attended "
    runs = (
        Run(told),
        Run(sessions_words(rate, d.statutory), True),
        Run(f", {a.sign.words}{_over(d)}{_rounded(a.sign)}." if a.sign.word else "."),
    )
    return [Finding("attendance", runs, (rate, *((a.before.rate,) if a.before is not None else ())))]


def _over(d: Dossier) -> str:
    """What 'better' was judged on where that is not all of the stay: as many days here as the time before has."""
    comparison = d.attendance.comparison
    if comparison is None or comparison[1] is d.attendance.since:
        return ""
    return f": {sessions_words(comparison[1].rate, d.statutory)} over as many days as the time before"


def _rounded(sign: Sign) -> str:
    """That 'about the same' is this program's own rounding; '' where nothing was rounded."""
    return f" ({ABOUT_WORDS})" if ABOUT_WORDS in sign.rest else ""


def _measured(d: Dossier, s: Series) -> Finding:
    name = d.name
    values = tuple(p.value for p in (s.judgement.start, s.judgement.now) if p is not None)
    label = STRANDS[s.strand]
    whose = f"{name.possessive} own answers to {s.title}" if s.key.respondent == "pupil" and not _is_test(s) else s.name.replace(": ", ", ")
    unit = "" if _is_test(s) else f" {unit_words(s.scale)}"
    if s.start is None:
        return Finding(s.strand, (Run(label, True), Run(f": {whose}, no reading since day 0.")), values)
    if s.now is None:
        text = f": {whose}, {s.start.text}{unit} on {days.words(s.start.day)}, asked once so far, so no change can be told."
        return Finding(s.strand, (Run(label, True), Run(text)), values)
    went = f": {whose} went from {s.start.text} to {s.now.text}{unit}; {verdict_words(s)}."
    return Finding(s.strand, (Run(label, True), Run(went)), values)


def _is_test(s: Series) -> bool:
    return s.scale.kind in (STANDARD_SCORE, AGE_MONTHS)


def not_known(d: Dossier) -> list[Finding]:
    """The strands of which nothing is known yet, in one sentence."""
    names = [in_sentence(v.title) for v in d.strands if v.missing is not None and v.strand != "attendance"]
    if not names:
        return []
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return [_finding("missing", f"Nothing is known yet of {listed}.")]


def planned(d: Dossier) -> list[Finding]:
    """What is planned, in order, as it was written down."""
    ahead = [p for p in d.phases if p.planned and p.day > d.last and p.kind in ("taster", "return", "move", "plan")]
    if not ahead:
        return []
    text = "; ".join(f"{p.label} on {days.words(p.day)}" for p in ahead[:3])
    return [_finding("next", f"Planned: {text}.", audience=FAMILY)]


# --- the evidence paragraph -------------------------------------------------------------------------------------------


def evidence(d: Dossier) -> tuple[Finding, ...]:
    """What the page rests on: every denominator in words, also where it is 0, and the caution that belongs to any rise from a low start."""
    a, e = d.attendance, d.engagement
    found: list[Finding] = []
    counted, rate = a.period.tally, a.period.rate
    possible = "possible session" if d.statutory else "session offered"
    if not counted.possible:
        found.append(Finding("attendance", (Run("Attendance: no possible sessions in this time, 0 of 0 attended."),), (rate,)))
    else:
        pieces = [f"{_plural(counted.possible, possible)}, {number(counted.attended)} attended"]
        if a.not_final:
            pieces.append(f"{number(a.not_final)} of them still marked N, reason not yet established")
        if counted.unmarked:
            pieces.append(f"{how_many(counted.unmarked, 'session')} without a mark yet")
        elif counted.unmarked is None:
            pieces.append("how many have no mark cannot be told without a calendar")
        if counted.not_possible:
            pieces.append(f"{how_many(counted.not_possible, 'session')} not possible and left out")
        found.append(Finding("attendance", (Run(f"Attendance: {'; '.join(pieces)}."),), (rate,)))
    if a.before is not None:
        found.append(_before_sentence(d))
    if e.scored.of:
        found.append(Finding("engagement", (Run(f"Engagement: {e.scored.counts} lessons attended were rated."),), (e.scored,)))
    else:
        found.append(Finding("engagement", (Run(f"Engagement: {how_many(e.rated, 'lesson')} rated; 0 of 0 lessons attended."),), (e.scored,)))
    b = d.behaviour
    sessions = sum(h.attended for h in b.half_terms)
    said = ", ".join((how_many(b.incidents, "incident"), how_many(b.good, "good moment"), how_many(b.neutral, "neutral moment")))
    behaviour_values = tuple(h.rate for h in b.half_terms)
    found.append(Finding("behaviour", (Run(f"Behaviour: {said} in {how_many(sessions, 'session')} attended."),), behaviour_values))
    found += [_series_evidence(s) for s in d.series if s.is_main]
    if not any(s.is_main for s in d.series):
        found.append(_finding("measures", "No readings yet: 0 of 0 asked."))
    found += _start_evidence(d)
    found += regression_to_the_mean(d)
    return tuple(found)


def _plural(n: int, words: str) -> str:
    """'1 possible session', '3 possible sessions', '3 sessions offered'."""
    if n == 1:
        return f"1 {words}"
    first, _, rest = words.partition(" ")
    return f"{number(n)} {first}s {rest}" if first == "session" else f"{number(n)} {words}s"


def _before_sentence(d: Dossier) -> Finding:
    before = d.attendance.before
    assert before is not None
    offered = "possible sessions" if d.statutory else "sessions offered"
    when = f" for {days.words(before.first_day)} to {days.words(before.last_day)}" if before.first_day and before.last_day else ""
    return Finding("before", (Run(f"Before: {before.rate.counts} {offered}{when}, as {before.stated_by} stated."),), (before.rate,))


def _series_evidence(s: Series) -> Finding:
    runs = f"{s.name}: {number(s.given)} of {number(s.asked)} asked have a score"
    ends = [p for p in (s.start, s.now) if p is not None]
    if ends:
        told = [f"{days.words(p.day)}{f' ({p.form})' if p.form else ''}" for p in ends]
        runs += f", counted from {told[0]}" + (f" to {told[1]}" if len(told) > 1 else "")
    if not s.start_agreed and s.start is not None:
        runs += "; the start is the earliest reading, not yet agreed"
    notes = " ".join(s.judgement.notes)
    basis = f" Judged by {s.judgement.basis}." if s.judgement.basis else ""
    return Finding(s.strand, (Run(f"{runs}.{basis}{' ' + notes if notes else ''}"),), (Value(None, s.given, s.asked, rests_on=s.rests_on),))


def _start_evidence(d: Dossier) -> list[Finding]:
    sp = d.starting_point
    if sp.agreed:
        by = f" by {sp.agreed_by}" if sp.agreed_by else ""
        lacking = [STRANDS[s] for s, held in sp.held.items() if not held]
        rest = f"; no starting value for {', '.join(lacking)}" if lacking else ""
        text = f"Starting point of {days.words(sp.day)}, agreed on {days.words(sp.agreed_on)}{by}: {number(sp.strands_started)} of {len(STRANDS)} strands{rest}."
    else:
        text = f"The starting point is not agreed yet: {number(sp.strands_started)} of {len(STRANDS)} strands have a starting value."
    return [_finding("starting point", text, values=(Value(None, sp.strands_started, len(STRANDS)),))]


def regression_to_the_mean(d: Dossier) -> list[Finding]:
    """The caution about a low start (Campbell and Kenny; instruments.md 4.5), with the size of the drift where the norm is known.

    Expected without any help: M + r (start - M), so a drift of (1 - r)(M - start); said only for checked figures, and where it is a rise.
    """
    told = [s for s in d.series if s.is_main and s.start is not None and s.now is not None]
    if not told and not (d.attendance.before is not None and d.attendance.since.rate.of):
        return []
    sizes: list[str] = []
    for s in told:
        drift = ordinary_drift(s)
        if drift is not None and round(drift, 1) > 0:
            sizes.append(f"for {s.name} about {_count_points(drift)}")
    rest = f"; ordinary drift towards the average would already predict {'; '.join(sizes)}" if sizes else ""
    return [_finding("caution", f"Children often arrive at a low point, and some rise would be expected without any help{rest}.")]


def _count_points(points: float) -> str:
    text = number(points, 1)
    return f"{text} point{'' if text == '1.0' else 's'}"


def ordinary_drift(s: Series) -> float | None:
    """How far a score would move towards the norm's mean by itself, in the direction that is better; None where no checked norm is known."""
    if s.start is None:
        return None
    respondent, scale = s.key.respondent, s.scale
    norm = next((n for n in s.instrument.norms if n.scale == scale.id and fits(n, respondent)), None)
    reliability = next((r for r in s.instrument.reliabilities if r.scale == scale.id and r.value is not None and fits(r, respondent)), None)
    if norm is None or reliability is None or reliability.value is None:
        return None
    return (1 - reliability.value) * (norm.mean - s.start.value) * scale.direction


# --- what is missing --------------------------------------------------------------------------------------------------


def missing(d: Dossier) -> tuple[Finding, ...]:
    """What is missing, each with why and what to do next; nothing missing is said too."""
    if not d.missing:
        return (_finding("missing", "Nothing that is asked for is missing."),)
    return tuple(_finding("missing", " ".join(p for p in (m.what, m.why, m.do) if p)) for m in d.missing)


def notes_about(d: Dossier) -> tuple[Finding, ...]:
    """Sentences about odd readings that a person should look at."""
    return tuple(_finding("doubt", f"{s.name}: {doubt}") for s in d.series for doubt in s.doubts)


def paragraph(found: Iterable[Finding]) -> str:
    """Sentences as one text."""
    return " ".join(f.text for f in found)
