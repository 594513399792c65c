"""Units of activity data, checked by dimension: kilometres never meet a factor per kilowatt-hour (pure).

Ratios are exact fractions: tonnes and kilograms, 万, litres and cubic metres, mu and hectares convert unrounded.
"""

from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from neutrality.quantities import EXACT

if TYPE_CHECKING:
    import pint

# pint and what it needs are a quarter of a start: they are imported when a unit is first converted.
DEFINITIONS = """
kilogram = [mass]
metre = [length]
hour = [time]
kilowatthour = [energy]
person = [person]
room_night = [lodging]
meal = [meal]
item = [item]
yuan = [money]
gigabyte = [data]
"""
# Our name of a unit: how many of what it is, how it is printed in Chinese and English, what else people write.
TABLE: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "kWh": ("1", "kilowatthour", "千瓦时", "kWh", ("度", "千瓦小时", "kw.h", "kw·h")),
    "MWh": ("1000", "kilowatthour", "兆瓦时", "MWh", ("千度",)),
    "GJ": ("2500/9", "kilowatthour", "吉焦", "GJ", ("百万千焦",)),
    "MJ": ("5/18", "kilowatthour", "兆焦", "MJ", ()),
    "kg": ("1", "kilogram", "千克", "kg", ("公斤",)),
    "g": ("1/1000", "kilogram", "克", "g", ()),
    "t": ("1000", "kilogram", "吨", "t", ("tonne", "tonnes", "公吨")),
    "jin": ("1/2", "kilogram", "斤", "jin", ("市斤",)),
    "L": ("1/1000", "metre**3", "升", "L", ("liter", "litre", "liters", "litres", "公升")),
    "m3": ("1", "metre**3", "立方米", "m³", ("立方", "方", "m^3", "nm3", "标立方米", "标方")),
    "m2": ("1", "metre**2", "平方米", "m²", ("平米", "m^2", "㎡")),
    "mu": ("2000/3", "metre**2", "亩", "mu", ()),
    "ha": ("10000", "metre**2", "公顷", "ha", ("hectare", "hectares")),
    "km": ("1000", "metre", "公里", "km", ("千米", "车公里", "vehicle_km", "vkm")),
    "mile": ("201168/125", "metre", "英里", "mile", ("miles", "mi")),
    "passenger_km": ("1000", "metre*person", "人公里", "passenger-km", ("人千米", "人·公里", "人·千米", "pkm")),
    "tonne_km": ("1000000", "metre*kilogram", "吨公里", "tonne-km", ("吨千米", "吨·公里", "吨·千米", "tkm", "t·km")),
    "room_night": ("1", "room_night", "间夜", "room-night", ("间·夜", "间晚", "room_nights")),
    "meal": ("1", "meal", "餐", "meal", ("份", "人餐", "meals")),
    "person_hour": ("1", "person*hour", "人小时", "person-hour", ("人时", "人·小时")),
    "hour": ("1", "hour", "小时", "h", ("hours",)),
    "unit": (
        "1",
        "item",
        "件",
        "item",
        ("个", "只", "瓶", "包", "套", "张", "台", "块", "封", "pc", "pcs", "items", "units"),
    ),
    "CNY": ("1", "yuan", "元", "CNY", ("rmb", "人民币", "¥")),
    "GB": ("1", "gigabyte", "吉字节", "GB", ()),
}
UNITS = tuple(TABLE)
TEN_THOUSAND = "万"
LONGEST = 60


class UnknownUnit(ValueError):
    """The text names no unit of the house."""


class UnitsDiffer(ValueError):
    """The two units measure different things."""


@cache
def _registry() -> "pint.UnitRegistry[Any]":
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Fraction, cache_folder=None)
    for line in DEFINITIONS.strip().splitlines():
        registry.define(line)
    return registry


def _flat(text: str) -> str:
    return text.strip().replace(" ", "").replace("-", "_").replace("³", "3").replace("²", "2").lower()


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, (_, _, zh, en, others) in TABLE.items():
        for name in (code, zh, en, *others):
            names.setdefault(_flat(name), code)
    return names


@lru_cache(maxsize=4096)
def read_unit(text: str) -> str:
    """The unit a person wrote, as the house names it: "度" is kWh, "万kWh" is "万kWh". Raises UnknownUnit."""
    if len(text) > LONGEST:  # what people write is remembered, so it is short
        raise UnknownUnit(text)
    flat = _flat(text)
    many = flat.startswith(TEN_THOUSAND)
    code = _names().get(flat.removeprefix(TEN_THOUSAND) if many else flat)
    if code is None:
        raise UnknownUnit(text)
    return f"{TEN_THOUSAND}{code}" if many else code


def plain(unit: str) -> str:
    """The unit without 万."""
    return unit.removeprefix(TEN_THOUSAND)


@cache
def _measure(unit: str) -> Any:
    many, base, *_ = TABLE[plain(unit)]
    return _registry().Quantity(Fraction(many) * (10000 if unit.startswith(TEN_THOUSAND) else 1), base)


@cache
def ratio(written: str, wanted: str) -> Fraction:
    """How many `wanted` one `written` is, exactly. Raises UnitsDiffer when they measure different things."""
    if written == wanted:
        return Fraction(1)
    import pint

    try:
        return Fraction((_measure(written) / _measure(wanted)).to("dimensionless").magnitude)
    except pint.DimensionalityError as error:
        raise UnitsDiffer(f"{written} is no {wanted}") from error


@cache
def fitting(unit: str) -> tuple[str, ...]:
    """Units that convert to `unit`, that one first."""
    found = [unit]
    for other in UNITS:
        try:
            ratio(other, unit)
        except UnitsDiffer:
            continue
        found += [other] if other != unit else []
    return tuple(found)


def convert(quantity: Decimal, written: str, wanted: str) -> Decimal:
    """`quantity` in the unit `wanted`: exact, or to eighty digits where the ratio has no end (mu)."""
    return times(quantity, ratio(written, wanted))


def times(quantity: Decimal, ratio: Fraction) -> Decimal:
    """`quantity` × `ratio`: exact, or to eighty digits where it has no end."""
    if ratio == 1:
        return quantity
    return EXACT.divide(EXACT.multiply(quantity, Decimal(ratio.numerator)), Decimal(ratio.denominator))


def printed(unit: str) -> tuple[str, str]:
    """The unit in Chinese and in English, for people."""
    _, _, zh, en, _ = TABLE[plain(unit)]
    return (TEN_THOUSAND + zh, TEN_THOUSAND + en) if unit.startswith(TEN_THOUSAND) else (zh, en)
