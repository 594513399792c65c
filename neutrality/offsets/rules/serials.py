"""Serial numbers as each registry prints them (R3.30 to R3.35), read into one canonical form.

A serial names a *line* (the sequence in which a registry numbers units) and a run of whole numbers on it. Two texts
mean the same unit exactly when line and number agree, however they are spelt. Runs are inclusive:
quantity = last - first + 1.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LARGEST = 10**12 - 1
"""The largest number of a unit on its line; a line's runs fold into one 64-bit range without meeting another line's."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－ー"), "-")
_TO = re.compile(r"\s+TO\s+|\s*(?:~|至|到|\.{2,})\s*")


class Syntax(StrEnum):
    VERRA = "verra"
    GOLD_STANDARD = "gold_standard"
    ACR = "acr"
    CAR = "car"
    ART = "art"
    CERCARBONO = "cercarbono"
    CDM = "cdm"
    TICKET = "ticket"
    RECORD = "record"


class NotASerial(ValueError):
    """The text is no serial number of that registry; `code` says why, `params` fill the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Serial:
    syntax: Syntax
    line: str
    first: int
    last: int
    pattern: str
    """How a run on this line is printed: `{first}` and `{last}` stand for the numbers."""
    project: str = ""
    country: str = ""
    vintage_start: date | None = None
    vintage_end: date | None = None
    fields: int = 0
    temporary: bool = False

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1

    @property
    def canonical(self) -> str:
        return written(self.pattern, self.first, self.last)


def written(pattern: str, first: int, last: int) -> str:
    """A run of one line in the registry's own spelling."""
    return pattern.replace("{first}", str(first)).replace("{last}", str(last))


def contradicted(serial: Serial, project: str, start: date, end: date) -> tuple[str, ...]:
    """Which of these a serial denies: "project" (its registry's id of it) and "vintage". A serial that does not say is
    silent, and so is the CDM's, whose number of a project is not the one projects are known by.

    Verra prints the days of the vintage; the others print its year, which the period must hold.
    """
    found = []
    numbered = re.sub(r"[^0-9]", "", project).lstrip("0")
    if serial.project and numbered and serial.syntax is not Syntax.CDM and numbered != serial.project.lstrip("0"):
        found.append("project")
    if serial.vintage_start and serial.vintage_end:
        exact = serial.syntax is Syntax.VERRA
        same = (start, end) == (serial.vintage_start, serial.vintage_end)
        if not (same if exact else start.year <= serial.vintage_start.year <= end.year):
            found.append("vintage")
    return tuple(found)


def folded(line_number: int, first: int, last: int) -> tuple[int, int]:
    """One range for the whole house, half open: runs of two lines never meet, so one constraint serves all."""
    if not (0 <= first <= last <= LARGEST):
        raise NotASerial("range")
    base = line_number * (LARGEST + 1)
    return base + first, base + last + 1


def tidy(text: str) -> str:
    """One spelling of what people type: full-width forms, dashes and spaces made plain, upper case."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    return re.sub(r"\s*-\s*", "-", re.sub(r"\s+", " ", plain)).strip()


def parse(syntax: Syntax | str, text: str, quantity: int | None = None) -> Serial:
    """Read one serial. Where quantity is given it must equal the run's length (R3.33), else NotASerial("quantity")."""
    cleaned = tidy(_ends_joined(text))
    if not cleaned:
        raise NotASerial("blank")
    if not cleaned.isascii():
        raise NotASerial("characters")
    if len(cleaned) > 200:
        raise NotASerial("too_long")
    serial = _READERS[Syntax(syntax)](cleaned, quantity)
    if quantity is not None and serial.quantity != quantity:
        raise NotASerial("quantity", run=serial.quantity, declared=quantity)
    return serial


def probe(text: str) -> list[Serial]:
    """Every registry whose syntax the text fits: for the search box, which is not told the registry."""
    found = []
    for syntax in Syntax:
        try:
            found.append(parse(syntax, text))
        except NotASerial:
            continue
    return found


def _ends_joined(text: str) -> str:
    """The words for "to" in two languages become one, before characters outside ASCII are refused."""
    return _TO.sub(" TO ", unicodedata.normalize("NFKC", text).upper())


def _run(first: str, last: str, least: int = 1) -> tuple[int, int]:
    low, high = _number(first), _number(last)
    if low < least or high < low:
        raise NotASerial("range", first=low, last=high)
    return low, high


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise NotASerial("digits", text=text)
    number = int(text)
    if number > LARGEST:
        raise NotASerial("too_large")
    return number


def _day(text: str) -> date:
    try:
        return date(int(text[4:8]), int(text[2:4]), int(text[0:2]))
    except ValueError:
        raise NotASerial("date", text=text) from None


def _match(pattern: str, text: str) -> re.Match[str]:
    match = re.fullmatch(pattern, text, re.ASCII)
    if match is None:
        raise NotASerial("shape")
    return match


def _verra(text: str, quantity: int | None) -> Serial:
    parts = text.split("-")
    if len(parts) not in (12, 13):
        raise NotASerial("fields", expected="12, 13", found=len(parts))
    programme = parts[3] if len(parts) == 13 else "VCS"
    rest = parts[4:] if len(parts) == 13 else parts[3:]
    _match(r"VCS-VCU-[0-9]+-[A-Z]+-[A-Z]{2}-[0-9]+-[0-9]+-[0-9]{8}-[0-9]{8}-[0-9]", "-".join([programme, *rest]))
    batch, (first, last) = _number(parts[0]), _run(parts[1], parts[2])
    start, end = _day(rest[6]), _day(rest[7])
    if end < start:
        raise NotASerial("vintage")
    tail = "-".join(parts[3:])
    # Verra numbers its units in one sequence over all batches (seen in its published table: no two batches meet).
    pattern = f"{batch}-{{first}}-{{last}}-{tail}"
    return Serial(Syntax.VERRA, "VCU", first, last, pattern, rest[5].lstrip("0"), rest[3], start, end, len(parts))


def _gold_standard(text: str, quantity: int | None) -> Serial:
    parts = text.split("-")
    if len(parts) == 7:
        raise NotASerial("range_missing")
    if len(parts) != 9:
        raise NotASerial("fields", expected="9", found=len(parts))
    match = _match(r"(GS[0-9]+)-([0-9]+)-([A-Z]{2})-(GS[0-9]+)-([0-9]+)-([0-9]{4})-([0-9]+)", "-".join(parts[:7]))
    first, last = _run(parts[7], parts[8])
    project, year, batch = match[4], int(match[6]), _number(match[7])
    pattern = f"{match[1]}-{match[2]}-{match[3]}-{project}-{match[5]}-{year}-{batch}-{{first}}-{{last}}"
    start, end = _year(year)
    return Serial(
        Syntax.GOLD_STANDARD, f"{project}-{batch}", first, last, pattern, project[2:], match[3], start, end, 9
    )


def _year(year: int) -> tuple[date, date]:
    if not 1990 <= year <= 2100:
        raise NotASerial("vintage")
    return date(year, 1, 1), date(year, 12, 31)


def _ends(text: str) -> tuple[str, int, int]:
    """`… 30932 to 35143`, as ACR, CAR and ART print a run; a lone number is a run of one."""
    match = re.fullmatch(r"(.+)-([0-9]+)(?: TO ([0-9]+))?", text, re.ASCII)
    if match is None:
        raise NotASerial("range_missing")
    first, last = _run(match[2], match[3] or match[2])
    return match[1], first, last


def _acr(text: str, quantity: int | None) -> Serial:
    head, first, last = _ends(text)
    match = _match(r"ACR-([A-Z]{2})-([0-9]+)-([0-9]{4})-([0-9]+)", head)
    start, end = _year(int(match[3]))
    line, pattern = f"ACR-{match[2]}-{match[4]}", f"{head}-{{first}} to {{last}}"
    return Serial(Syntax.ACR, line, first, last, pattern, match[2], match[1], start, end, 6)


def _car(text: str, quantity: int | None) -> Serial:
    head, first, last = _ends(text)
    shape = r"CAR-[A-Z0-9]+-([A-Z]{2})-([0-9]+)-[0-9]+-[0-9]+-[A-Z0-9]+-([0-9]{4})-([0-9]+)"
    match = _match(shape, head)
    start, end = _year(int(match[3]))
    line, pattern = f"CAR-{match[2]}-{match[4]}", f"{head}-{{first}} to {{last}}"
    return Serial(Syntax.CAR, line, first, last, pattern, match[2], match[1], start, end, 10)


def _art(text: str, quantity: int | None) -> Serial:
    head, first, last = _ends(text)
    match = _match(r"(ART|FCPF)-([A-Z]{2})-([0-9]+)-([0-9]{4})-([0-9]+)", head)
    start, end = _year(int(match[4]))
    line, pattern = f"{match[1]}-{match[3]}-{match[5]}", f"{head}-{{first}} to {{last}}"
    return Serial(Syntax.ART, line, first, last, pattern, match[3], match[2], start, end, 6)


def _cercarbono(text: str, quantity: int | None) -> Serial:
    match = re.fullmatch(r"(CDC_[0-9A-Z_]+)(?: \(?([0-9]+)(?: TO |-)([0-9]+)\)?)?", text, re.ASCII)
    if match is None:
        raise NotASerial("shape")
    head, pattern = match[1], f"{match[1]} {{first}} to {{last}}"
    project = head.split("_")[1]
    if match[2] is None:
        return _whole(Syntax.CERCARBONO, head, pattern, quantity, project)
    first, last = _run(match[2], match[3], least=0)  # EcoRegistry numbers some lines from 0
    return Serial(Syntax.CERCARBONO, head, first, last, pattern, project, fields=head.count("_") + 1)


def _cdm(text: str, quantity: int | None) -> Serial:
    """`RW-5-1463953-2-2-0-7014 - RW-5-1467609-2-2-0-7014`: party, unit type, number, periods, forestry, project."""
    one = r"([A-Z]{2})-([5-7])-([0-9]+)-([0-9])-([0-9])-([0-9]+)-([0-9]+)"
    match = re.fullmatch(rf"{one}(?:(?:-| TO ){one})?", text, re.ASCII)
    if match is None:
        bare = re.fullmatch(r"[A-Z]{2}-[5-7]-[0-9]+(?:(?:-| TO )[A-Z]{2}-[5-7]-[0-9]+)?", text, re.ASCII)
        raise NotASerial("period_missing" if bare else "shape")
    party, kind, first, *same = match.groups()[:7]
    if match[8] and [match[8], match[9], *match.groups()[10:]] != [party, kind, *same]:
        raise NotASerial("ends_differ")
    low, high = _run(first, match[10] or first)
    end = f"{{0}}-{same[0]}-{same[1]}-{same[2]}-{same[3]}"
    pattern = f"{party}-{kind}-{end.replace('{0}', '{first}')} - {party}-{kind}-{end.replace('{0}', '{last}')}"
    line = f"{party}-{same[0]}"  # a number is unique within party and commitment period, whatever the type (R3.30)
    return Serial(Syntax.CDM, line, low, high, pattern, same[3], party, fields=7, temporary=kind in "67")


def _ticket(text: str, quantity: int | None) -> Serial:
    """A paper ticket has one number and many tonnes: its tonnes are counted from 1 behind a stroke (R3.4)."""
    return _counted(Syntax.TICKET, r"[0-9A-Z\-]{3,40}", text, quantity)


def vintage(start: date, end: date) -> str:
    """The years of growth or sparing, as they are shown: 2023, or 2022–2023."""
    return str(end.year) if start.year == end.year else f"{start.year}–{end.year}"


def _record(text: str, quantity: int | None) -> Serial:
    """Registries that print no serials: the record's id, its tonnes counted from 1 behind a stroke."""
    return _counted(Syntax.RECORD, r"[0-9A-Z][0-9A-Z\-_. ]{2,59}", text, quantity)


def _counted(syntax: Syntax, shape: str, text: str, quantity: int | None) -> Serial:
    match = re.fullmatch(rf"({shape})(?:/([0-9]+)(?:(?:-| TO )([0-9]+))?)?", text, re.ASCII)
    if match is None:
        raise NotASerial("shape")
    head, pattern = match[1], f"{match[1]}/{{first}}-{{last}}"
    if match[2] is None:
        return _whole(syntax, head, pattern, quantity, "")
    first, last = _run(match[2], match[3] or match[2])
    return Serial(syntax, head, first, last, pattern)


def _whole(syntax: Syntax, line: str, pattern: str, quantity: int | None, project: str) -> Serial:
    if quantity is None:
        raise NotASerial("range_missing")
    first, last = _run("1", str(quantity))
    return Serial(syntax, line, first, last, pattern, project)


_READERS: dict[Syntax, Callable[[str, int | None], Serial]] = {
    Syntax.VERRA: _verra,
    Syntax.GOLD_STANDARD: _gold_standard,
    Syntax.ACR: _acr,
    Syntax.CAR: _car,
    Syntax.ART: _art,
    Syntax.CERCARBONO: _cercarbono,
    Syntax.CDM: _cdm,
    Syntax.TICKET: _ticket,
    Syntax.RECORD: _record,
}
if set(_READERS) != set(Syntax):  # complete by construction
    raise RuntimeError("a serial syntax has no reader")
