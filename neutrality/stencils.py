"""Pages printed once by their templates with blanks where two readings differ, and filled in for every reader.

A template need not know: it is handed a blank where a text would stand. What is put in is HTML already: printed by a
template, or escaped. The mark of a blank is drawn anew by every process and shown to nobody, so that no text anybody
types or records can stand for one.
"""

import re
import secrets
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString

_SEAL = secrets.token_hex(16)
_BLANK = re.compile(rf"\[{_SEAL} (\w+)\]")
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")
Value = TypeVar("Value")


def for_nobody(request: HttpRequest) -> bool:
    """Whether nothing is known of the reader: no session, hence no person, and no message to show."""
    return not any(name in request.COOKIES for name in PERSONAL)


def blank(name: str) -> SafeString:
    """What a template is given where a text will stand."""
    return SafeString(f"[{_SEAL} {name}]")


class Stencil(NamedTuple):
    parts: tuple[str, ...]
    """Text, name of a blank, text, name of a blank, …, text."""

    def filled(self, **texts: str) -> SafeString:
        """The page with a text in each blank; KeyError if one has none."""
        parts = list(self.parts)
        parts[1::2] = [texts[name] for name in parts[1::2]]
        return SafeString("".join(parts))


def cut(printed: str) -> Stencil:
    """The stencil of what was printed with blanks."""
    return Stencil(tuple(_BLANK.split(printed)))


class Kept(Generic[Value]):
    """So many of what was made last. Whatever a thing follows from is in its key, so none is ever false."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.things: dict[Any, Value] = {}
        self.lock = Lock()

    def get(self, key: Any, make: Callable[[], Value]) -> Value:
        found = self.things.get(key)
        if found is None:
            found = make()
            with self.lock:
                while len(self.things) >= self.most:
                    del self.things[next(iter(self.things))]
                self.things[key] = found
        return found
