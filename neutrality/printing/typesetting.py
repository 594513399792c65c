"""Certificates as PDF by typst: plain texts in, the same bytes out for the same texts, on any machine and day.

A certificate's texts travel as one JSON literal handed to the template's function: markup is never read from what a
person typed, and the template itself, being the same each time, is worked out once for all certificates of a process.
No clock is read: the date of the document is the date of its facts. System fonts are not looked at.
"""

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from neutrality.printing import characters, checkcodes, qr

TEMPLATE = settings.BASE_DIR / "templates" / "printing" / "certificate.typ"
STANDARDS = ["a-2a", "ua-1"]  # the archive's PDF, all it needs inside; tagged, so that it can be read aloud
SETTING = f'#import "/{TEMPLATE.name}": certificate\n#certificate(json(bytes({{}})))'
MOST_AT_ONCE = 500
NARROW, WIDE = 34, 60  # signs of the fixed-width type on a line: in a table, and elsewhere
# A word without any place to break, longer than the narrowest column is wide, would run off the paper.
MONSTER = re.compile(r"[^\s\-/–—\u2e80-\uffef\U00020000-\U0003ffff]{21,}")
MAY_BREAK = "\u200b"


@dataclass(frozen=True)
class Table:
    """What was cancelled, block by block. `widths`: shares of the line; `right`: columns of figures."""

    head: tuple[str, ...]
    widths: tuple[int, ...]
    right: tuple[int, ...]
    codes: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, str] | None = None


@dataclass(frozen=True)
class Certificate:
    """Everything a certificate says, in one language. Labels and words are the caller's; `tone` is good, wait or bad:
    it decides the frame around the lead, never by colour alone. `address` is what the QR code holds."""

    language: str
    on: date
    kicker: str
    number: str
    title: str
    subtitle: str
    lead: str
    lead_note: str
    tone: str
    brand: str
    facts: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]
    table: Table | None
    check_label: str
    check_code: str
    check_words: str
    address: str
    receipt: tuple[tuple[str, str], ...]
    page_words: str
    table_title: str = ""
    notes: tuple[str, ...] = ()
    seal: str = ""
    digests: tuple[tuple[str, str], ...] = field(default=())

    @property
    def version(self) -> str:
        """Digest of what is set and of how; an ETag. Equal versions are equal bytes."""
        how = f"{typst.__version__} {STANDARDS} {SETTING} {MONSTER.pattern} {_look()}".encode()
        return hashlib.sha256(how + self._texts().encode()).hexdigest()

    def _texts(self) -> str:
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)

    def pdf(self) -> bytes:
        """The document."""
        return _pdf(_printable(self))


@dataclass(frozen=True)
class Frame:
    """What a certificate is set in: the reader's language (zh or en), the day whose facts it tells, where its check
    code leads on this portal, whether that is a demonstration."""

    language: str
    on: date
    checks_at: str
    demonstration: bool = False

    def texts(self, kind: checkcodes.Kind, number: str) -> dict[str, Any]:
        """The fields of a certificate that are the same for all."""
        code = checkcodes.code(kind, number)
        invented = _("Demonstration: organizations, people and units here are invented.")
        return {
            "language": self.language,
            "on": self.on,
            "brand": "青账 Qingzhang",
            "number": number,
            "check_label": _("Check code"),
            "check_code": code,
            "check_words": _("Scan the square or type the code: the page behind it tells the state now."),
            "address": f"{self.checks_at}{code}/",
            "page_words": _("page"),
            "notes": (invented,) if self.demonstration else (),
        }


def batch(certificates: Iterable[Certificate]) -> Iterator[tuple[Certificate, bytes]]:
    """Many, one after the other; each keeps the bytes it has alone."""
    for number, each in enumerate(certificates):
        if number == MOST_AT_ONCE:
            raise ValueError(f"more than {MOST_AT_ONCE} certificates at once")
        yield each, each.pdf()


def _printable(certificate: Certificate) -> str:
    """The texts as JSON, in characters of the type; a last note says what 〓 stands for."""
    told = asdict(certificate)
    lacking = characters.missing(*_strings(told))
    if lacking:
        said = _("〓 stands for a character outside the type of this certificate, in order: %(signs)s.")
        told["notes"] = [*told["notes"], said % {"signs": characters.numbered(lacking)}]
        told = _mapped(told)
    _break_codes(told)
    _break_words(told)
    told["date"] = {"year": certificate.on.year, "month": certificate.on.month, "day": certificate.on.day}
    del told["on"]
    told["qr"] = qr.svg(certificate.address)
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _break_codes(told: dict[str, Any]) -> None:
    """Codes longer than their line as lists of the pieces between which it may break. The template could find them
    itself, but took longer for that than for all else it reads."""
    told["address_pieces"] = pieces(told["address"], WIDE)
    for name in ("receipt", "digests"):
        told[name] = [(label, pieces(text, WIDE)) for label, text in told[name]]
    table = told["table"]
    if table:
        table["rows"] = [
            [pieces(text, NARROW) if place in table["codes"] else text for place, text in enumerate(row)]
            for row in table["rows"]
        ]


def _break_words(told: dict[str, Any]) -> None:
    """What people typed, so that it stays on the paper. Codes are left as they are: they were broken before."""
    for name in ("title", "subtitle", "lead", "lead_note"):
        told[name] = breakable(told[name])
    told["notes"] = [breakable(note) for note in told["notes"]]
    told["facts"] = [(label, breakable(text)) for label, text in told["facts"]]
    if told["table"]:
        told["table"]["rows"] = [
            [breakable(cell) if isinstance(cell, str) else cell for cell in row] for row in told["table"]["rows"]
        ]


def breakable(text: str) -> str:
    """`text` with a place to break, which nobody sees, behind every twenty signs of a word that has none."""
    return MONSTER.sub(lambda word: MAY_BREAK.join(re.findall(".{1,20}", word.group(), re.DOTALL)), text)


def pieces(text: str, room: int) -> list[str]:
    """A code in pieces of at most `room` signs: each ends behind a mark, or anywhere if it has none."""
    if len(text) <= room:
        return [text]
    return re.findall(rf".{{1,{room}}}\Z|.{{0,{room - 1}}}[-_/.:–]|.{{1,{room}}}", text, re.DOTALL)


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for each in part.values():
            yield from _strings(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _strings(each)


def _mapped(part: Any) -> Any:
    if isinstance(part, str):
        return characters.set_in_type(part)
    if isinstance(part, dict):
        return {name: _mapped(each) for name, each in part.items()}
    if isinstance(part, list | tuple):
        return [_mapped(each) for each in part]
    return part


@lru_cache(maxsize=64)
def _pdf(texts: str) -> bytes:
    """Set them. Kept a little while, as a certificate is often asked for again at once."""
    moment = int(datetime(**json.loads(texts)["date"], tzinfo=UTC).timestamp())
    made: bytes = _compiler().compile(
        input=SETTING.format(_literal(texts)).encode(), format="pdf", pdf_standards=STANDARDS, timestamp=moment
    )
    return made


def _literal(text: str) -> str:
    """`text` as a string of typst, where only the backslash and the quotation mark mean anything."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _look() -> str:
    """Digest of the template and the type."""
    parts = [TEMPLATE, *sorted(path for path in characters.FONTS.iterdir() if path.suffix in (".ttf", ".otf"))]
    return hashlib.sha256(b"".join(hashlib.sha256(part.read_bytes()).digest() for part in parts)).hexdigest()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(characters.FONTS)])


_mine = threading.local()


def _compiler() -> typst.Compiler:
    """One for each thread: it must not be used by two at once; the fonts are shared."""
    if not hasattr(_mine, "compiler"):
        _mine.compiler = typst.Compiler(root=str(TEMPLATE.parent), font_paths=_fonts())
    compiler: typst.Compiler = _mine.compiler
    return compiler
