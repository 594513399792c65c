"""What a reader may ask of the public lists, read from an address. Nothing is guessed: what cannot be read is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

MOST_TEXT = 100
FIRST_YEAR, LAST_YEAR = 1990, 2100
ABROAD = "abroad"
_PLACE = re.compile(r"[A-Z]{2}|[1-9][0-9]0000|abroad")
_CODE = re.compile(r"[-a-z0-9]{1,40}")
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class Filters:
    """Empty means all. `place`: two letters of a country, six digits of a province, or "abroad"."""

    registry: str = ""
    kind: str = ""
    place: str = ""
    vintage: int | None = None
    q: str = ""
    method: str = ""
    label: str = ""
    """Words of a label of the project, in their order."""
    owner: str = ""

    @property
    def words(self) -> bool:
        """Whether names are searched, so that counts do not follow from the shelves alone."""
        return bool(self.q or self.method or self.label or self.owner)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind the row of that key, or, turning back, before it."""

    key: int
    back: bool = False


def read(given: Mapping[str, str], known: tuple[str, ...] = ()) -> tuple[Filters, list[str]]:
    """The filters of an address, the names of those that cannot be read. `known`: what the list has; all if empty."""
    names = known or tuple(field.name for field in fields(Filters))
    wrong = [name for name in given if name not in names]
    found: dict[str, str | int] = {}
    for name in names:
        text = given.get(name, "").strip()
        if not text:
            continue
        value = _value(name, text)
        if value is None:
            wrong.append(name)
        else:
            found[name] = value
    return Filters(**found), wrong  # type: ignore[arg-type]


def _value(name: str, text: str) -> str | int | None:
    if name == "vintage":
        digits = len(text) == 4 and text.isascii() and text.isdigit()
        return int(text) if digits and FIRST_YEAR <= int(text) <= LAST_YEAR else None
    shape = {"place": _PLACE, "registry": _CODE, "kind": _CODE}.get(name)
    if shape is not None:
        return text if shape.fullmatch(text) else None
    return text if len(text) <= MOST_TEXT else None


def cursor_at(after: str, before: str) -> Cursor | None:
    """The cursor of an address; what is none begins at the beginning."""
    for text, back in ((before, True), (after, False)):
        if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_KEY:
            return Cursor(int(text), back)
    return None
