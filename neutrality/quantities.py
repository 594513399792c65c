"""Kilograms, tonnes, units: precision and the only rounding functions (pure).

A line's result is kept in kilograms to four places and rounded once, half up. Totals are exact sums of lines.
Tonnes are shown to three places; what is owed is the ceiling of the exact total, a share is its floor (R1.29, R1.39):
rounding never favours the claimant.
"""

import re
from collections.abc import Iterable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction

EXACT = Context(prec=80, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
KG_PLACE = Decimal("0.0001")
TONNE_PLACE = Decimal("0.001")
SCORE_PLACE = Decimal("0.01")
KG_LIMIT = Decimal(10) ** 16  # a column of 20 digits, 4 of them places
KG_PER_TONNE = 1000
ONE = Fraction(1)

FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－＋\u2212\u3000\u00a0", "0123456789,.-+-  ")
PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")
GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
EXPONENT = re.compile(r"[0-9.,]+[eE][-+]?[0-9]+")
COMMA_DECIMAL = re.compile(r"[0-9]+(\.[0-9]{3})*,[0-9]+")
# What a spreadsheet makes of a number in a cell formatted as day or time, and what people write as a day.
DAY = re.compile(r"[12][0-9]{3}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?([ T][0-9:.]+)?|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
ROUGH = re.compile(
    r"(about|around|approx|circa|ca\.|roughly|约|大约|大概|近|[~≈～]).*[0-9]|[0-9].*(左右|上下|余|多)$", re.I
)
LONGEST = 64


class NotANumber(ValueError):
    """A text that is no plain amount; `code` says why (one of CODES)."""

    CODES = (
        "blank",
        "not_a_number",
        "decimal_comma",
        "exponent",
        "a_day",
        "rough",
        "negative",
        "too_many_digits",
        "too_many_places",
    )

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class OutOfRange(ValueError):
    """An amount no column of the house can hold, or one below zero where none may be."""


def exact(value: Decimal | int) -> Decimal:
    """`value` as a finite Decimal. A float is refused: it is already somebody else's rounding."""
    if type(value) is not Decimal and (isinstance(value, bool) or not isinstance(value, Decimal | int)):
        raise TypeError(f"an amount is a Decimal or an int, not {type(value).__name__}")
    amount = value if type(value) is Decimal else Decimal(value)
    if not amount.is_finite():
        raise OutOfRange(f"{amount} is no amount")
    return amount


def _emission(value: Decimal | int) -> Decimal:
    amount = exact(value)
    if amount < 0 or amount >= KG_LIMIT:
        raise OutOfRange(f"{amount} kg is below zero or beyond {KG_LIMIT}")
    return amount


def line_kg(quantity: Decimal, factor: Decimal, ratio: Fraction = ONE) -> Decimal:
    """What a line emitted, in kg: quantity × ratio × factor (kg per unit), half up to four places, once. `ratio` is how
    many units of the factor one unit of the quantity stands for; it may have no end (a third), the result is exact."""
    if exact(quantity) < 0 or exact(factor) < 0 or ratio.numerator < 0:
        raise OutOfRange("a quantity and a factor are not below zero")
    product = EXACT.multiply(quantity, factor)
    over, under = ratio.numerator, ratio.denominator
    if product * over >= KG_LIMIT * under:
        raise OutOfRange(f"{product} × {ratio} kg is beyond {KG_LIMIT}")
    if over == under:
        return _emission(product.quantize(KG_PLACE, context=EXACT))
    steps = (Fraction(product) * ratio * 20_000 + 1) // 2
    return _emission(Decimal(steps).scaleb(-4, context=EXACT))


def total(kgs: Iterable[Decimal]) -> Decimal:
    """The exact sum, in kg, so that what is printed line by line adds up."""
    result, add = Decimal("0.0000"), EXACT.add
    for kg in kgs:
        result = add(result, exact(kg))
    return result


def tonnes(kg: Decimal | int) -> Decimal:
    """Exact tonnes of `kg`; nothing is rounded."""
    return exact(kg).scaleb(-3, context=EXACT)


def shown_t(kg: Decimal | int) -> Decimal:
    """Tonnes as printed: three places, half up. For reading only; never calculate with it."""
    return tonnes(kg).quantize(TONNE_PLACE, context=EXACT)


def obligation(total_kg: Decimal | int) -> int:
    """Whole units that cover `total_kg`: the ceiling in tonnes (R1.29, TV5)."""
    return int(tonnes(_emission(total_kg)).to_integral_value(rounding=ROUND_CEILING, context=EXACT))


def share(units: int, total_kg: Decimal | int) -> int:
    """Percent covered, rounded down, at most 100; 100 only when the obligation is met (TV5: 103 of 103.15 t is 99)."""
    if exact(units) < 0:
        raise OutOfRange("units are not below zero")
    if units >= obligation(total_kg):
        return 100
    covered = EXACT.multiply(Decimal(units), Decimal(100 * KG_PER_TONNE))
    return int(EXACT.divide_int(covered, _emission(total_kg)))


def score(value: Decimal | int) -> Decimal:
    """A score with two places, half up."""
    return exact(value).quantize(SCORE_PLACE, context=EXACT)


def floor(value: Decimal | int) -> int:
    """Whole part, towards zero: points and shares."""
    return int(exact(value).to_integral_value(rounding=ROUND_DOWN, context=EXACT))


def read_decimal(text: str, max_digits: int = 18, places: int = 6, *, signed: bool = False) -> Decimal:
    """The amount a person typed. Full-width digits and `1,448.5` are read; anything that could mean two things
    (`1.448,5`, `1,5`), no plain number (`1_000`, `nan`, `1e400`) or what no column holds raises NotANumber(code)."""
    plain = text.translate(FULL_WIDTH).strip()
    if not plain:
        raise NotANumber("blank")
    if len(plain) > LONGEST:
        raise NotANumber("too_many_digits" if set(plain) <= set("0123456789.,+-") else "not_a_number")
    sign, digits = ("-", plain[1:]) if plain[0] == "-" else ("", plain.removeprefix("+"))
    if not (PLAIN.fullmatch(digits) or GROUPED.fullmatch(digits)):
        raise NotANumber(_why_not(digits))
    amount = Decimal(sign + digits.replace(",", ""))
    if amount < 0 and not signed:
        raise NotANumber("negative")
    return _fitting(amount, max_digits, places)


def _why_not(digits: str) -> str:
    if EXPONENT.fullmatch(digits):
        return "exponent"
    if DAY.fullmatch(digits):
        return "a_day"
    if ROUGH.search(digits):
        return "rough"
    return "decimal_comma" if COMMA_DECIMAL.fullmatch(digits) else "not_a_number"


def _fitting(amount: Decimal, max_digits: int, places: int) -> Decimal:
    _, _, exponent = amount.as_tuple()
    assert isinstance(exponent, int)  # finite by construction  # noqa: S101
    if -exponent > places and amount != amount.quantize(Decimal(1).scaleb(-places), ROUND_DOWN, context=EXACT):
        raise NotANumber("too_many_places")
    if abs(amount) >= Decimal(10) ** (max_digits - places):
        raise NotANumber("too_many_digits")
    if -exponent > places:
        amount = amount.quantize(Decimal(1).scaleb(-places), context=EXACT)
    return abs(amount) if amount == 0 else amount
