"""Reports built from dossiers: plans read from resources, sections called by name, pages laid out and drawn into one PDF."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from approgress.domain import days
from approgress.domain.dossier import AUDIENCES, Dossier
from approgress.domain.errors import Refusal
from approgress.paths import resource
from approgress.reports.page import BOTTOM, Margin, Page, lay_out_pages, paint_pages
from approgress.reports.paper import Paper
from approgress.reports.text import HEADING, Block, Text


@dataclass(frozen=True, slots=True)
class Plan:
    """A kind of report: its name, title and words for a file name, its sections in order, its charts, and for whom it is.

    `audience` is of `dossier.AUDIENCES`: nothing is in it that those readers may not read. `fill` names a section that comes earlier where
    the first page would otherwise stay empty at its foot.
    """

    name: str
    title: str
    file_words: str
    subject: str
    audience: str
    sections: tuple[str, ...]
    charts: tuple[str, ...] = ()
    legal_name: bool = False
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who made a report, and of which state of the records: journal step and the newest seal's first signs."""

    made_by: str
    step: int
    seal: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What a section is given: the dossier, the plan, and the imprint."""

    dossier: Dossier
    plan: Plan
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class Part:
    """What a section gives back: its heading ('' for none) and the blocks below it; without blocks it is left out, heading and all."""

    title: str
    blocks: tuple[Block, ...] = field(default=())


Section = Callable[[Telling], Part]
SECTIONS: dict[str, Section] = {}
"""Every section by its name; made by functions under `@section` in `reports/sections`."""


def section(name: str) -> Callable[[Section], Section]:
    """Register a section under its name, by which plans call it."""

    def register(make: Section) -> Section:
        if name in SECTIONS:
            raise ValueError(f"two sections are called {name}")
        SECTIONS[name] = make
        return make

    return register


@cache
def load_sections() -> None:
    """Import every module of `reports/sections`, so that its sections are registered."""
    from approgress.reports import sections

    for module in pkgutil.iter_modules(sections.__path__):
        importlib.import_module(f"{sections.__name__}.{module.name}")


_PLAN_KEYS: Final = {"name", "title", "file", "subject", "audience", "sections", "charts", "legal_name", "fill"}


def plan_names() -> tuple[str, ...]:
    """The names of all plans."""
    return tuple(sorted(path.stem for path in resource("plans").glob("*.toml")))


@cache
def load_plan(name: str) -> Plan:
    """The plan of that name. Refusal where there is none, or where its file breaks a rule (the sentence names it)."""
    if name not in plan_names():
        raise Refusal(f"There is no report called {name!r}. There is: {', '.join(plan_names())}. Nothing was made.", "plan")
    path = resource("plans", f"{name}.toml")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{path.name} is not a TOML file: {error}. Nothing was made.", "plan") from error
    load_sections()
    if unknown := set(raw) - _PLAN_KEYS:
        raise Refusal(f"{path.name}: {', '.join(sorted(unknown))} is not known in a plan. Nothing was made.", "plan")
    if lacking := {"title", "file", "audience", "sections"} - set(raw):
        raise Refusal(f"{path.name}: {', '.join(sorted(lacking))} is missing. Nothing was made.", "plan")
    if raw["audience"] not in AUDIENCES:
        raise Refusal(f"{path.name}: the audience is one of {', '.join(AUDIENCES)}. Nothing was made.", "plan")
    if unknown := [s for s in (*raw["sections"], *([raw["fill"]] if "fill" in raw else [])) if s not in SECTIONS]:
        raise Refusal(
            f"{path.name}: there is no section {', '.join(unknown)}. There are: {', '.join(sorted(SECTIONS))}. Nothing was made.", "plan"
        )
    return Plan(
        name,
        raw["title"],
        raw["file"],
        raw.get("subject", raw["title"]),
        raw["audience"],
        tuple(raw["sections"]),
        tuple(raw.get("charts", ())),
        raw.get("legal_name", False),
        raw.get("fill", ""),
    )


class Heading(Text):
    """The heading of a section, which is also a bookmark."""

    def __init__(self, words: str) -> None:
        super().__init__(words, HEADING, tag="H2", before=15.0, after=4.0, with_next=True)
        self.bookmark = words
        self.section = words


def parts(telling: Telling) -> dict[str, list[Block]]:
    """The blocks of each section of the plan, in its order, each block knowing its section; sections without content are left out."""
    load_sections()
    found: dict[str, list[Block]] = {}
    for name in telling.plan.sections:
        part = SECTIONS[name](telling)
        if not part.blocks:
            continue
        blocks: list[Block] = [Heading(part.title)] if part.title else []
        for block in part.blocks:
            block.section = part.title
            blocks.append(block)
        found[name] = blocks
    return found


EMPTY_FOOT: Final = 140.0
"""So many points without content at the foot of the first page are filled, where the plan says with what."""


def lay_out(telling: Telling) -> list[Page]:
    """The pages of a report, laid out and not yet drawn."""
    held = parts(telling)
    order = list(held)
    pages = lay_out_pages([block for name in order for block in held[name]])
    fill = telling.plan.fill
    if fill in order and len(pages) > 1 and pages[0].bottom - BOTTOM > EMPTY_FOOT:
        whole = [name for name in order if any(p.block in held[name] for p in pages[0].placed)]
        if fill not in whole:
            order.remove(fill)
            order.insert(len(whole), fill)
            filled = lay_out_pages([block for name in order for block in held[name]])
            if len(filled) <= len(pages) and filled[0].bottom < pages[0].bottom - 40:
                return filled
    return pages


def margin(telling: Telling) -> Margin:
    """Head and foot: pupil, report, confidentiality, day of the data, journal step and seal, who made it."""
    d, imprint = telling.dossier, telling.imprint
    short = d.name.code if d.name.hidden else ".".join(d.name.initials) + "." if d.name.initials else d.name.full
    seal = f", seal {imprint.seal}" if imprint.seal else ""
    foot = [d.school, "Confidential", short, f"data of {days.words(d.last)}, journal step {imprint.step:,}{seal}"]
    if imprint.made_by:
        foot.append(f"made by {imprint.made_by}")
    if d.setting.demonstration:
        foot[0] = f"{d.school} (demonstration: invented pupils)"
    return Margin(f"{d.name.full} \u00b7 {telling.plan.title} \u00b7 {days.words(d.first)} to {days.words(d.last)}", tuple(foot))


def build(tellings: Sequence[Telling]) -> bytes:
    """One PDF of one or several reports, each with page numbers of its own; of several, each pupil is a bookmark with the sections below.

    The same dossiers, plan and imprint give the same bytes, on every system and in every process.
    """
    first = tellings[0]
    d, plan = first.dossier, first.plan
    several = len(tellings) > 1
    about = f"{len(tellings)} pupils" if several else d.name.full
    paper = Paper(
        title=f"{plan.title}: {about}, {days.words(d.first)} to {days.words(d.last)}" if not several else f"{plan.title}: {about}",
        author=d.school,
        subject=plan.subject,
        keywords=f"approgress, {plan.name}, data of {days.words(d.last)}, journal step {first.imprint.step}",
        made=d.last,
    )
    for n, telling in enumerate(tellings):
        pages = lay_out(telling)
        key = f"p{n}"
        paper.begin("Sect")
        if several:
            name = telling.dossier.name.full
            paper.bookmarkPage(key, fit="Fit")
            paper.addOutlineEntry(name, key, 0, closed=1)
        paint_pages(paper, pages, margin(telling), key=key, level=1 if several else 0)
        paper.end()
    return paper.finish()
