"""From the data of a pack to a `Rulebook`, or a list of everything that is wrong with it (pure).

The shape of a pack is the dataclasses of `rules`: every field must be there, no other may be, every code must be known,
and each list must be complete by the house's enums. Unknown rules stay unknown: their part says so and stays empty.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import EnumType
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from neutrality.rulebook import rules

COMPLETE = {
    "bases": ("part", rules.Part),
    "stages": ("code", rules.Stage),
    "sources": ("code", rules.SourceCode),
    "unit_families": ("code", rules.FamilyCode),
    "plan_items": ("code", rules.PlanItemCode),
    "statement_items": ("code", rules.StatementItemCode),
    "claim_words": ("code", rules.ClaimCode),
}
ITEMS = {
    "confirmation_modes": rules.ConfirmationCode,
    "plan_items": rules.PlanItemCode,
    "statement_items": rules.StatementItemCode,
}
EMPTY = (rules.Basis.UNKNOWN, rules.Basis.NONE)
MAY_BE_BLANK = {"note_zh", "note_en", "number"}


class Malformed(ValueError):
    """The data are no complete rulebook; `problems` says where and why, all at once."""

    def __init__(self, problems: list[str]):
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def read(content: dict[str, Any]) -> rules.Rulebook:
    """The pack as a frozen rulebook; Malformed with every problem when it is not complete."""
    problems: list[str] = []
    pack: rules.Rulebook = _object(rules.Rulebook, content, "pack", problems)
    if problems:
        raise Malformed(problems)
    problems = [*_gaps(pack), *_contradictions(pack)]
    if problems:
        raise Malformed(problems)
    return pack


def _object(shape: Any, value: Any, at: str, problems: list[str]) -> Any:
    if not isinstance(value, dict):
        problems.append(f"{at}: an object is needed")
        return None
    types = _types(shape)
    problems += [f"{at}.{name}: unknown" for name in value if name not in types]
    problems += [f"{at}.{name}: missing" for name in types if name not in value]
    found = {name: _value(types[name], value[name], f"{at}.{name}", problems) for name in types if name in value}
    return shape(**found) if len(found) == len(types) else None


@cache
def _types(shape: Any) -> dict[str, Any]:
    """Name and type of every field, in order."""
    hints = get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}


def _value(wanted: Any, value: Any, at: str, problems: list[str]) -> Any:
    if get_origin(wanted) is tuple:
        if isinstance(value, list):
            return tuple(_value(get_args(wanted)[0], one, f"{at}[{n}]", problems) for n, one in enumerate(value))
        problems.append(f"{at}: a list is needed")
        return ()
    if get_origin(wanted) is UnionType:
        wanted = next(one for one in get_args(wanted) if one is not NoneType)
        if value is None:
            return None
    if is_dataclass(wanted):
        return _object(wanted, value, at, problems)
    return _plain(wanted, value, at, problems)


def _plain(wanted: Any, value: Any, at: str, problems: list[str]) -> Any:
    try:
        if isinstance(wanted, EnumType):
            return wanted(value)
        if wanted is date:
            return date.fromisoformat(value)
        if wanted is Decimal:
            return Decimal(value if isinstance(value, str) else _not_a_text())
        if type(value) is wanted and (value != "" or at.rsplit(".", 1)[-1] in MAY_BE_BLANK):
            return value
    except (ValueError, TypeError, InvalidOperation):
        pass
    problems.append(f"{at}: {value!r} is not a {wanted.__name__} we know")
    return None


def _not_a_text() -> str:
    raise TypeError("amounts are written as text")


def _gaps(pack: rules.Rulebook) -> list[str]:
    problems = []
    for part, (name, enum) in COMPLETE.items():
        codes = [getattr(entry, name) for entry in getattr(pack, part)]
        problems += [f"pack.{part}: {code} is missing" for code in enum if code not in codes]
        problems += [f"pack.{part}: {code} stands twice" for code in sorted(set(codes)) if codes.count(code) > 1]
    for form in pack.forms:
        for code in (rules.DeadlineCode.UNITS, rules.DeadlineCode.STATEMENT):
            if pack.deadline(code, form) is None:
                problems.append(f"pack.deadlines: {code} for {form} is missing")
        if not pack.mandatory_stages(form):
            problems.append(f"pack.stages: no stage of {form} is mandatory")
    return problems


def _contradictions(pack: rules.Rulebook) -> list[str]:
    problems = []
    for entry in pack.bases:
        filled = bool(getattr(pack, entry.part))
        if filled == (entry.basis in EMPTY):
            problems.append(f"pack.{entry.part}: says {entry.basis} and holds {'something' if filled else 'nothing'}")
        if entry.basis is not rules.Basis.OWN and not entry.note_zh:
            problems.append(f"pack.bases.{entry.part}: {entry.basis} needs a note")
    orders = [family.order for family in pack.unit_families]
    if orders != sorted(orders):
        problems.append("pack.unit_families: not in their order")
    for source in pack.sources:
        if source.scope not in (1, 2, 3):
            problems.append(f"pack.sources.{source.code}: scope {source.scope}")
        if not source.factor_categories:
            problems.append(f"pack.sources.{source.code}: no factor category")
    for deadline in pack.deadlines:
        if bool(deadline.months) == bool(deadline.days):
            problems.append(f"pack.deadlines.{deadline.code}: exactly one of months and days")
    for name, enum in ITEMS.items():
        problems += [f"pack.{name}: {e.code!r} is unknown" for e in getattr(pack, name) if e.code not in list(enum)]
    if not pack.citations or not pack.confirmation_modes or not pack.forms:
        problems.append("pack: citations, confirmation modes and forms may not be empty")
    return problems
