"""Findings: plain sentences made by rule from the numbers of a dossier, each carrying the numbers it rests on and who may read it."""

from __future__ import annotations

from dataclasses import dataclass

from approgress.domain.values import Value


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
