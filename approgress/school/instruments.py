"""Adding an instrument file to a school: checked first, never changed under its data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from approgress.domain.edits import Changes, NewIds, Put, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.instruments import Instrument, read_instrument
from approgress.domain.records import InstrumentFile
from approgress.store.catalogue import bundled_instruments

if TYPE_CHECKING:
    from approgress.school.school import School

_LIMIT = 1_000_000


def add_instrument(school: School, file: Path) -> tuple[Instrument, Changes]:
    """The instrument of a TOML file, added to the school; empty Changes where the same text is there already.

    Refusal names file, line and rule. A file that would change an instrument with readings is refused: it needs an edition of its own.
    """
    try:
        if not file.is_dir() and file.exists() and not file.is_file():  # a pipe or a device may never end
            raise Trouble(f"{file} is not an ordinary file. Nothing was added. Choose a file.")
        if file.stat().st_size > _LIMIT:
            raise Refusal(f"{file.name} is larger than an instrument file can be. Nothing was added.")
        text = file.read_text("utf-8-sig")
    except OSError as e:
        raise Trouble(f"{file} could not be read ({e.strerror}). Nothing was added.") from None
    except UnicodeDecodeError:
        raise Refusal(f"{file.name} is not text in UTF-8. Nothing was added.") from None
    try:
        instrument = read_instrument(text, file.name)
    except Refusal as e:
        if "Nothing was" in e.sentence:
            raise
        raise Refusal(f"{e.sentence} Nothing was added; mend the file and add it again.", e.field) from None
    held = [f for f in school.read(lambda r: r.every(InstrumentFile)) if (f.instrument, f.edition) == (instrument.id, instrument.edition)]
    if held and held[0].text == text:
        return instrument, Changes()
    shipped = any((i.id, i.edition) == (instrument.id, instrument.edition) for i in bundled_instruments().instruments)
    used = school.read(
        lambda r: r.sql("SELECT 1 FROM reading WHERE instrument = ? AND edition = ? LIMIT 1", instrument.id, instrument.edition)
    )
    if shipped or used:
        raise Refusal(
            f"{file.name}: {instrument.name}, edition {instrument.edition}, is {'part of the program' if shipped else 'in use'} and is never changed "
            "under its readings. Give the new one an edition of its own. Nothing was added."
        )

    def act(ids: NewIds) -> list[Put]:
        record = InstrumentFile(held[0].id if held else ids.other(), instrument.id, instrument.edition, text, instrument.enabled)
        return [Put(record, held[0] if held else None)]

    return instrument, school.do(Title.ADD_INSTRUMENT, act, grow=False)


