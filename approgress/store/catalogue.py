"""From the files under resources to domain objects: attendance codes, exclusions and instruments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from approgress.domain.attendance import CodeSet, read_codes
from approgress.domain.instruments import Instrument, Library
from approgress.domain.records import InstrumentFile
from approgress.domain.suspensions import Exclusions, read_exclusions
from approgress.paths import resource


@cache
def code_set() -> CodeSet:
    """The attendance codes that come with the program, read once. Raises Refusal where the file breaks a rule, OSError where it is gone."""
    path = resource("codes", "attendance.toml")
    return read_codes(path.read_text(encoding="utf-8"), path.name)


@cache
def bundled_instruments() -> Library:
    """The instruments that come with the program, read once; a file that breaks a rule is in `refused` and the others load."""
    paths = sorted(resource("instruments").glob("*.toml"))
    return Library.of((path.name, path.read_text(encoding="utf-8")) for path in paths)


def instruments() -> tuple[Instrument, ...]:
    """The instruments that come with the program."""
    return bundled_instruments().instruments


def library(school_files: Iterable[InstrumentFile] = ()) -> Library:
    """The bundled instruments and those that a school added, in use as the school says.

    A school's record of an edition that comes with the program says only whether it is in use; its text never replaces the bundled one.
    """
    bundled = bundled_instruments()
    switched: dict[tuple[str, str], bool] = {}
    own: list[tuple[str, str, bool]] = []
    for f in sorted(school_files, key=lambda f: f.id):
        if any((i.id, i.edition) == (f.instrument, f.edition) for i in bundled.instruments):
            switched[f.instrument, f.edition] = f.enabled
        else:
            own.append((f"{f.instrument} {f.edition}", f.text, f.enabled))
    if switched:
        kept = tuple(replace(i, enabled=switched.get((i.id, i.edition), i.enabled)) for i in bundled.instruments)
        bundled = Library(kept, bundled.refused)
    return Library.of(own, bundled) if own else bundled


@cache
def exclusions() -> Exclusions:
    """The lists and limits of suspensions that come with the program, read once. Raises Refusal where the file breaks a rule."""
    path = resource("codes", "exclusions.toml")
    return read_exclusions(path.read_text(encoding="utf-8"), path.name)
