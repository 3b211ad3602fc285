"""The plan for a pupil list: rows put together by pupil, matched, compared, and turned into edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from approgress.domain.attendance import on_roll, spans_of
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.values import how_many
from approgress.interchange.pupils import (
    FORENAME_FIRST,
    SURNAME_FIRST,
    PupilDraft,
    Who,
    contradiction,
    merge,
    name_order_of,
    read_pupils,
    whole_name_orders,
)
from approgress.interchange.rows import CellRefusal, place_words
from approgress.interchange.text import fold
from approgress.school.import_context import Context, Opened, blocked_plan, finish, remember, unused
from approgress.school.import_edits import PupilEdits, draw
from approgress.school.import_matching import BY_NUMBER, FOUND, HOLD, NEW, NOBODY, Match, Matcher, question_of
from approgress.school.import_plan import (
    CHANGED,
    PUPILS,
    REFUSED,
    SAME,
    Ask,
    Choice,
    Counts,
    Happening,
    ImportPlan,
    MissingPupil,
    RowPlan,
)
from approgress.school.import_plan import NEW as NEW_STATE
from approgress.school.import_pupils import Held, Outcome, PupilComparison, TypedByHand, upn_question

if TYPE_CHECKING:
    from approgress.domain.records import Setting

PUPIL_KINDS = frozenset(
    {"pupil", "name", "identifier", "enrolment", "kept_apart", "year_group", "flag", "home_school", "group_member", "group", "partner", "note", "import_answer", "heading_map"}
)  # fmt: skip
"""The kinds of record that a pupil list is compared with."""


def _list() -> list[Any]:
    return []


@dataclass(slots=True)
class Gathered:
    """One pupil of the file: the draft of all their rows, the match, and what becomes of them."""

    draft: PupilDraft
    match: Match = field(default_factory=lambda: Match(NEW))
    outcome: Outcome | None = None
    clash: str | None = None  # what its rows contradict each other in
    rows: list[int] = field(default_factory=_list)
    named: dict[int, str] = field(default_factory=lambda: {})  # whom each row names


class Gathering:
    """Puts the rows of one pupil together, as the file itself tells that they are one: by UPN, name and birthday, or number and name."""

    def __init__(self) -> None:
        self.pupils: list[Gathered] = []
        self._by: dict[tuple[Any, ...], list[Gathered]] = {}

    def add(self, draft: PupilDraft) -> Gathered:
        """Take a row in; it joins the pupil it speaks of, or is a further pupil."""
        found = self._find(draft.who)
        if found is None:
            found = Gathered(draft, rows=list(draft.rows))
            self.pupils.append(found)
            found.named = dict.fromkeys(draft.rows, draft.who.shown)
        else:
            found.named |= dict.fromkeys(draft.rows, draft.who.shown)
            found.rows += draft.rows
            reason = contradiction(found.draft, draft)
            if reason is not None:
                found.clash = found.clash or reason
                found.draft.refusals += draft.refusals
            elif found.clash is None:
                merge(found.draft, draft)
        for key in self._keys(draft.who):
            members = self._by.setdefault(key, [])
            if found not in members:
                members.append(found)
        return found

    def _keys(self, who: Who) -> Iterator[tuple[Any, ...]]:
        if who.code:
            yield "code", who.code
        if who.upn:
            yield "upn", who.upn
        if who.born:
            for surname, forename in who.names[:1]:
                yield "name", fold(surname), fold(forename), who.born
        if who.number:
            yield "number", who.number
        yield from who.systems
        if not (who.upn or who.born or who.number or who.systems or who.code):
            yield "only name", fold(who.surname), fold(who.forename), fold(who.full)

    def _find(self, who: Who) -> Gathered | None:
        for key in self._keys(who):
            for g in self._by.get(key, []):
                other = g.draft.who
                if key[0] in ("code", "upn"):
                    return g
                if who.upn and other.upn and who.upn != other.upn:
                    continue
                if key[0] in ("name", "only name"):
                    return g
                named = who.names and other.names
                if not named or (fold(who.names[0][0]) == fold(other.names[0][0]) and fold(who.names[0][1]) == fold(other.names[0][1])):
                    return g
        return None

    def same_number(self) -> list[tuple[Gathered, Gathered, str]]:
        """Pairs of different pupils of the file that have one admission number."""
        pairs: list[tuple[Gathered, Gathered, str]] = []
        for key, members in self._by.items():
            if key[0] == "number":
                for a in members[1:]:
                    pairs.append((members[0], a, key[1]))
        return pairs


def refuse_clash(ctx: Context, g: Gathered, header: str) -> dict[int, str]:
    """Refuse all rows of a pupil whose rows contradict each other, each naming the others; the sentences by row."""
    said: dict[int, str] = {}
    for row in g.rows:
        others = [r for r in g.rows if r != row]
        named = " and ".join(f"row {r}" for r in others)
        why = f"{named} speak{'s' if len(others) == 1 else ''} of the same pupil and say{'s' if len(others) == 1 else ''} otherwise about {g.clash}. None of them was brought in."
        refusal = CellRefusal(row, header, g.named.get(row, g.draft.who.shown), "contradiction", why)
        ctx.refuse(refusal)
        said[row] = refusal.sentence
    return said


def match_all(ctx: Context, pupils: Iterable[Gathered], matcher: Matcher, what: str = "row") -> None:
    """Match each pupil of the file, ask about those that cannot be told, and join those that turn out to be one."""
    by_pupil: dict[int, Gathered] = {}
    for g in pupils:
        if g.clash is not None:
            continue
        who = g.draft.who
        question = question_of(who)
        answer = ctx.answers.get(question)
        g.match = matcher.match(who, answer)
        if g.match.kind == FOUND and g.match.pupil_id is not None:
            first = by_pupil.setdefault(g.match.pupil_id, g)
            if first is not g:
                reason = contradiction(first.draft, g.draft)
                if reason is not None:
                    first.clash = first.clash or reason
                    g.clash = reason
                else:
                    merge(first.draft, g.draft)
                    g.clash = "joined"
                first.rows += g.rows
                first.named |= g.named
                g.rows = []
        if answer is not None:
            ctx.used[question] = answer


def refuse_too_little(ctx: Context, g: Gathered, plans: dict[int, RowPlan], *, needs_number: bool = False) -> bool:
    """Refuse to make a pupil of a row that says too little to be one (a total, a footer): True where it was refused.

    A new pupil needs a name, and besides it a second part of the name, a UPN, a number or a birthday; with `needs_number` one of the last three.
    """
    who = g.draft.who
    if g.match.kind == FOUND:
        return False
    named = bool(who.surname or who.forename or who.full)
    known_by = bool(who.upn or who.born or (who.number and any(c.isdigit() for c in who.number)) or who.systems or who.code)
    whole = bool(who.surname and who.forename) or bool(who.full and " " in who.full and not who.surname)
    if named and (known_by or (whole and not needs_number)) and not (needs_number and fold(who.full or who.surname) in _TOTALS):
        return False
    missing = "a name" if not named else "a UPN, a number or a birthday"
    why = f"no pupil here is {who.shown}, and without {missing} it says too little to make a new one. Is it a pupil at all?"
    for row in g.rows:
        refusal = CellRefusal(row, None, None, "too little", why)
        ctx.refuse(refusal)
        plans[row] = RowPlan(row, REFUSED, who.shown, NOBODY, sentence=refusal.sentence)
    return True


def refuse_leaver(ctx: Context, g: Gathered, plans: dict[int, RowPlan]) -> bool:
    """Refuse a new pupil whose status says that they left and who has no leaving date: they would be on roll. True where refused."""
    if g.match.kind == FOUND or not any(s.left and s.last_day is None for s in g.draft.spans):
        return False
    for row in g.rows:
        why = f"{g.draft.who.shown} is a leaver by the enrolment status, and the list does not say since when. Give the leaving date, or leave the row out."
        refusal = CellRefusal(row, None, None, "leaver", why)
        ctx.refuse(refusal)
        plans[row] = RowPlan(row, REFUSED, g.draft.who.shown, NOBODY, sentence=refusal.sentence)
    return True


_TOTALS = frozenset({"total", "totals", "grandtotal", "average", "overall", "all", "allpupils", "allstudents", "school", "wholeschool"})


def ask_who(ctx: Context, g: Gathered, matcher: Matcher) -> None:
    """Ask who a row is (HOLD), or hint at a likeness (NEW)."""
    m = g.match
    if m.kind != HOLD and not m.like:
        return
    choices = [(f"same:{matcher.known[p].pupil.code}", f"it is {matcher.described(p)}") for p in m.like]
    if m.kind == NEW:
        choices.append(("new", "keep both: another pupil"))
    elif m.may_be_new:
        choices.append(("new", "another pupil: bring in as new"))
    choices.append(("leave", "leave this row out"))
    row = g.rows[0]
    answer = ctx.answers.get(m.question)
    if answer is not None and all(answer != k for k, _ in choices):
        answer = None
    kept = "brought in as a new pupil" if m.kind == NEW else "not brought in"
    ctx.add_ask(
        Ask(
            m.question, f"{place_words(row)}{g.draft.who.shown}: {m.why}{'' if m.why.endswith('?') else '.'}", tuple(Choice(k, w) for k, w in choices), row, "Name", g.draft.who.shown, kept,
            m.kind == HOLD, answer,
        )
    )  # fmt: skip


def check_numbers(ctx: Context, pupils: list[Gathered], matcher: Matcher, header: Mapping[str, str]) -> None:
    """Point out a ULN that several pupils of the file have (it is stored for none), doubtful UPNs, and an unknown authority once."""
    by_uln: dict[str, list[Gathered]] = {}
    authorities: dict[str, list[int]] = {}
    for g in pupils:
        if g.clash is not None or not g.rows:
            continue
        if g.draft.uln:
            by_uln.setdefault(g.draft.uln, []).append(g)
        check = g.draft.who.upn_check
        if check is not None and check.unknown_authority and not matcher.by_number("upn", check.value):
            authorities.setdefault(check.unknown_authority, []).append(g.rows[0])
    for uln, several in by_uln.items():
        if len(several) < 2:
            continue
        rows = [r for g in several for r in g.rows[:1]]
        for g in several:
            g.draft.uln = None
        for g in several:
            others = " and ".join(f"row {r}" for r in rows if r != g.rows[0])
            ctx.refuse(
                CellRefusal(
                    g.rows[0],
                    header.get("uln", "ULN"),
                    uln,
                    "one pupil, one ULN",
                    f"the same ULN stands in {others}. It was stored for none of them.",
                )
            )
    for number, rows in authorities.items():
        ctx.warnings.append(
            f"The UPNs of {how_many(len(rows), 'row')} (first in row {rows[0]}) have the authority number {number}, which is not that of a local authority in England."
        )


def ask_upn(ctx: Context, g: Gathered, column: str) -> None:
    """Ask about a UPN that cannot be right: the pupil goes in, and the UPN as written, marked as doubtful."""
    check = g.draft.who.upn_check
    if check is None or check.ok or not g.draft.who.upn:
        return
    choices = [("keep", "keep it as written, marked as doubtful"), ("leave", "leave the UPN out")]
    if check.suggestion:
        choices.insert(0, ("suggestion", f"it should be {check.suggestion}"))
    question = upn_question(g.draft.who.upn)
    answer = ctx.answers.get(question)
    if answer is not None and all(answer != k for k, _ in choices):
        answer = None
    if answer is not None:
        ctx.used[question] = answer
    text = g.draft.who.upn_check.value if g.draft.who.upn_check else g.draft.who.upn
    ctx.add_ask(
        Ask(
            question, f"{place_words(g.rows[0], column, text)}{' '.join(check.doubts)}", tuple(Choice(k, w) for k, w in choices), g.rows[0], column, text,
            "kept as written, marked as doubtful", False, answer,
        )
    )  # fmt: skip


def settle_name_order(ctx: Context, opened: Opened, pupils: list[Gathered], matcher: Matcher) -> None:
    """Where whole names have no comma: learn which part comes first from pupils who are known, else take the surname first and ask."""
    unsure = [g for g in pupils if g.clash is None and g.draft.who.surname is None and g.draft.who.forename is None and g.draft.who.full]
    if not unsure:
        return
    votes = {SURNAME_FIRST: 0, FORENAME_FIRST: 0}
    for g in unsure:
        if g.match.kind == FOUND and g.match.pupil_id is not None:
            k = matcher.known[g.match.pupil_id]
            for order in votes:
                if any(fold(s) in k.surnames and fold(f) in k.forenames for s, f in whole_name_orders(g.draft.who.full or "", order)):
                    votes[order] += 1
    new = [g for g in unsure if g.match.kind != FOUND]
    order = SURNAME_FIRST if votes[SURNAME_FIRST] >= votes[FORENAME_FIRST] else FORENAME_FIRST
    heading = opened.reader.columns.heading("full_name")
    if new and votes[SURNAME_FIRST] == votes[FORENAME_FIRST] and any(len((g.draft.who.full or "").split()) > 1 for g in new):
        sample = new[0].draft.who.full or ""
        surname, forename = whole_name_orders(sample, SURNAME_FIRST)[0]
        answer = ctx.ask(
            f"name order:{opened.fingerprint[:8]}",
            f"Names such as “{sample}” have no comma, so the surname was taken to come first ({surname}, {forename}). Is that right?",
            ((SURNAME_FIRST, "surname first"), (FORENAME_FIRST, "forename first")),
            row=new[0].rows[0], column=heading, value=sample, kept="surname first", holds=False,
        )  # fmt: skip
        order = answer or SURNAME_FIRST
    for g in new:
        orders = whole_name_orders(g.draft.who.full or "", order)
        if orders:
            g.draft.who = replace(g.draft.who, surname=orders[0][0], forename=orders[0][1] or None)


def plan_list(ctx: Context, opened: Opened) -> ImportPlan:
    """The plan of a pupil list."""
    unused(ctx, opened)
    if ctx.blocked:
        return blocked_plan(ctx, opened, Title.IMPORT_PUPILS)
    reader = opened.reader
    matcher, held = ctx.school.read(lambda r: (Matcher(r), Held.read(r)))
    setting = ctx.school.setting
    gathering = Gathering()
    plans: dict[int, RowPlan] = {}
    order: list[int] = []
    refused_pupils: list[Who] = []
    header = {key: reader.columns.heading(key) for key in ("upn", "uln", "born", "number")}
    name_order = name_order_of(reader.columns.heading("full_name")) if reader.columns.has("full_name") else None
    total = max(reader.table.about, 1)
    for draft in read_pupils(reader, name_order):
        row = draft.rows[0]
        order.append(row)
        if len(order) % 200 == 0:
            ctx.told(len(order), 2 * total)
        if draft.row_refusal is None and not opened.read_hidden and row in reader.table.hidden_rows:
            draft.row_refusal = CellRefusal(row, None, None, "hidden", "the row is hidden in the workbook and was left out.")
        if draft.row_refusal is not None:
            for refusal in [draft.row_refusal, *(r for r in draft.refusals if r is not draft.row_refusal)]:
                ctx.refuse(refusal)
            refused_pupils.append(draft.who)
            plans[row] = RowPlan(row, REFUSED, draft.who.shown, "–", sentence=draft.row_refusal.sentence)
            continue
        gathering.add(draft)
    if reader.table.unterminated and any(r.rule == "cut off" for r in ctx.refusals):
        ctx.warnings.append(f"{ctx.name} looks cut off: it ends in the middle of row {order[-1]}.")
    for g in gathering.pupils:
        for refusal in g.draft.refusals:
            ctx.refuse(refusal)
    match_all(ctx, gathering.pupils, matcher)
    settle_name_order(ctx, opened, gathering.pupils, matcher)
    for a, b, number in gathering.same_number():
        if a.clash is None and b.clash is None and a.match.kind == NEW and b.match.kind == NEW and a is not b:
            for one, other in ((a, b), (b, a)):
                refusal = CellRefusal(
                    one.rows[0],
                    header["number"],
                    number,
                    "one pupil, one number",
                    f"row {other.rows[0]} gives the same number to another pupil. Neither was brought in.",
                )
                ctx.refuse(refusal)
                for row in one.rows:
                    plans[row] = RowPlan(row, REFUSED, one.draft.who.shown, NOBODY, sentence=refusal.sentence)
                one.clash = "number"
    check_numbers(ctx, gathering.pupils, matcher, header)
    comparison = make_comparison(ctx, matcher, held, setting)
    pupil_edits: list[PupilEdits] = []
    seen: set[int] = set()
    numbers_kept: list[int] = []
    for i, g in enumerate(gathering.pupils):
        if i % 200 == 0:
            ctx.told(total + i * total // max(len(gathering.pupils), 1), 2 * total)
        if not g.rows or g.clash == "number":
            continue
        if g.clash is not None:
            said = refuse_clash(ctx, g, header["born"] if g.clash == "date of birth" else "Pupil")
            plans |= {row: RowPlan(row, REFUSED, g.named.get(row, ""), "–", sentence=text) for row, text in said.items()}
            refused_pupils.append(g.draft.who)
            continue
        if refuse_too_little(ctx, g, plans) or refuse_leaver(ctx, g, plans):
            continue
        ask_who(ctx, g, matcher)
        if g.match.kind == HOLD:
            refusal = CellRefusal(
                g.rows[0],
                None,
                None,
                "who is it",
                f"{g.draft.who.shown}: {g.match.why}. Nothing of this row was brought in until that is answered.",
            )
            for row in g.rows:
                ctx.refuse(CellRefusal(row, None, None, refusal.rule, refusal.why))
                plans[row] = RowPlan(row, REFUSED, g.draft.who.shown, "asked", None, (), True, refusal.sentence)
            seen.update(g.match.like)
            continue
        ask_upn(ctx, g, header["upn"])
        rows_of_pupil(ctx, g, comparison, pupil_edits, plans, seen)
        if g.outcome is not None and g.outcome.number_kept:
            numbers_kept.append(g.rows[0])
    unborn = [g.rows[0] for g in gathering.pupils if g.rows and g.clash is None and g.match.kind == NEW and g.draft.who.born is None]
    if unborn:
        ctx.warnings.append(
            f"{how_many(len(unborn), 'new pupil has', 'new pupils have')} no date of birth ({'row' if len(unborn) == 1 else 'first in row'} {unborn[0]}): a gap to fill."
        )
    if numbers_kept:
        ctx.warnings.append(
            f"{how_many(len(numbers_kept), 'row has', 'rows have')} another number than the one held here (first in row {numbers_kept[0]}); the school's numbers were kept."
        )
    ctx.used |= comparison.used
    missing = missing_pupils(ctx, matcher, setting.id, seen, refused_pupils)
    if missing:
        named = ", ".join(m.who for m in missing[:8]) + (f" and {len(missing) - 8} more" if len(missing) > 8 else "")
        ctx.warnings.append(
            f"{how_many(len(missing), 'pupil')} on roll {'is' if len(missing) == 1 else 'are'} not in this file: {named}. Nothing was done about it."
        )
    rows = [plans[r] for r in order]
    return finish_pupils(ctx, opened, PUPILS, Title.IMPORT_PUPILS, rows, pupil_edits, held, missing=missing)


def make_comparison(ctx: Context, matcher: Matcher, held: Held, setting: Setting) -> PupilComparison:
    """The comparison with what the school holds on the day of the list."""
    school = ctx.school

    def steps(pupil: int, kinds: frozenset[str]) -> list[Any]:
        return list(school.history(pupil=pupil, kinds=kinds))

    typed = TypedByHand(steps)
    return PupilComparison(matcher, held, ctx.taken_on, setting.id, ctx.answers, typed, own_name=setting.name)


def rows_of_pupil(
    ctx: Context,
    g: Gathered,
    comparison: PupilComparison,
    pupil_edits: list[PupilEdits],
    plans: dict[int, RowPlan],
    seen: set[int],
    partial: bool = False,
) -> None:
    """Compare one pupil and note what becomes of their rows."""
    first, *more = g.rows
    who = g.draft.who.shown
    if g.match.kind == FOUND and g.match.pupil_id is not None:
        k = comparison.matcher.known[g.match.pupil_id]
        seen.add(k.id)
        g.outcome = out = comparison.known(g.draft, k, first, partial)
        for ask in out.asks:
            ctx.add_ask(ask)
        asked = any(a.answer is None for a in out.asks)
        state = CHANGED if out.edits else SAME
        sentence = "" if out.happens else f"{out.compared} of {how_many(out.compared, 'value')} the same"
        plans[first] = RowPlan(
            first, state, who, g.match.by if g.match.by != BY_NUMBER else "number", k.id, tuple(out.happens), asked, sentence
        )
        if out.edits:
            pupil_edits.append(PupilEdits(k.id, out.edits))
        pupil_id: int | None = k.id
    else:
        g.outcome = out = comparison.new(g.draft)
        plans[first] = RowPlan(
            first, NEW_STATE, who, NOBODY, None, tuple(out.happens), bool(g.match.like), "" if out.happens else "a new pupil"
        )
        pupil_edits.append(PupilEdits(None, out.edits))
        pupil_id = None
    for row in more:
        plans[row] = RowPlan(row, SAME, who, g.match.by, pupil_id, (Happening("", None, f"goes with row {first}: one pupil"),))


def missing_pupils(ctx: Context, matcher: Matcher, setting_id: int, seen: set[int], refused: Iterable[Who]) -> list[MissingPupil]:
    """Pupils on roll on the day of the list who are not in it, those excepted that a refused row may mean."""
    for who in refused:
        for system, value in (("upn", who.upn), ("number", who.number), *who.systems):
            if value:
                seen.update(matcher.by_number(system, value))
        seen.update(p for p, k in matcher.known.items() if who.names and matcher.name_agrees(who, k) == (True, True))
    found = [
        MissingPupil(k.id, k.shown)
        for k in matcher.known.values()
        if k.id not in seen and (spans := spans_of(k.enrolments, setting_id)) and on_roll(ctx.taken_on, spans)
    ]
    return sorted(found, key=lambda m: m.who)


def finish_pupils(
    ctx: Context,
    opened: Opened | None,
    as_: str,
    title: Title,
    rows: list[RowPlan],
    pupil_edits: list[PupilEdits],
    held: Held,
    *,
    missing: Iterable[MissingPupil] = (),
    rests_on: frozenset[str] = PUPIL_KINDS,
    read_as: str = "",
) -> ImportPlan:
    """The plan of pupils whose edits are known."""
    states = [r.state for r in rows]
    counts = Counts(len(rows), states.count(NEW_STATE), states.count(CHANGED), states.count(SAME), states.count(REFUSED))
    used_ids = {
        value
        for p in pupil_edits
        for e in p.edits
        for name in ("group_id", "partner_id")
        if (value := getattr(getattr(e, "record", None), name, None)) is not None and value < 0
    }
    top = [r for r in (*held.new_groups.values(), *held.new_partners.values()) if r.id in used_ids]
    pupil_edits = sorted(pupil_edits, key=lambda p: (p.pupil_id is None, p.pupil_id or 0))
    n = sum(len(p.edits) for p in pupil_edits) + len(top)
    last = remember(ctx, opened)
    answered = [e for e in last if e.record.__class__.__name__ == "ImportAnswer"]
    if not n:
        last = answered  # nothing else changed, so how the columns were understood is not worth a step of its own

    def edits(ids: NewIds) -> Iterator[Edit]:
        return draw(top, pupil_edits, ids, last)

    return finish(
        ctx,
        as_,
        title,
        rows,
        counts,
        opened=opened,
        missing=tuple(missing),
        edits=edits,
        edit_count=n + len(last),
        rests_on=rests_on,
        read_as=read_as,
    )
