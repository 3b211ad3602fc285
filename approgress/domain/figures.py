"""Charts as data: frozen Figures that the screen painter and the paper painter both draw, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor, log10

from approgress.domain import change, days
from approgress.domain.change import WeekCount
from approgress.domain.dossier import Dossier, Phase, Series, StrandView, Stretch
from approgress.domain.findings import attendance_sentence, behaviour_sentence, engagement_sentence, series_sentence
from approgress.domain.instruments import AGE_MONTHS, STANDARD_SCORE, STRANDS, Scale, months_words
from approgress.domain.school_year import Holiday, school_year_of, school_year_words
from approgress.domain.values import Key, number, percent_words, share_words, signed
from approgress.domain.year_map import WEEKDAYS, YearMap, table_rows

LINE, BARS, STEPS, DOTS, YEAR = "line", "bars", "steps", "dots", "year"


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what stands there. Days are given as `date`, values as numbers, bars by their index."""

    at: float | date
    label: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days that a chart spans, left to right."""

    first: date
    last: date
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """The scale that a chart spans, bottom to top: fixed by the instrument, never by the data. `title` goes with it in words."""

    low: float
    high: float
    ticks: tuple[Tick, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on a line. `shape`: circle, square, diamond, hexagon, cross (`style.MARKS`). `filled` for the newest. `label` may be ''.

    `above` says on which side of the mark its label stands; `strong` whether it is set bold.
    """

    day: date
    value: float
    shape: str
    filled: bool
    label: str = ""
    above: bool = True
    strong: bool = False
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line between two places; `dashed` over holidays and where nothing was measured in between."""

    first_day: date
    first_value: float
    last_day: date
    last_value: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart: marks and the strokes that join them. `role` is a colour role of the theme."""

    name: str
    role: str
    marks: tuple[Mark, ...]
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `role` is 'before' for history, hatched where `hatched`. `value` None: nothing to draw, `top` says so. `under` are lines below."""

    value: float | None
    role: str
    top: str
    under: tuple[str, ...]
    hatched: bool = False
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class DotRow:
    """A row of dots on one scale: where it started (hollow) and where it is now (filled), None where not known. `right` stands at its end."""

    label: str
    start: float | None
    now: float | None
    role: str
    right: str
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Corridor:
    """The grey band around the start in which a change is too small to tell from ordinary wobble; bounds cut to the scale."""

    low: float
    high: float
    low_label: str
    high_label: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level line across the chart: the start (dashed). `role` is a colour role."""

    value: float
    label: str
    role: str = "before"
    dashed: bool = True


@dataclass(frozen=True, slots=True)
class Shade:
    """Shaded days: a holiday, or the time before day 0 ('history')."""

    first_day: date
    last_day: date
    label: str
    kind: str = "holiday"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart as a table, for screen readers and for those who want numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart. `kind`: line, steps (a line drawn in steps), bars, dots, year (a map of every session). `empty` is set where there is nothing to draw and says so; then
    nothing else is drawn. `text` is its one sentence, under it and for screen readers; `note` says what the grey band rests on.

    `strand` is the strand it speaks of; each series has its own `role`. `today` is a dotted line where it lies inside the axis.
    """

    name: str
    kind: str
    title: str
    subtitle: str
    strand: str
    text: str
    empty: str = ""
    note: str = ""
    x: TimeAxis | None = None
    y: ValueAxis | None = None
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    rows: tuple[DotRow, ...] = ()
    corridor: Corridor | None = None
    levels: tuple[Level, ...] = ()
    phases: tuple[Phase, ...] = ()
    shades: tuple[Shade, ...] = ()
    today: date | None = None
    table: Table = Table((), ())
    year: YearMap | None = None


FigureMaker = Callable[[Dossier], Figure]
FIGURES: dict[str, FigureMaker] = {}
"""Every chart of a dossier by its name; made by functions under `@figure`."""


def figure(name: str) -> Callable[[FigureMaker], FigureMaker]:
    """Register a chart under its name."""

    def register(make: FigureMaker) -> FigureMaker:
        if name in FIGURES:
            raise ValueError(f"two charts are called {name}")
        FIGURES[name] = make
        return make

    return register


SHAPES = {"wellbeing": "circle", "engagement": "square", "attendance": "diamond", "behaviour": "cross", "learning": "hexagon", "home": "circle"}
"""The mark of each strand's points, so that colour never stands alone."""

AHEAD = timedelta(days=28)
"""How far a time axis reaches beyond the last day for what is planned."""
BARS_AT_MOST = 7
"""More half-terms than this, and those of earlier school years are joined to one bar a year."""
TOO_FEW = change.TREND_LESSONS
"""A week with fewer rated lessons than this is not drawn: it would look like a low week."""


# --- axes -------------------------------------------------------------------------------------------------------------


def value_ticks(low: float, high: float, *, most: int = 5) -> tuple[Tick, ...]:
    """Ticks at round numbers within a scale, at most `most`: 1, 2 or 5 times a power of ten apart, from 25 on also 2.5 times."""
    if high <= low:
        return (Tick(low, number(low)),)
    power = 10.0 ** (floor(log10((high - low) / most)) - 1)
    while True:
        for factor in (1, 2, 2.5, 5) if power >= 10 else (1, 2, 5):
            step = factor * power
            first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
            if last - first < most:
                return tuple(Tick(round(k * step, 6), number(k * step)) for k in range(first, last + 1))
        power *= 10


def scale_axis(scale: Scale, values: Iterable[float]) -> ValueAxis:
    """The axis of an instrument's scale: the whole of it, so that it never depends on the data.

    A standard score is drawn from three spreads below its mean to three above, unless a score lies beyond.
    """
    title = f"{scale.range_words}, {scale.better} is better"
    if scale.kind == STANDARD_SCORE and scale.low <= 55 and scale.high >= 145 and all(55 <= v <= 145 for v in values):
        return ValueAxis(55, 145, tuple(Tick(v, number(v)) for v in (55, 70, 85, 100, 115, 130, 145)), "standard score, 100 is the average")
    if scale.kind == AGE_MONTHS:
        years = [v for v in range(0, int(scale.high) + 1, 48) if v >= scale.low]
        return ValueAxis(scale.low, scale.high, tuple(Tick(v, months_words(v)) for v in years), "years:months")
    return ValueAxis(scale.low, scale.high, value_ticks(scale.low, scale.high), title)


def time_ticks(first: date, last: date) -> tuple[Tick, ...]:
    """Ticks of a time axis: every two or four weeks from its first day, or at first days of months, as its length asks for."""
    span = (last - first).days
    if span <= 300:
        step = 7 if span <= 28 else 14 if span <= 84 else 28
        return tuple(Tick(first + timedelta(days=d), days.words(first + timedelta(days=d), year=False)) for d in range(0, span + 1, step))
    months = 2 if span <= 420 else 3 if span <= 740 else 6
    found: list[Tick] = []
    year, month = first.year, 1
    while (day := date(year, month, 1)) <= last:
        if day >= first:
            found.append(Tick(day, days.words(day).split(" ", 1)[1]))
        month += months
        if month > 12:
            year, month = year + 1, month - 12
    return tuple(found)


def time_axis(d: Dossier, first_point: date | None = None) -> TimeAxis:
    """From the dossier's first day (or an earlier reading that it shows) to its last, or to what is planned in the four weeks after."""
    first = min(d.first, first_point) if first_point is not None else d.first
    planned = [p.day for p in d.phases if p.planned and d.last < p.day <= d.last + AHEAD]
    last = max([max(d.last, first), *planned])
    return TimeAxis(first, last, time_ticks(first, last))


def strokes(points: Sequence[tuple[date, float]], holidays: Sequence[Holiday]) -> tuple[Stroke, ...]:
    """The lines between points in order; dashed where holiday makes up more than half of the time between two."""
    found: list[Stroke] = []
    for (a, x), (b, y) in pairwise(points):
        free = sum(max(0, (min(h.last_day, b) - max(h.first_day, a)).days + 1) for h in holidays)
        found.append(Stroke(a, x, b, y, dashed=2 * free > (b - a).days))
    return tuple(found)


def _shades(d: Dossier, x: TimeAxis) -> tuple[Shade, ...]:
    shades = [Shade(max(h.first_day, x.first), min(h.last_day, x.last), h.name) for h in d.holidays if h.first_day <= x.last and h.last_day >= x.first]
    began = d.stay.began
    if began is not None and x.first < began <= x.last:
        shades.insert(0, Shade(x.first, began, "before day 0", "history"))
    return tuple(shades)


def _phases(d: Dossier, x: TimeAxis) -> tuple[Phase, ...]:
    return tuple(p for p in d.phases if x.first <= p.day <= x.last)


def _empty(name: str, kind: str, title: str, strand: str, words: str) -> Figure:
    return Figure(name, kind, title, "", strand, words, empty=words)


def _nothing(view: StrandView) -> str:
    """What stands in place of a chart of a strand without figures."""
    missing = view.missing
    return f"{missing.what} {missing.do}".strip() if missing is not None else f"{view.title}: nothing to draw yet."


def _span_words(d: Dossier) -> str:
    return f"between {days.words(d.first)} and {days.words(d.last)}"


# --- a series over time -----------------------------------------------------------------------------------------------


def series_figure(d: Dossier, s: Series, *, name: str = "", small: bool = False) -> Figure:
    """One scale of one series as a line with the grey corridor around its start; `small` for a card: without phases, labels and ticks."""
    name = name or f"series {s.key.instrument} {s.key.respondent} {s.scale.id}"
    title = _whose(d, s)
    seen = [p for p in s.points if d.first <= p.day <= d.last]
    if not seen:
        words = f"No {s.title} {_span_words(d)}." if s.points else f"No {s.title} yet."
        return _empty(name, LINE, title, s.strand, words)
    x = time_axis(d)
    shape, role = SHAPES[s.strand], s.strand
    j = s.judgement
    y = scale_axis(s.scale, [p.value for p in seen])
    newest = s.now or s.start or seen[-1]
    labelled = _labelled([(p.day, p.reading_id in {newest.reading_id, s.start.reading_id if s.start else -1}) for p in seen], x)
    values = [p.value for p in seen]
    marks = tuple(
        Mark(
            day=p.day,
            value=p.value,
            shape=shape,
            filled=p.reading_id == newest.reading_id,
            label=p.text if labelled[i] and not small else "",
            above=not (0 < i < len(seen) - 1 and values[i - 1] > p.value < values[i + 1]),
            strong=p.reading_id == newest.reading_id,
            rests_on=(p.key(d.pupil_id),),
        )
        for i, p in enumerate(seen)
    )
    corridor = None
    if j.corridor is not None and j.needs is not None and s.start is not None:
        low, high = j.corridor
        whole = low > s.scale.low or s.start.value - j.needs >= s.scale.low
        reaches = high < s.scale.high or s.start.value + j.needs <= s.scale.high
        corridor = Corridor(low, high, signed(-j.needs, 1) if whole else "", signed(j.needs, 1) if reaches else "")
    levels = (Level(s.start.value, f"start {s.start.text}"),) if s.start is not None else ()
    line = Line(s.name, role, marks, strokes([(p.day, p.value) for p in seen], d.holidays))
    return Figure(
        name=name,
        kind=LINE,
        title=title,
        subtitle=y.title,
        strand=s.strand,
        text=series_sentence(s),
        note=corridor_sentence(s),
        x=TimeAxis(x.first, x.last) if small else x,
        y=ValueAxis(y.low, y.high, (), y.title) if small else y,
        lines=(line,),
        corridor=corridor,
        levels=levels,
        phases=() if small else _phases(d, x),
        shades=() if small else _shades(d, x),
        today=d.last if x.last > d.last and not small else None,
        table=Table(("Day", s.scale.name, "Rated by", "Form"), tuple((days.words(p.day), p.text, p.rater or "", p.form or "") for p in s.points)),
    )


def _whose(d: Dossier, s: Series) -> str:
    scale = "" if s.is_main else f", {s.scale.name}"
    if s.key.respondent == "pupil" and s.scale.kind not in (STANDARD_SCORE, AGE_MONTHS):
        return f"{s.title}{scale}, {d.name.whose} own answers"
    if s.scale.kind in (STANDARD_SCORE, AGE_MONTHS):
        return s.name
    return s.name


def _labelled(points: Sequence[tuple[date, bool]], x: TimeAxis) -> list[bool]:
    """Which points carry their value: the start and the newest always, others where they stand far enough from a labelled one."""
    room = max(1, (x.last - x.first).days) * 0.06
    keep = [must for _, must in points]
    for i, (day, must) in enumerate(points):
        if not must:
            near = [abs((day - other).days) for j, (other, _) in enumerate(points) if j != i and keep[j]]
            keep[i] = all(gap >= room for gap in near)
    return keep


def corridor_sentence(s: Series) -> str:
    """What the grey band is and what it rests on; '' where there is none."""
    j = s.judgement
    if j.corridor is None or j.needs is None:
        return ""
    notes = f" {' '.join(j.notes)}" if j.notes else ""
    return f"Grey band: {number(j.needs, 1)} points either side of the start, too small to tell from ordinary wobble; {j.basis}.{notes}"


def _strand_figure(d: Dossier, strand: str) -> Figure:
    """The chart of a strand whose measure is a series."""
    view = d.strand(strand)
    if view.series is not None:
        return series_figure(d, view.series, name=strand)
    return _empty(strand, LINE, view.title, strand, _nothing(view))


@figure("wellbeing")
def wellbeing(d: Dossier) -> Figure:
    """Wellbeing: the primary measure over time."""
    return _strand_figure(d, "wellbeing")


@figure("learning")
def learning(d: Dossier) -> Figure:
    """Learning: the primary measure over time."""
    return _strand_figure(d, "learning")


# --- engagement -------------------------------------------------------------------------------------------------------


@figure("engagement")
def engagement(d: Dossier) -> Figure:
    """Engagement: of each school week's rated lessons the share at the top of the scale; weeks with too few are left out."""
    return _engagement(d, small=False)


def _engagement(d: Dossier, *, small: bool) -> Figure:
    view = d.strand("engagement")
    if view.series is not None:
        return series_figure(d, view.series, name="engagement", small=small)
    e = d.engagement
    title = f"Engagement, lessons {e.top_words}" if e.top_words else "Engagement"
    weeks = [w for w in e.weeks if w.first_day + timedelta(days=6) >= d.first and w.first_day <= d.last]
    drawn = [w for w in weeks if w.of >= TOO_FEW]
    if not drawn:
        rated = sum(w.of for w in weeks)
        words = _nothing(view) if not rated else f"Too few lessons rated to draw: {number(rated)} in all, and {TOO_FEW} in a week are needed."
        return _empty("engagement", LINE, title, "engagement", words)
    x = time_axis(d)
    labelled = (drawn[0].first_day, drawn[-1].first_day)
    marks = tuple(
        Mark(
            day=max(w.first_day, x.first),
            value=100 * w.count / w.of,
            shape=SHAPES["engagement"],
            filled=w is drawn[-1],
            label=share_words(w.count, w.of) if w.first_day in labelled and not small else "",
            strong=w is drawn[-1],
        )
        for w in drawn
    )
    start = e.judgement.start.value if e.judgement is not None and e.judgement.start is not None else None
    levels = ()
    if start is not None and start.of:
        levels = (Level(100 * (start.count or 0) / start.of, f"start {start.counts}"),)
    left_out = len([w for w in weeks if 0 < w.of < TOO_FEW])
    text = engagement_sentence(d)
    if left_out:
        text += f" {number(left_out)} week{'' if left_out == 1 else 's'} with fewer than {TOO_FEW} rated lessons not drawn."
    line = Line(view.measure, "engagement", marks, strokes([(m.day, m.value) for m in marks], d.holidays))
    y = ValueAxis(0, 100, value_ticks(0, 100, most=3), "% of each week\u2019s rated lessons")
    return Figure(
        name="engagement",
        kind=LINE,
        title=title,
        subtitle=y.title,
        strand="engagement",
        text=text,
        x=TimeAxis(x.first, x.last) if small else x,
        y=ValueAxis(0, 100) if small else y,
        lines=(line,),
        levels=levels,
        phases=() if small else _phases(d, x),
        shades=() if small else _shades(d, x),
        today=d.last if x.last > d.last and not small else None,
        table=Table(("Week of", e.top_words[:1].upper() + e.top_words[1:], "Rated"), tuple(_week_row(w) for w in weeks)),
    )


def _week_row(w: WeekCount) -> tuple[str, ...]:
    return days.words(w.first_day), number(w.count), number(w.of)


# --- bars: attendance and behaviour -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A bar's time: what it is called, and its half-terms."""

    label: str
    halves: tuple[int, ...]


def _parts(names: Sequence[tuple[str, date]], last: date) -> list[_Part]:
    """Half-terms as bars; where there are too many, those of earlier school years are joined, oldest first."""
    if len(names) <= BARS_AT_MOST:
        return [_Part(_with_year(name, day, names), (i,)) for i, (name, day) in enumerate(names)]
    now = school_year_of(last)
    found: list[_Part] = []
    years: dict[int, list[int]] = {}
    for i, (_, day) in enumerate(names):
        years.setdefault(school_year_of(day), []).append(i)
    for year, members in sorted(years.items()):
        if year < now:
            found.append(_Part(school_year_words(year), tuple(members)))
        else:
            found += [_Part(names[i][0], (i,)) for i in members]
    return found


def _with_year(name: str, day: date, names: Sequence[tuple[str, date]]) -> str:
    """The half-term, with its year where another of that name stands beside it."""
    return f"{name} {day.year}" if sum(other == name for other, _ in names) > 1 else name


def _joined(stretches: Sequence[Stretch]) -> tuple[int, int]:
    return sum(s.tally.attended for s in stretches), sum(s.tally.possible for s in stretches)


def _sessions_words(d: Dossier, attended: int, possible: int) -> str:
    return percent_words(attended, possible, 1) if d.statutory else share_words(attended, possible)


@figure("attendance")
def attendance(d: Dossier) -> Figure:
    """Attendance: the time before in grey as it was stated, then each half-term here, as shares of possible sessions with their counts."""
    return _attendance(d, small=False)


def _attendance(d: Dossier, *, small: bool) -> Figure:
    view, a = d.strand("attendance"), d.attendance
    title = "Attendance"
    halves = [h for h in a.half_terms if h.last_day is None or h.last_day >= d.first]
    if not halves and a.since.tally.possible:
        halves = [a.since]
    bars: list[Bar] = []
    rows: list[tuple[str, ...]] = []
    if a.before is not None and a.before.tally.possible and (d.stay.began is None or d.first <= d.stay.began):
        b = a.before
        bars.append(_attendance_bar(d, b.short, b.tally.attended, b.tally.possible, "before", b.rate.rests_on))
        rows.append((f"{b.name}, {b.stated_by}", *_counts_row(d, b.tally.attended, b.tally.possible)))
    names = [(h.short, h.first_day or d.first) for h in halves]
    parts = _parts(names, d.last)
    if small:
        parts = parts[-3:]
    for part in parts:
        mine = [halves[i] for i in part.halves]
        attended, possible = _joined(mine)
        keys = tuple(k for h in mine for k in h.rate.rests_on)
        bars.append(_attendance_bar(d, part.label, attended, possible, "attendance", keys))
        label = part.label if len(part.halves) > 1 else mine[0].name
        rows.append((label, *_counts_row(d, attended, possible)))
    if not any(b.value is not None for b in bars):
        return _empty("attendance", BARS, title, "attendance", _nothing(view) if view.missing else "No possible sessions to draw.")
    text = attendance_sentence(d)
    if halves and halves[-1].tally.possible and not halves[-1].whole and halves[-1].last_day is not None:
        text += f" {halves[-1].name} is counted to {days.words(halves[-1].last_day)}."
    headings = ("Time", "Attended", "Possible", "Attendance") if d.statutory else ("Time", "Attended", "Offered")
    ticks = value_ticks(0, 100, most=3) if d.statutory else (Tick(0, "none"), Tick(100, "all"))
    note = f"Grey bar: before day 0, as {a.before.stated_by} stated." if a.before is not None and bars[0].role == "before" else ""
    return Figure(
        name="attendance",
        kind=BARS,
        title=title,
        subtitle="% of possible sessions" if d.statutory else "sessions attended of those offered",
        strand="attendance",
        text=text,
        note=note,
        y=ValueAxis(0, 100, () if small else ticks, "% of possible sessions" if d.statutory else "share of sessions offered"),
        bars=tuple(bars),
        table=Table(headings, tuple(rows)),
    )


def _attendance_bar(d: Dossier, label: str, attended: int, possible: int, role: str, keys: tuple[Key, ...]) -> Bar:
    if not possible:
        return Bar(None, role, "none possible", (label, share_words(attended, possible)), rests_on=keys)
    return Bar(100 * attended / possible, role, _sessions_words(d, attended, possible), (label, share_words(attended, possible)), rests_on=keys)


def _counts_row(d: Dossier, attended: int, possible: int) -> tuple[str, ...]:
    row = (number(attended), number(possible))
    return (*row, percent_words(attended, possible, 1)) if d.statutory else row


@figure("behaviour")
def behaviour(d: Dossier) -> Figure:
    """Behaviour: incidents per 10 sessions attended, each half-term here, with both counts below."""
    return _behaviour(d, small=False)


def _behaviour(d: Dossier, *, small: bool) -> Figure:
    view, b = d.strand("behaviour"), d.behaviour
    title = "Behaviour"
    halves = [h for h in b.half_terms if h.last_day >= d.first]
    if not any(h.incidents or h.good or h.neutral for h in b.half_terms) or not any(h.attended for h in halves):
        words = _nothing(view) if view.missing is not None else "No moments written down here yet."
        return _empty("behaviour", BARS, title, "behaviour", words)
    parts = _parts([(h.short, h.first_day) for h in halves], d.last)
    if small:
        parts = parts[-3:]
    bars: list[Bar] = []
    rows: list[tuple[str, ...]] = []
    for part in parts:
        mine = [halves[i] for i in part.halves]
        incidents, sessions = sum(h.incidents for h in mine), sum(h.attended for h in mine)
        keys = tuple(k for h in mine for k in h.rests_on)
        rate = change.rate_per_ten(incidents, sessions)
        under = (part.label, f"{number(incidents)} in {number(sessions)}")
        bars.append(Bar(rate.value, "behaviour", number(rate.value, 1) if rate.value is not None else "none attended", under, rests_on=keys))
        label = part.label if len(part.halves) > 1 else mine[0].name
        rows.append((label, number(incidents), number(sessions), number(rate.value, 1), number(sum(h.good for h in mine))))
    top = nice_top(max((bar.value for bar in bars if bar.value is not None), default=0.0))
    return Figure(
        name="behaviour",
        kind=BARS,
        title=title,
        subtitle="incidents per 10 sessions attended",
        strand="behaviour",
        text=behaviour_sentence(d),
        y=ValueAxis(0, top, () if small else value_ticks(0, top, most=3), "incidents per 10 sessions attended"),
        bars=tuple(bars),
        table=Table(("Time", "Incidents", "Sessions attended", "Per 10", "Good moments"), tuple(rows)),
    )


def nice_top(value: float) -> float:
    """The round number at or above a rate up to which its axis goes: 1, 2, 4, 5, 10, 20, 40, 50 ... (a rate has no scale of its own)."""
    power = 1.0
    while True:
        for factor in (1, 2, 4, 5):
            if factor * power >= value:
                return factor * power
        power *= 10


# --- rows of dots -----------------------------------------------------------------------------------------------------


@figure("home")
def home(d: Dossier) -> Figure:
    """Home and community: its measure over time, or the counts of the starting point as rows."""
    return _home(d, small=False)


def _home(d: Dossier, *, small: bool) -> Figure:
    view = d.strand("home")
    if view.series is not None:
        return series_figure(d, view.series, name="home", small=small)
    values = [v for v in d.starting_point.values if v.strand == "home" and v.value.of and v.value.count is not None]
    if not values:
        words = _nothing(view) if view.missing is not None else "No count to draw: it is told in words in the starting point."
        return _empty("home", DOTS, view.title, "home", words)
    top = max(v.value.of or 0 for v in values)
    same = [v for v in values if v.value.of == top]
    rows = tuple(DotRow(v.what, float(v.value.count or 0), None, "home", v.text, v.rests_on) for v in same)
    return Figure(
        name="home",
        kind=DOTS,
        title=view.title,
        subtitle="at the starting point",
        strand="home",
        text="; ".join(f"{v.what}: {v.text} at the start, not asked again" for v in same) + ".",
        y=ValueAxis(0, float(top), () if small else value_ticks(0, float(top))),
        rows=rows,
        table=Table(("What", "Start"), tuple((v.what, v.text) for v in same)),
    )


@figure("goals")
def goals(d: Dossier) -> Figure:
    """Goals in the words in which they were said, on a scale of 0 to 10: start and now."""
    title = f"Goals, in {d.name.possessive} own words" if all(g.owner == "pupil" for g in d.goals) else "Goals"
    if not d.goals:
        return _empty("goals", DOTS, title, "home", f"No goals yet. Ask {d.name.call} what should be different.")
    rows = tuple(
        DotRow(
            g.goal.words,
            g.start.value,
            g.now.value,
            "accent",
            f"{g.start_text} to {g.now_text} of 10" if g.now_text else f"{g.start_text} of 10" if g.start_text else "not rated yet",
            (*g.start.rests_on, *g.now.rests_on),
        )
        for g in d.goals
    )
    return Figure(
        name="goals",
        kind=DOTS,
        title=title,
        subtitle="rated 0 to 10",
        strand="home",
        text=" ".join(f"\u201c{g.goal.words}\u201d: {g.text}." for g in d.goals),
        y=ValueAxis(0, 10, value_ticks(0, 10)),
        rows=rows,
        table=Table(("Goal", "Start", "Now"), tuple((g.goal.words, g.start_text, g.now_text) for g in d.goals)),
    )


def raters_of(d: Dossier) -> tuple[tuple[Series, ...], ...]:
    """Series of one instrument family (SDQ of teacher, parent, pupil) that stand side by side, never mixed; only where there are two."""
    families: dict[tuple[str, float, float], list[Series]] = {}
    for s in d.series:
        if s.is_main and s.start is not None and s.scale.kind not in (STANDARD_SCORE, AGE_MONTHS):
            family = s.instrument.short.split(",")[0]
            families.setdefault((family, s.scale.low, s.scale.high), []).append(s)
    return tuple(tuple(rows) for rows in families.values() if len({s.key.respondent for s in rows}) > 1)


@figure("raters")
def raters(d: Dossier) -> Figure:
    """Several raters side by side on one scale: each their own start and now; a difference is something to talk about."""
    families = raters_of(d)
    if not families:
        return _empty("raters", DOTS, "Raters side by side", "wellbeing", "Only one person has rated so far, so there is nothing to set side by side.")
    rows_of = families[0]
    scale = rows_of[0].scale
    rows = tuple(
        DotRow(s.name.split(":")[0], s.start.value if s.start else None, s.now.value if s.now else None, s.strand, _ends(s), s.rests_on) for s in rows_of
    )
    return Figure(
        name="raters",
        kind=DOTS,
        title="Raters side by side",
        subtitle=f"{scale.name.lower()}, {scale.range_words}, {scale.better} is better",
        strand=rows_of[0].strand,
        text=" ".join(series_sentence(s) for s in rows_of),
        y=ValueAxis(scale.low, scale.high, value_ticks(scale.low, scale.high)),
        rows=rows,
        table=Table(("Rater", "Start", "Now"), tuple((s.name, s.start.text if s.start else "", s.now.text if s.now else "") for s in rows_of)),
    )


def _ends(s: Series) -> str:
    if s.start is None:
        return ""
    return f"{s.start.text} to {s.now.text}" if s.now is not None else f"{s.start.text}, once"


# --- a year of sessions -----------------------------------------------------------------------------------------------


def year_figure(shown: YearMap, first: date, last: date, text: str) -> Figure:
    """Every session from `first` to `last` as a map; `text` is its sentence (`year_map.year_sentence`)."""
    title = "Every session"
    if not shown.weeks:
        return _empty("year", YEAR, title, "attendance", "There is no session in this time.")
    return Figure(
        name="year",
        kind=YEAR,
        title=title,
        subtitle=f"{days.words(first)} to {days.words(last)}",
        strand="attendance",
        text=text,
        table=Table(("Week of", *WEEKDAYS), table_rows(shown)),
        year=shown,
    )


# --- all of a pupil's charts ------------------------------------------------------------------------------------------


def small(d: Dossier, strand: str) -> Figure:
    """The chart of a strand's card: the same data as its main chart, without phases and ticks; the last three bars. KeyError for no strand."""
    view = d.strand(strand)
    if view.series is not None:
        return series_figure(d, view.series, name=f"{strand} small", small=True)
    if strand == "attendance":
        return _attendance(d, small=True)
    if strand == "behaviour":
        return _behaviour(d, small=True)
    if strand == "engagement":
        return _engagement(d, small=True)
    if strand == "home":
        return _home(d, small=True)
    return _empty(f"{strand} small", LINE, STRANDS[strand], strand, _nothing(view))


def main(d: Dossier, strand: str) -> Figure:
    """The main chart of a strand. Raises KeyError for a word that is no strand."""
    return FIGURES[strand](d)


REPORT = ("wellbeing", "engagement", "attendance", "behaviour")
"""The four charts of a pupil's progress report, in their order."""


def report_figures(d: Dossier) -> tuple[Figure, ...]:
    """The charts of a progress report: the four, and learning where it has two readings to join."""
    found = [FIGURES[name](d) for name in REPORT]
    learning_view = d.strand("learning")
    if learning_view.series is not None and learning_view.series.now is not None:
        found.append(FIGURES["learning"](d))
    return tuple(found)
