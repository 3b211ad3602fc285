"""The tab of behaviour: moments against sessions attended, minutes to settle, what led to it, suspensions, physical interventions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.acts.interventions import SORTS
from approgress.domain.acts.interventions import missing as lacking
from approgress.domain.change import rate_per_ten
from approgress.domain.figures import FIGURES
from approgress.domain.moments import INCIDENT, SEVERITY, TONE_WORDS, entries, is_restricted, rate_text, settling, story, when_words
from approgress.domain.naming import fold
from approgress.domain.records import Intervention, Moment, Suspension
from approgress.domain.settling import settling_figure
from approgress.domain.strands import MomentCount
from approgress.domain.suspensions import Standing, board_duty, category_words, day_six, days_words, standing, totals, untold
from approgress.domain.values import number
from approgress.ui.pages.pupil.lists import ListCard, shortened
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.figure_view import FigureCard
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import SideBySide
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import space

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.page import PupilPage

_LATEST = 8
_CAUSES = 8


class BehaviourTab(QWidget):
    """Shows a pupil's behaviour."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.rates = ListCard(
            "By half-term",
            (
                Column("Half-term", stretch=1, sorts=False),
                Column("Sessions\nattended", "right", sorts=False),
                Column("Good", "right", sorts=False, said="good moments"),
                Column("per 10", "right", sorts=False, said="good moments per 10 sessions attended"),
                Column("Obser-\nvations", "right", sorts=False, said="observations", drop=2),
                Column("per 10", "right", sorts=False, said="observations per 10 sessions attended", drop=2),
                Column("Incidents", "right", sorts=False),
                Column("per 10", "right", sorts=False, said="incidents per 10 sessions attended"),
                Column("Settled in,\nmedian", "right", sorts=False, drop=1, said="minutes to settle, median"),
            ),
            sentence="Moments counted against the sessions attended in the same time.",
            add="Log a moment",
            empty="No moment is written down yet. Log one, good ones first.",
            opens=False,
        )
        self.rates.add_asked.connect(self._add_moment)
        self.causes = ListCard(
            "What led to it",
            (Column("As written", stretch=1, least=8, sorts=False), Column("Incidents", "right", sorts=False), Column("Last", sorts=False)),
            empty="Nothing is written down of what led to an incident yet.",
            opens=False,
        )
        column.addWidget(SideBySide((self.rates, 5), (self.causes, 3), stack_at=Fold.MIDDLE))
        self.chart = FigureCard()
        self.settle = FigureCard()
        column.addWidget(SideBySide((self.chart, 1), (self.settle, 1), stack_at=Fold.NARROW))
        self.latest = ListCard(
            "Latest moments",
            (Column("Day", sorts=False), Column("Kind", sorts=False, drop=2), Column("What", least=6, stretch=1, sorts=False, drop=3), Column("In a few words", stretch=4, least=8, sorts=False), Column("What helped", stretch=2, sorts=False, drop=1)),
            empty="No moment is written down yet.",
        )
        self.latest.opened.connect(self._open_moment)
        self.more = Button("All moments", small=True)
        self.more.clicked.connect(self._open_log)
        assert self.latest.heading is not None
        self.latest.heading.add(self.more)
        column.addWidget(self.latest)
        self.suspensions = ListCard(
            "Suspensions and exclusions",
            (
                Column("From", sorts=False),
                Column("What", sorts=False, stretch=1, least=6),
                Column("Reasons", stretch=3, least=8, sorts=False, drop=2),
                Column("Issued by", sorts=False, drop=3, stretch=1),
                Column("To be done", stretch=3, least=8, sorts=False, drop=1),
            ),
            add="Add a suspension",
            empty="No suspension or exclusion is recorded.",
        )
        self.suspensions.add_asked.connect(self._add_suspension)
        self.suspensions.opened.connect(self._open_suspension)
        self.totals = Text("", wrap=True)
        self.suspensions.body.insertWidget(1, self.totals)
        column.addWidget(self.suspensions)
        self.interventions = ListCard(
            "Physical interventions",
            (
                Column("Day", sorts=False),
                Column("What", sorts=False),
                Column("Minutes", "right", sorts=False, drop=3),
                Column("What was done", stretch=3, least=8, sorts=False, drop=2),
                Column("Signed", sorts=False, drop=4),
                Column("Still missing", stretch=2, least=6, sorts=False),
            ),
            sentence="Restricted. A second adult signs each record; the parent is told; a leader reviews it.",
            add="Record one",
            empty="No intervention is recorded.",
        )
        self.interventions.add_asked.connect(self._add_intervention)
        self.interventions.opened.connect(self._open_intervention)
        column.addWidget(self.interventions)
        column.addStretch(1)

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        QWidget.setTabOrder(self.more, self.latest.table)  # not before both have come into the page's window
        d = seen.dossier
        moments = [m for m in d.moments if d.stay.began is None or m.day >= d.stay.began]
        self.rates.show_rows([_rate_row(c, moments) for c in reversed(d.behaviour.half_terms)] if moments else [])
        figure = FIGURES["behaviour"](d)
        if self.chart.figure() != figure:
            self.chart.set_figure(figure)
        settle = settling_figure(d)
        if self.settle.figure() != settle:
            self.settle.set_figure(settle)
        newest = entries(d.moments)[:_LATEST]
        self.latest.show_rows([_moment_row(e.head) for e in newest])
        self.causes.show_rows(_cause_rows([m for m in moments if m.tone == INCIDENT]))
        self._show_suspensions(seen)
        people = {p.id: p.name for p in seen.facts.people.values()}
        rows = sorted(seen.records.interventions, key=lambda i: (i.day, i.id), reverse=True)
        self.interventions.show_rows([_intervention_row(i, people) for i in rows])

    def _show_suspensions(self, seen: Seen) -> None:
        from approgress.ui.forms.suspension import exclusion_lists

        lists = exclusion_lists()
        records, calendar = seen.records, seen.facts.calendar
        found = standing(records.suspensions, records.events)
        counted = totals(found, calendar, seen.today, lists.limits)
        self.totals.setText(" ".join(counted.words))
        self.totals.set_tone("decline" if counted.over else "attention" if counted.warns else "")
        social = any(f.sort == "social_work" and f.last_day is None for f in records.flags)
        rows = [(s.day, s) for s in found] + [(s.first_day, Standing(s.first_day, ("suspension", (s.pupil_id, s.id)), record=s)) for s in records.suspensions if s.struck is not None]
        made: list[Row] = []
        for _, one in sorted(rows, key=lambda r: (r[0], r[1].key), reverse=True):
            s = one.record
            if s is None:
                half = one.event.half_days if one.event is not None else None
                length = days_words(half) if half else ""
                made.append(Row(("event", one.key[1][-1]), one.label, (TextCell(days.words(one.day)), TextCell(one.label, length, below=bool(length), wrap=True), TextCell(""), TextCell("as noted", role="quiet"), TextCell(""))))
                continue
            partner = seen.facts.partners.get(s.partner_id) if s.partner_id is not None else None
            struck = s.struck is not None
            to_do: list[str] = []
            if struck:
                to_do.append(f"struck through {days.words(s.struck_on)}: {s.struck}")
            elif s.cancelled_on is not None:
                to_do.append(f"cancelled {days.words(s.cancelled_on)}: {s.cancelled_why}")
            else:
                to_do += _duties(s, found, seen, social)
            half = days_words(s.half_days) if s.half_days else ""
            made.append(
                Row(
                    ("suspension", s.id),
                    f"{category_words(s.category)}, {days.words(s.first_day)}",
                    (
                        TextCell(days.words(s.first_day), struck=struck),
                        TextCell(category_words(s.category), half, kind="strong", below=bool(half), wrap=True, struck=struck),
                        TextCell(lists.reason_words(s.reasons), wrap=True, struck=struck),
                        TextCell(partner.name if partner is not None else "this school", wrap=True),
                        TextCell("; ".join(to_do), kind="second", wrap=True),
                    ),
                )
            )
        self.suspensions.show_rows(made)

    # --- asking ----------------------------------------------------------------------------------------------------

    def _add_moment(self) -> None:
        self._page.add("moment")

    def _open_moment(self, key: object) -> None:
        self._page.workspace.open_place(f"moment/entry-{key}")

    def _open_log(self) -> None:
        self._page.workspace.open_place(f"moment/log-{self._page.pupil_id}")

    def _add_suspension(self) -> None:
        self._page.add("suspension")

    def _open_suspension(self, key: object) -> None:
        kind, number_ = key if isinstance(key, tuple) else ("", 0)
        self._page.change(kind, number_)

    def _add_intervention(self) -> None:
        self._page.add("intervention")

    def _open_intervention(self, key: object) -> None:
        self._page.change("intervention", key)


def _duties(s: Suspension, found: Sequence[Standing], seen: Seen, social: bool) -> list[str]:
    from approgress.ui.forms.suspension import exclusion_lists

    limits = exclusion_lists().limits
    out: list[str] = []
    missing = untold(s, social_worker=social, virtual_head=bool(s.in_care), limits=limits)
    if missing:
        out.append(f"tell {', '.join(missing)}")
    for duty in (board_duty(s, found, seen.facts.calendar, limits), day_six(s, seen.facts.calendar, limits)):
        if duty is not None and not duty.done and (duty.due is not None):
            sure = f" ({limits.meet_sure})" if duty.what.startswith("The board") else ""
            out.append(f"{duty.what[0].lower()}{duty.what[1:]}, {days.words(duty.due)}{sure}")
    if s.category == "SUSP" and s.return_meeting is None:
        out.append("return meeting")
    return out


def _rate_row(c: MomentCount, moments: Sequence[Moment]) -> Row:
    settled = settling(m for m in moments if c.first_day <= m.day <= c.last_day)
    middle = f"{number(settled.middle)} min ({settled.noted} of {settled.incidents})" if settled.middle is not None else "\u2013"

    def rate(n: int) -> str:
        return rate_text(rate_per_ten(n, c.attended)).removesuffix(" per 10") or "\u2013"

    named = c.name if str(c.first_day.year) in c.name else f"{c.name} {c.first_day.year}"
    return Row(
        c.first_day,
        named,
        (
            TextCell(named, kind="strong"),
            TextCell(number(c.attended), across="right"),
            TextCell(number(c.good), across="right"),
            TextCell(rate(c.good), kind="strong", across="right"),
            TextCell(number(c.neutral), across="right"),
            TextCell(rate(c.neutral), kind="strong", across="right"),
            TextCell(number(c.incidents), across="right"),
            TextCell(rate(c.incidents), kind="strong", across="right"),
            TextCell(middle, across="right"),
        ),
    )


def _moment_row(m: Moment) -> Row:
    when = when_words(m)
    serious = f" ({SEVERITY[m.severity].lower()})" if m.severity in SEVERITY else ""
    return Row(
        m.joint if m.joint is not None else m.id,
        f"{TONE_WORDS.get(m.tone, m.tone)}, {days.words(m.day)}",
        (
            TextCell(days.words(m.day), when, below=bool(when)),
            TextCell(TONE_WORDS.get(m.tone, m.tone).split()[0] + serious, "restricted" if is_restricted(m) else "", below=is_restricted(m)),
            TextCell("" if m.sort == TONE_WORDS.get(m.tone) else m.sort, kind="strong", wrap=True),
            TextCell(shortened(story(m)), wrap=True),
            TextCell(m.helped or "", wrap=True),
        ),
    )


def _cause_rows(incidents: Sequence[Moment]) -> list[Row]:
    """What was written of what led to it, alike ones together, the most frequent first."""
    said: dict[str, list[Moment]] = {}
    for m in incidents:
        if m.before and m.before.strip():
            said.setdefault(fold(m.before).strip(" .") or m.before, []).append(m)
    ranked = sorted(said.values(), key=lambda ms: (-len(ms), -max(m.day for m in ms).toordinal()))[:_CAUSES]
    rows: list[Row] = []
    for ms in ranked:
        words = Counter((m.before or "").strip() for m in ms).most_common(1)[0][0]
        last = max(m.day for m in ms)
        rows.append(Row(words, words, (TextCell(shortened(words, 120), wrap=True), TextCell(str(len(ms)), across="right"), TextCell(days.words(last)))))
    return rows


def _intervention_row(i: Intervention, people: dict[int, str]) -> Row:
    struck = i.struck is not None
    lacks = lacking(i)
    state = f"struck through {days.words(i.struck_on)}: {i.struck}" if struck else ", ".join(lacks[:4]) + (f" and {len(lacks) - 4} more" if len(lacks) > 4 else "")
    return Row(
        i.id,
        f"{SORTS.get(i.sort, i.sort)}, {days.words(i.day)}",
        (
            TextCell(days.words(i.day), struck=struck),
            TextCell(SORTS.get(i.sort, i.sort), kind="strong", struck=struck),
            TextCell("" if i.minutes is None else str(i.minutes), across="right", struck=struck),
            TextCell(shortened(i.what_done or "", 120), wrap=True, struck=struck),
            TextCell(people.get(i.signed_by, "somebody") if i.signed_by is not None else "\u2013", wrap=True),
            TextCell(state or "nothing", kind="second", role="quiet" if struck or not lacks else "attention", wrap=True),
        ),
    )

