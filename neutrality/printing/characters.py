"""Which characters the type of certificates has, and what is printed where it lacks one.

The type covers GB 2312, the Table of General Standard Chinese Characters and the alphabets of Europe. A name may hold
others: rare characters in people's names, other scripts. Pages show them as they are. On paper 〓, the old printers'
mark for a sort that is out, stands in their place, and a line on the certificate says which character it is.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
STAND_IN = "〓"
BREAKS = "\n\r\t\u200b"  # set as space or break, never as a sign of their own
PRIVATE = ((0xE000, 0xF900), (0xF0000, 0x110000))  # a sign only its author's machine knows


@cache
def printable() -> frozenset[str]:
    """Every character of the type."""
    return frozenset((FONTS / "characters.txt").read_text("utf-8"))


def missing(*texts: str) -> list[str]:
    """Characters of `texts` the type lacks, each once, in their order."""
    return [sign for sign in dict.fromkeys("".join(texts)) if sign not in printable() and sign not in BREAKS]


def named(sign: str) -> str:
    """A character with its number, as a reader can look it up: 䶮 U+4DAE. What cannot be shown is only numbered."""
    point = f"U+{ord(sign):04X}"
    private = any(low <= ord(sign) < high for low, high in PRIVATE)
    return f"{sign} {point}" if sign.isprintable() and not private else point


def numbered(signs: Iterable[str]) -> str:
    """The same for paper, which cannot show them: U+4DAE, U+9FCD."""
    return ", ".join(f"U+{ord(sign):04X}" for sign in signs)


def set_in_type(text: str) -> str:
    """`text` as it can be printed."""
    return "".join(sign if sign in printable() or sign in BREAKS else STAND_IN for sign in text)
