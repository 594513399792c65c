"""Check codes: what is printed on paper and typed by hand, leading from there to the live state (pure).

Ten signs in two groups, such as 3DH6F-57RHN: nine hold the kind of thing and its public number, the tenth checks them.
The alphabet has 23 signs: no vowels, and of every pair that is mistaken in print or handwriting (0 O, 1 I L, 2 Z, 5 S,
6 G, 8 B, Q 9) at most the digit. As 23 is prime and every place has a weight of its own, one wrong sign or two that
changed places are always noticed. The code is worked out from the number and back: nothing is stored.
"""

import re
import unicodedata
from enum import StrEnum

from neutrality.codes import ALPHABET as NUMBER_SIGNS

ALPHABET = "23456789CDFHJKMNPRTVWXY"
MISTAKEN = str.maketrans("ZSGB", "2568")  # letters the alphabet lacks, and the digit that was meant
SIZE = len(ALPHABET)
PLACES = 9
NUMBER = re.compile(rf"[{NUMBER_SIGNS}]{{4}}-[{NUMBER_SIGNS}]{{4}}")
NUMBERS = len(NUMBER_SIGNS) ** 8


class Kind(StrEnum):
    """What a certificate is about."""

    STATEMENT = "statement"
    CANCELLATION = "cancellation"
    CANCELLATIONS = "cancellations"  # all of one activity


KINDS = tuple(Kind)
PREFIXES = {Kind.STATEMENT: "S-", Kind.CANCELLATION: "", Kind.CANCELLATIONS: ""}


class NotACode(ValueError):
    """A text that is no check code: wrong length, a sign there is none of, or a wrong last sign."""


def _check(places: list[int]) -> int:
    return sum(weight * value for weight, value in enumerate(places, start=1)) % SIZE


def code(kind: Kind, number: str) -> str:
    """The check code of a public number, such as S-B7K2-M9QX. ValueError for a number of another form."""
    bare = number.removeprefix(PREFIXES[kind])
    if not NUMBER.fullmatch(bare) or number != PREFIXES[kind] + bare:
        raise ValueError(f"{number} is no public number of a {kind}")
    value = KINDS.index(kind) * NUMBERS
    for power, sign in enumerate(reversed(bare.replace("-", ""))):
        value += NUMBER_SIGNS.index(sign) * len(NUMBER_SIGNS) ** power
    places: list[int] = []
    for _place in range(PLACES):
        value, rest = divmod(value, SIZE)
        places.insert(0, rest)
    text = "".join(ALPHABET[each] for each in [*places, _check(places)])
    return f"{text[:5]}-{text[5:]}"


def read(text: str) -> tuple[Kind, str]:
    """What somebody typed: kind and public number. Small and full-width letters, spaces, dashes and the letters
    that look like digits are understood. Raises NotACode."""
    plain = unicodedata.normalize("NFKC", text[:64]).upper().translate(MISTAKEN)
    signs = [sign for sign in plain if not (sign.isspace() or sign in "-‐‑‒–—−_.·")]
    if len(signs) != PLACES + 1 or any(sign not in ALPHABET for sign in signs):
        raise NotACode(text)
    *places, last = [ALPHABET.index(sign) for sign in signs]
    if _check(places) != last:
        raise NotACode(text)
    value = 0
    for each in places:
        value = value * SIZE + each
    which, value = divmod(value, NUMBERS)
    if which >= len(KINDS):
        raise NotACode(text)
    return KINDS[which], PREFIXES[KINDS[which]] + _number(value)


def _number(value: int) -> str:
    signs: list[str] = []
    for _place in range(8):
        value, rest = divmod(value, len(NUMBER_SIGNS))
        signs.insert(0, NUMBER_SIGNS[rest])
    return "".join(signs[:4]) + "-" + "".join(signs[4:])
