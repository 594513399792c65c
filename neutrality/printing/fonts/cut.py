"""Cuts the types of the certificate; run once by hand, and again only when the set of characters changes.

    apt install fonts-noto-cjk fonts-noto-core fonts-noto-mono unicode-data
    python neutrality/printing/fonts/cut.py

Song type for names and text: GB 2312 and the Table of General Standard Chinese Characters (2013, 8,105 characters, the
kTGH field of the Unihan database), with Latin, Greek and Cyrillic beside it; a fixed-width type for numbers.
Writes the three files beside this one and `characters.txt`, the list of what can be printed, which is all that the
portal reads. All three are under the SIL Open Font Licence (OFL.txt).

The outlines of the song type, cubic as published, are drawn anew as quadratic ones (TrueType), at most a thousandth of
the type's size beside the old: a quadratic outline is copied into a document, a cubic one is taken apart and written
again, which took a tenth of all the work of a certificate.
"""

import bz2
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

HERE = Path(__file__).parent
NOTO = Path("/usr/share/fonts")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
LATIN = (range(0x20, 0x7F), range(0xA0, 0x250), range(0x1E00, 0x1F00))
GREEK_AND_CYRILLIC = (range(0x370, 0x400), range(0x400, 0x460))
SIGNS = (range(0x2010, 0x2028), range(0x2030, 0x2040), range(0x2070, 0x20A0), range(0x20A0, 0x20C0))
SIGNS += (range(0x2100, 0x2150), range(0x2190, 0x219A), range(0x2200, 0x2266))
CODES = (range(0x20, 0x7F), range(0x2010, 0x2016))
UNITS_BESIDE = 1  # of the 1,000 units of an em


def general_standard() -> set[int]:
    """The 8,105 characters of 2013."""
    with bz2.open(UNIHAN, "rt") as lines:
        return {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}


def gb2312() -> set[int]:
    """Every character and sign of GB 2312."""
    pairs = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if (text := pair.decode("gb2312", "ignore"))}


def one_of(*ranges: range) -> set[int]:
    return {point for part in ranges for point in part}


def simplified(path: Path) -> TTFont:
    """The face for the mainland out of a collection for all of East Asia."""
    faces = TTCollection(path).fonts
    return next(face for face in faces if face["name"].getDebugName(1).endswith("CJK SC"))


def quadratic(font: TTFont) -> None:
    """Draw the outlines of a font anew as quadratic curves, in place."""
    drawn, order = font.getGlyphSet(), font.getGlyphOrder()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, UNITS_BESIDE, reverse_direction=True))
        glyph = font["glyf"].glyphs[name] = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"].metrics[name] = (font["hmtx"].metrics[name][0], getattr(glyph, "xMin", 0))
    del font["CFF "]
    counts = ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements", "SizeOfInstructions")
    vars(font["maxp"]).update({f"max{what}": 0 for what in counts}, tableVersion=0x00010000, maxZones=1)
    font["maxp"].maxComponentElements = 0
    font.sfntVersion = "\0\1\0\0"


def cut(font: TTFont, wanted: set[int], name: str) -> set[int]:
    """Write the part of `font` that draws `wanted`; returns what it really draws."""
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=["kern", "ccmp", "mark", "locl"])
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "DSIG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    if "CFF " in font:
        quadratic(font)
    font["head"].modified = font["head"].created  # the same input gives the same file
    font.recalcTimestamp = False
    font.save(HERE / name)
    return wanted & set(font.getBestCmap())


def main() -> None:
    letters = one_of(*LATIN, *GREEK_AND_CYRILLIC, *SIGNS)
    song = simplified(NOTO / "opentype/noto/NotoSerifCJK-Regular.ttc")
    drawn = cut(song, general_standard() | gb2312() | letters, "NotoSerifCJKsc.ttf")
    drawn |= cut(TTFont(NOTO / "truetype/noto/NotoSerif-Regular.ttf"), letters, "NotoSerif.ttf")
    cut(TTFont(NOTO / "truetype/noto/NotoSansMono-Regular.ttf"), one_of(*CODES), "NotoSansMono.ttf")
    text = "".join(map(chr, sorted(drawn)))
    (HERE / "characters.txt").write_text(text, "utf-8")
    print(f"{len(drawn):,} characters")


if __name__ == "__main__":
    main()
