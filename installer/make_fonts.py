"""Make the typefaces in resources/fonts from their published files: python installer/make_fonts.py ATKINSON DEJAVU.

ATKINSON is a folder of static TrueType files of Atkinson Hyperlegible Next and its licence, as the npm package
@expo-google-fonts/atkinson-hyperlegible-next holds them (whole faces; @fontsource has the same face cut into alphabets, which loses
kerning between them). DEJAVU is the folder of Debian's package fonts-dejavu-core. Needs fontTools. Run once; the files are committed.

The only change to Atkinson Hyperlegible Next: the figures that a text gets without asking are the face's own tabular ones, because
ReportLab cannot switch a feature of a typeface on, and figures in a column have to line up on paper as on screen. The proportional ones
stay reachable by the feature `pnum`. The licence reserves no font name, so the name stays; the version string says what was changed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

FACES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
OUT = Path(__file__).resolve().parents[1] / "resources" / "fonts"


def tabular(source: Path, target: Path) -> None:
    """Write `source` to `target` with tabular figures as the default ones."""
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    gsub = font["GSUB"].table
    swaps: dict[str, str] = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for subtable in gsub.LookupList.Lookup[index].SubTable:
                    swaps.update(subtable.mapping)
    if len(swaps) != 10:
        raise SystemExit(f"{source.name} has {len(swaps)} tabular figures, not 10.")
    for table in font["cmap"].tables:
        table.cmap = {code: swaps.get(glyph, glyph) for code, glyph in table.cmap.items()}
    widths = {font["hmtx"].metrics[glyph][0] for glyph in swaps.values()}
    if len(widths) != 1:
        raise SystemExit(f"{source.name}: the tabular figures have {len(widths)} widths.")
    for name in font["name"].names:
        if name.nameID == 5:
            name.string = f"{name}; tabular figures by default"
    font.save(target)


def main(atkinson: Path, dejavu: Path) -> None:
    """Write the faces and the licence of Atkinson Hyperlegible Next; LICENSE-DejaVu.txt is DejaVu's own LICENSE, put beside them by hand."""
    OUT.mkdir(parents=True, exist_ok=True)
    for weight, name in FACES.items():
        found = sorted(atkinson.rglob(f"AtkinsonHyperlegibleNext_{weight}{name}.ttf"))
        if not found:
            raise SystemExit(f"{atkinson} holds no AtkinsonHyperlegibleNext_{weight}{name}.ttf.")
        tabular(found[0], OUT / f"AtkinsonHyperlegibleNext-{name}.ttf")
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        shutil.copyfile(dejavu / name, OUT / name)
    shutil.copyfile(atkinson / "LICENSE_FONT", OUT / "OFL-AtkinsonHyperlegibleNext.txt")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
