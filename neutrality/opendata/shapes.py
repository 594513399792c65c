"""Objects a program sent, field by field: what is there, what is missing, what is of the wrong sort. All errors are
gathered with their pointers before anything is done."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neutrality.inventory import rules
from neutrality.opendata import strict
from neutrality.opendata.problems import Error, Wrong, invalid

LARGEST = 5 * 1024 * 1024
LONGEST_TEXT = 4000  # beyond, a text is no answer of any field; what a field holds is the engine's to say
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

UNREADABLE = {
    "not_utf8": gettext_lazy("The body is not UTF-8. Encode it so."),
    "not_json": gettext_lazy("This is no JSON: line %(line)s, column %(column)s."),
    "too_deep": gettext_lazy("Lists and objects lie too deep in one another."),
    "name_twice": gettext_lazy("The name “%(name)s” stands twice in one object. One of the two would be lost."),
}
SAID = {
    "missing": gettext_lazy("This field is missing. A missing figure is never taken for zero."),
    "not_object": gettext_lazy("An object is expected here."),
    "not_list": gettext_lazy("A list is expected here."),
    "number_as_text": gettext_lazy(
        'Write it as a string, such as "1448.5": a number in JSON may have been rounded before it was sent.'
    ),
    "not_text": gettext_lazy("A string is expected here."),
    "not_whole": gettext_lazy("A whole number of at least %(least)s is expected here, without quotation marks."),
    "not_boolean": gettext_lazy("true or false is expected here."),
    "not_a_day": gettext_lazy('A day is expected here, such as "2026-05-18".'),
    "not_a_month_text": gettext_lazy('A month is expected here, such as "2026-05".'),
    "not_a_key": gettext_lazy("A UUID in small letters is expected here; leave it out to have one made."),
    "unknown_field": gettext_lazy("There is no such field here. Known are: %(known)s."),
    "not_offered": gettext_lazy("Choose one of: %(known)s."),
    "text_unstorable": gettext_lazy("The text holds a sign that is none (NUL, or half of a pair)."),
    "text_very_long": gettext_lazy("This text is too long: %(limit)s characters at most."),
    "too_many_rows": gettext_lazy("At most %(limit)s rows can be sent at once."),
    "region_unknown": gettext_lazy("We know no such place. Write the six digits of a city or county, such as 510100."),
    "region_ambiguous": gettext_lazy("This can be several places. Write the digits of one: %(offered)s."),
    "no_rows": gettext_lazy("Send at least one row."),
}


def body(request: HttpRequest) -> Any:
    """The JSON of a request. Raises Wrong: 413, 415, 400."""
    if request.content_type != "application/json":
        raise Wrong(415, "media_type", words={"wanted": "application/json"})
    try:
        data = request.body
    except (RequestDataTooBig, RawPostDataException) as error:
        detail = _("A body has %(limit)s MiB at most. Send fewer rows at once.") % {"limit": LARGEST // 1024**2}
        raise Wrong(413, "too_large", detail) from error
    try:
        return strict.load(data)
    except strict.NotJson as wrong:
        raise Wrong(400, "unreadable", UNREADABLE[wrong.code] % wrong.words) from wrong


class Box:
    """One object on its way in. Errors are gathered in a list that all boxes of a request share."""

    def __init__(self, value: Any, pointer: str, errors: list[Error]):
        self.pointer, self.errors = pointer, errors
        if not isinstance(value, dict):
            self.fault("", "not_object")
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self.readable = isinstance(value, dict)

    def fault(self, name: str, code: str, **words: Any) -> None:
        """Note one error of the field `name`, or of the object itself."""
        place = f"{self.pointer}/{escaped(name)}" if name else self.pointer
        self.errors.append(Error(place, code, SAID[code] % words if words else SAID[code]))

    def only(self, known: Iterable[str]) -> None:
        """Fields nobody knows are refused: a misspelled name would otherwise be a missing figure."""
        names = list(known)
        for name in self.value:
            if name not in names:
                self.fault(name[:60], "unknown_field", known=", ".join(names))

    def given(self, name: str, needed: bool) -> Any:
        """The value of a field; null is the same as leaving it out."""
        value = self.value.get(name)
        if value is None and needed and self.readable:
            self.fault(name, "missing")
        return value

    def text(self, name: str, *, needed: bool = False, amount: bool = False) -> str:
        """A text, "" where there is none. Where an amount is expected, a number is told to become a text."""
        value = self.given(name, needed)
        if value is None:
            return ""
        if not isinstance(value, str):
            number = isinstance(value, int | strict.Number) and not isinstance(value, bool)
            self.fault(name, "number_as_text" if number and amount else "not_text")
            return ""
        if len(value) > LONGEST_TEXT:
            self.fault(name, "text_very_long", limit=LONGEST_TEXT)
            return ""
        if not strict.storable(value):
            self.fault(name, "text_unstorable")
            return ""
        if needed and not value.strip():
            self.fault(name, "missing")
        return value

    def choice(self, name: str, known: Iterable[str], *, needed: bool = False) -> str:
        """One of the words of a list, "" where none was given."""
        value, words = self.text(name, needed=needed), list(known)
        if value and value not in words:
            self.fault(name, "not_offered", known=", ".join(words))
            return ""
        return value

    def whole(self, name: str, *, least: int = 0) -> int | None:
        """A count: the one sort of number that is exact in JSON."""
        value = self.given(name, needed=False)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
            self.fault(name, "not_whole", least=least)
            return None
        return value

    def flag(self, name: str) -> bool:
        value = self.given(name, needed=False)
        if not isinstance(value, bool | None):
            self.fault(name, "not_boolean")
        return value is True

    def day(self, name: str, *, needed: bool = False) -> date | None:
        text = self.text(name, needed=needed)
        if not text:
            return None
        try:
            return date.fromisoformat(text) if DAY.fullmatch(text) else self._no_day(name)
        except ValueError:
            return self._no_day(name)

    def _no_day(self, name: str) -> None:
        self.fault(name, "not_a_day")

    def rows(self, name: str, most: int, *, needed: bool = True) -> list[Any]:
        """A list of at most `most` entries, [] where there is none."""
        value = self.given(name, needed)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(name, "not_list")
            return []
        if len(value) > most or (needed and not value):
            self.fault(name, "too_many_rows" if value else "no_rows", limit=most)
            return []
        return value


def escaped(name: str) -> str:
    """A name inside a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def finish(errors: list[Error]) -> None:
    """Raise every error gathered; nothing when there is none."""
    if errors:
        raise invalid(errors)


def is_key(text: str) -> bool:
    """Whether a text is a UUID as this house writes it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


LINE_FIELDS = ("key", *rules.FIELDS)  # the columns of the workbook; a new one is taken along
AMOUNTS = ("quantity", "own_value", "uses", "reused_percent", "sharing")


def lines(box: Box, most: int) -> list[dict[str, str]]:
    """The rows of `lines` as texts by field, the columns of the workbook. A row that is none stays, empty, so that
    every row keeps its place."""
    found = []
    for place, value in enumerate(box.rows("lines", most)):
        row = Box(value, f"{box.pointer}/lines/{place}", box.errors)
        row.only(LINE_FIELDS)
        texts = {name: row.text(name, amount=name in AMOUNTS) for name in LINE_FIELDS}
        if texts["key"] and not is_key(texts["key"]):
            row.fault("key", "not_a_key")
        found.append(texts)
    return found


def only_query(given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Parameters of an address nobody knows are refused."""
    names = list(known)
    unknown = [name for name in given if name not in names]
    finish(
        [
            Error(f"/{escaped(name[:60])}", "unknown_field", SAID["unknown_field"] % {"known": ", ".join(names) or "—"})
            for name in unknown
        ]
    )
