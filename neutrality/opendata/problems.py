"""What is wrong with a request, as problem details (RFC 9457): all errors at once, each with a JSON pointer to its
field, in the language of Accept-Language."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 1000  # told back; `found` says how many there are

TITLES = {
    "unreadable": _("The body cannot be read."),
    "invalid": _("Some of what was sent cannot be used as it is. Nothing was stored."),
    "too_large": _("The body is too large."),
    "media_type": _("Send the body as %(wanted)s."),
    "too_often": _("That was too often in a short time."),
    "no_key": _("This address needs a key."),
    "scope": _("The key does not reach this far."),
    "forbidden": _("This may not be done any more, or never could."),
    "not_found": _("There is nothing at this address, or nothing for this key."),
    "no_if_match": _("Say which state of the draft you replace."),
    "changed": _("The draft was changed meanwhile. Nothing was stored."),
    "refused": _("This cannot be done as things stand. Nothing was stored."),
}


@dataclass(frozen=True)
class Error:
    """One thing to mend. `pointer` is a JSON pointer into what was sent (RFC 6901), "" for all of it."""

    pointer: str
    code: str
    detail: Any

    def plain(self) -> dict[str, str]:
        return {"pointer": f"#{self.pointer}", "code": self.code, "detail": str(self.detail)}


class Wrong(Exception):
    """Raised where a request cannot be served; the interface answers with its problem document."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: Any = "",
        errors: Iterable[Error] = (),
        *,
        words: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.errors = tuple(errors)
        self.words, self.headers = dict(words or {}), dict(headers or {})


def answer(wrong: Wrong) -> HttpResponse:
    """The problem document of `wrong`."""
    title = str(TITLES[wrong.code]) % wrong.words if wrong.words else str(TITLES[wrong.code])
    told = {
        "type": f"{reverse('opendata:interface')}#{wrong.code}",
        "title": title,
        "status": wrong.status,
        "detail": str(wrong.detail) or title,
        "code": wrong.code,
    }
    if wrong.errors:
        told |= {"found": len(wrong.errors), "errors": [error.plain() for error in wrong.errors[:MOST_ERRORS]]}
    text = json.dumps(told, ensure_ascii=False)
    return HttpResponse(text, status=wrong.status, content_type=MEDIA_TYPE, headers=wrong.headers)


def invalid(errors: Iterable[Error], detail: Any = "") -> Wrong:
    """422 with every error."""
    found = tuple(errors)
    return Wrong(422, "invalid", detail or (found[0].detail if len(found) == 1 else ""), found)
