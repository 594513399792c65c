"""What registries publish, in their own columns: projects, and runs of units issued, retired or cancelled (R3.34)."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from neutrality.offsets.rules.serials import NotASerial, Serial, Syntax, parse


class Event(StrEnum):
    ISSUED = "issued"
    RETIRED = "retired"
    CANCELLED = "cancelled"


class BadRow(ValueError):
    """A row that cannot be taken; `code` and `column` say why, `detail` what stands there."""

    def __init__(self, code: str, column: str = "", detail: str = "") -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, detail


@dataclass(frozen=True)
class ProjectRow:
    identifier: str
    name: str
    country: str
    place: str
    sector: str
    methodology: str
    developer: str
    status: str


@dataclass(frozen=True)
class RunRow:
    identifier: str
    project_name: str
    serial: Serial
    event: Event
    on: date
    beneficiary: str
    note: str


Row = Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """One kind of file: which columns it must have, and how a row is read. Column names are compared by `heading`."""

    name: str
    registry: str
    columns: tuple[str, ...]
    read: Callable[[Row], ProjectRow | RunRow]


def heading(text: str) -> str:
    """A column name without the line breaks, marks and capitals registries put into it."""
    return re.sub(r"\s+", " ", text.replace("\ufeff", "")).strip().casefold()


def cell(text: str | None) -> str:
    """A cell as plain text: tags and entities gone, spaces single."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]{0,500}>", " ", text or ""))).strip()


def whole(text: str, column: str) -> int:
    """A whole number with or without thousands separators: `56,373`, `1.448.500`, `546.0`; `12.5` never."""
    plain = cell(text).replace(" ", "")
    if re.fullmatch(r"[0-9]{1,15}(\.0{1,2})?", plain, re.ASCII):
        return int(plain.partition(".")[0])
    if re.fullmatch(r"[0-9]{1,3}([.,][0-9]{3}){1,4}", plain, re.ASCII):
        return int(re.sub(r"[.,]", "", plain))
    raise BadRow("number", column, plain)


def day(text: str, column: str) -> date:
    """The day of a moment or a date, ISO or as American registries write it (month first)."""
    plain = cell(text)
    if match := re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", plain, re.ASCII):
        year, month, number = (int(part) for part in match.groups())
    elif match := re.match(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", plain, re.ASCII):
        month, number, year = (int(part) for part in match.groups())
    else:
        raise BadRow("day", column, plain)
    try:
        return date(year, month, number)
    except ValueError:
        raise BadRow("day", column, plain) from None


def needed(row: Row, column: str) -> str:
    text = cell(row.get(heading(column)))
    if not text:
        raise BadRow("missing", column)
    return text


def at(row: Row, column: str) -> str:
    return cell(row.get(heading(column)))


def serial(row: Row, column: str, quantity: str, *syntaxes: Syntax) -> Serial:
    """The run in one of the registry's spellings; its length must be the quantity beside it (R3.33)."""
    text, units = needed(row, column), whole(needed(row, quantity), quantity)
    for syntax in syntaxes:
        try:
            return parse(syntax, text, units)
        except NotASerial as bad:
            problem = bad
            if bad.code == "quantity":
                break
    raise BadRow(f"serial_{problem.code}", column, text)


def _verra_project(row: Row) -> ProjectRow:
    place = at(row, "Country/Area")
    return ProjectRow(
        needed(row, "ID"),
        needed(row, "Name"),
        "CN" if place == "China" else "",
        place,
        at(row, "Project Type"),
        at(row, "Methodology"),
        at(row, "Proponent"),
        at(row, "Status"),
    )


def _verra_run(row: Row) -> RunRow:
    """One table holds both: a row with a retirement date is retired, one without is issued and still in circulation."""
    ended = at(row, "Retirement/Cancellation Date")
    reason = at(row, "Retirement Reason")
    event = Event.ISSUED if not ended else Event.CANCELLED if "cancel" in reason.casefold() else Event.RETIRED
    return RunRow(
        needed(row, "ID"),
        needed(row, "Name"),
        serial(row, "Serial Number", "Quantity Issued", Syntax.VERRA),
        event,
        day(ended or needed(row, "Issuance Date"), "Retirement/Cancellation Date" if ended else "Issuance Date"),
        at(row, "Retirement Beneficiary"),
        at(row, "Retirement Details") or reason,
    )


def _gold_project(row: Row) -> ProjectRow:
    place = at(row, "Country")
    return ProjectRow(
        needed(row, "GSID"),
        needed(row, "Project Name"),
        "CN" if place == "China" else "",
        place,
        at(row, "Project Type"),
        at(row, "Methodology"),
        at(row, "Project Developer Name"),
        at(row, "Status"),
    )


def _gold_run(row: Row, event: Event, column: str) -> RunRow:
    return RunRow(
        needed(row, "GSID"),
        needed(row, "Project Name"),
        serial(row, "Serial Number", "Quantity", Syntax.GOLD_STANDARD, Syntax.CDM),
        event,
        day(needed(row, column), column),
        at(row, "Using Entity"),
        at(row, "Note"),
    )


RUN = ("Serial Number", "Project Name", "Quantity", "GSID")
LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("verra-projects", "verra", ("ID", "Name", "Proponent", "Country/Area", "Status"), _verra_project),
        Layout(
            "verra-transactions",
            "verra",
            ("ID", "Name", "Serial Number", "Quantity Issued", "Issuance Date", "Retirement/Cancellation Date"),
            _verra_run,
        ),
        Layout(
            "gold-standard-projects",
            "gold-standard",
            ("GSID", "Project Name", "Project Developer Name", "Country", "Size"),
            _gold_project,
        ),
        Layout(
            "gold-standard-issuances",
            "gold-standard",
            (*RUN, "Issuance Date", "Credit Status"),
            lambda row: _gold_run(row, Event.ISSUED, "Issuance Date"),
        ),
        Layout(
            "gold-standard-retirements",
            "gold-standard",
            (*RUN, "Retirement Date", "Using Entity", "Use Case", "Note"),
            lambda row: _gold_run(row, Event.RETIRED, "Retirement Date"),
        ),
    )
}


def recognise(headings: list[str]) -> Layout | None:
    """The layout a file's first row belongs to: the one with the most of its columns, all of them present."""
    present = {heading(each) for each in headings}
    fitting = [layout for layout in LAYOUTS.values() if {heading(each) for each in layout.columns} <= present]
    return max(fitting, key=lambda layout: len(layout.columns), default=None)
