"""The library of instruments: those at hand, and the sentences about the files that were refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from approgress.domain.errors import Refusal
from approgress.domain.instruments.file import read_instrument
from approgress.domain.instruments.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Library:
    """All instruments at hand, and the sentences about the files that were refused."""

    instruments: tuple[Instrument, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @classmethod
    def of(cls, files: Iterable[tuple[str, str] | tuple[str, str, bool]], before: Library | None = None) -> Library:
        """The library of TOML texts given as (file name, text) or (file name, text, in use), after those of `before`.

        A file that breaks a rule is refused and the others still load; an edition that is there already is never changed under its data.
        """
        found = list(before.instruments) if before else []
        refused = list(before.refused) if before else []
        for file_name, text, *more in files:
            try:
                instrument = read_instrument(text, file_name)
            except Refusal as refusal:
                refused.append(refusal)
                continue
            if any((i.id, i.edition) == (instrument.id, instrument.edition) for i in found):
                twice = f"{file_name}: {instrument.id}, edition {instrument.edition}, is there already; give it another edition."
                refused.append(Refusal(twice, "edition"))
                continue
            found.append(replace(instrument, enabled=instrument.enabled and bool(more[0])) if more else instrument)
        return cls(tuple(found), tuple(refused))

    def get(self, instrument_id: str, edition: str | None = None) -> Instrument | None:
        """The instrument of that id and edition (without: the last one that is in use, else the last one); None where there is none.

        An instrument with an open edition (a standardised test named in each reading) answers to any edition, and then carries it.
        """
        editions = [i for i in self.instruments if i.id == instrument_id]
        if edition is None:
            return next((i for i in reversed(editions) if i.enabled), editions[-1] if editions else None)
        for i in editions:
            if i.edition == edition:
                return i
        return next((replace(i, edition=edition) for i in editions if i.open_edition), None)

    def of_strand(self, strand: str) -> tuple[Instrument, ...]:
        """The instruments of a strand that are in use."""
        return tuple(i for i in self.instruments if i.strand == strand and i.enabled)
