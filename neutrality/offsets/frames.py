"""Clean rows of a table of runs, read all at once. What is not plainly clean is left to the rules, one row at a time.

The rules (`rules.columns.Runs.read`) say what a row means; a test holds that both lanes say the same of every row.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from neutrality.offsets.rules import LARGEST, Syntax
from neutrality.offsets.rules.cells import heading
from neutrality.offsets.rules.columns import Runs
from neutrality.offsets.rules.published import SIDES, Event
from neutrality.offsets.tables import Chunk

COLUMNS = (
    "row",
    "at_line",
    "identifier",
    "name",
    "line",
    "first",
    "last",
    "serial",
    "side",
    "event",
    "event_on",
    "beneficiary",
    "note",
    "vintage_start",
    "vintage_end",
    "country",
    "labels",
)
LONGEST_BENEFICIARY, LONGEST_NOTE, LONGEST_IDENTIFIER, LONGEST_NAME = 300, 1000, 40, 250
MOST_DIGITS = len(str(LARGEST))
# Anything the rules would change in a cell: tags, entities, unseen signs, spaces that are not single.
UNCLEAN = (
    r"[<&\x00-\x1f\x7f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{200b}\x{200e}\x{200f}\x{2028}\x{2029}\x{202f}\x{205f}"
    r"\x{3000}\x{feff}\x{fffd}]|  |^ | $"
)
NUMBER = r"[1-9][0-9]{0,11}"
WHOLE = r"^[0-9]{1,15}$|^[0-9]{1,3}(?:,[0-9]{3}){1,4}$"
ISO_DAY, AMERICAN_DAY = r"^(\d{4}-\d{2}-\d{2})(?:[T ]|$)", r"^(\d{1,2})/(\d{1,2})/(\d{4})(?: |$)"


@dataclass(frozen=True)
class Shape:
    """The strict canonical spelling of a serial: a regular expression with named groups, and its line made of them.
    A text of this shape is its own canonical form."""

    pattern: str
    line: tuple[str, ...]
    """Texts and, behind a colon, names of groups."""


_ENDS = rf"-(?P<first>{NUMBER}) to (?P<last>{NUMBER})$"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
SHAPES = {
    Syntax.VERRA: Shape(
        rf"^[1-9][0-9]{{0,11}}-(?P<first>{NUMBER})-(?P<last>{NUMBER})-VCS-VCU-[0-9]+-[A-Z]+-(?P<country>[A-Z]{{2}})"
        r"-[0-9]+-[0-9]+-(?P<start>[0-9]{8})-(?P<end>[0-9]{8})-[0-9]$",
        ("VCU",),
    ),
    Syntax.GOLD_STANDARD: Shape(
        rf"^GS[0-9]+-[0-9]+-(?P<country>[A-Z]{{2}})-(?P<project>GS[0-9]+)-[0-9]+-{_YEAR}-(?P<batch>{NUMBER})"
        rf"-(?P<first>{NUMBER})-(?P<last>{NUMBER})$",
        (":project", "-", ":batch"),
    ),
    Syntax.ACR: Shape(
        rf"^ACR-(?P<country>[A-Z]{{2}})-(?P<project>[0-9]+)-{_YEAR}-(?P<batch>[0-9]+)" + _ENDS,
        ("ACR-", ":project", "-", ":batch"),
    ),
    Syntax.CAR: Shape(
        rf"^CAR-[A-Z0-9]+-(?P<country>[A-Z]{{2}})-(?P<project>[0-9]+)-[0-9]+-[0-9]+-[A-Z0-9]+-{_YEAR}"
        r"-(?P<batch>[0-9]+)" + _ENDS,
        ("CAR-", ":project", "-", ":batch"),
    ),
    Syntax.ART: Shape(
        rf"^(?P<programme>ART|FCPF)-(?P<country>[A-Z]{{2}})-(?P<project>[0-9]+)-{_YEAR}-(?P<batch>[0-9]+)" + _ENDS,
        (":programme", "-", ":project", "-", ":batch"),
    ),
}


def clean(runs: Runs, names: list[str], chunk: Chunk, today: date) -> tuple[pl.DataFrame, list[int]]:
    """The rows both lanes agree on by construction, and the places of all others in the chunk. A day to come is left
    to the one that can say what is wrong with it."""
    if runs.syntaxes[0] not in SHAPES or not len(chunk.cells):
        return pl.DataFrame(schema=COLUMNS), list(range(len(chunk.cells)))
    frame = chunk.cells.select(pl.col(str(place)).alias(name) for name, place in _columns(runs, names))
    frame = frame.with_columns(
        pl.Series("row", chunk.numbers), pl.Series("at_line", chunk.at_lines), _labels(runs, names, chunk)
    )
    told = _told(runs, frame.lazy()).collect()
    taken = (told["ok"] & (told["event_on"] <= today)).fill_null(value=False)
    rest = (~taken).arg_true().to_list()
    return told.filter(taken).select(COLUMNS), rest


def _labels(runs: Runs, names: list[str], chunk: Chunk) -> Any:
    """The labels of every row: the same few words stand in thousands of rows, so the rules read each wording once."""
    places = {name: place for place, name in enumerate(names)}
    columns = {str(places[name]): name for name in map(heading, runs.details.of_labels) if name in places}
    if not columns:
        return pl.lit("").alias("labels")
    said = chunk.cells.select(list(columns))
    wordings = said.unique()
    read = [runs.labelled(dict(zip(columns.values(), row, strict=True))) for row in wordings.rows()]
    wordings = wordings.with_columns(pl.Series("labels", read, dtype=pl.String))
    return said.join(wordings, on=list(columns), how="left", maintain_order="left")["labels"]


def _columns(runs: Runs, names: list[str]) -> list[tuple[str, int]]:
    """The columns of the description that the file has, by their places. Of two equal headings the last counts."""
    places = {name: place for place, name in enumerate(names)}
    asked = (runs.identifier, runs.name, runs.serial, runs.quantity, runs.on, runs.ended, runs.reason)
    wanted = dict.fromkeys((*asked, runs.beneficiary, *runs.notes))
    return [(column, places[heading(column)]) for column in wanted if column and heading(column) in places]


def _told(runs: Runs, frame: pl.LazyFrame) -> pl.LazyFrame:
    present = set(frame.collect_schema().names())

    def at(column: str) -> pl.Expr:
        return pl.col(column) if column in present else pl.lit("")

    texts = [name for name in present if name not in ("row", "at_line", "labels")]
    cleaned = pl.all_horizontal(~pl.col(name).str.contains(UNCLEAN) for name in texts)
    shape = SHAPES[runs.syntaxes[0]]
    frame = frame.with_columns(cleaned.alias("cleaned"), at(runs.serial).str.extract_groups(shape.pattern).alias("s"))
    group = pl.col("s").struct.field
    used = at(runs.ended) != ""
    frame = frame.with_columns(
        group("first").cast(pl.Int64, strict=False).alias("first"),
        group("last").cast(pl.Int64, strict=False).alias("last"),
        pl.when(at(runs.quantity).str.contains(WHOLE))
        .then(at(runs.quantity).str.replace_all(",", ""))
        .cast(pl.Int64, strict=False)
        .alias("units"),
        _day(pl.when(used).then(at(runs.ended)).otherwise(at(runs.on))).alias("event_on"),
        _event(runs, used, at(runs.reason)).alias("event"),
        _vintage(group, shape, "start").alias("vintage_start"),
        _vintage(group, shape, "end").alias("vintage_end"),
    )
    note = pl.lit("")
    for column in reversed(runs.notes):
        note = pl.when(at(column) != "").then(at(column)).otherwise(note)
    said = at(runs.identifier)
    return frame.with_columns(
        said.alias("identifier"),
        at(runs.name).str.slice(0, LONGEST_NAME).alias("name"),
        pl.concat_str(group(part[1:]) if part.startswith(":") else pl.lit(part) for part in shape.line).alias("line"),
        at(runs.serial).alias("serial"),
        pl.col("event").replace_strict({event.value: side for event, side in SIDES.items()}).alias("side"),
        at(runs.beneficiary).str.slice(0, LONGEST_BENEFICIARY).alias("beneficiary"),
        note.str.slice(0, LONGEST_NOTE).alias("note"),
        group("country").alias("country"),
        (
            pl.col("cleaned")
            & (said != "")
            & ~said.str.ends_with(".0")
            & (said.str.len_chars() <= LONGEST_IDENTIFIER)
            & (at(runs.name) != "")
            & (at(runs.serial).str.len_chars() <= 200)
            & (pl.col("first") <= pl.col("last"))
            & (pl.col("units") == pl.col("last") - pl.col("first") + 1)
            & (pl.col("vintage_start") <= pl.col("vintage_end"))
            & pl.col("event_on").is_not_null()
        ).alias("ok"),
    )


def _day(text: pl.Expr) -> pl.Expr:
    """ISO days and American ones; anything else is left to the rules."""
    iso = text.str.extract(ISO_DAY, 1).str.to_date("%Y-%m-%d", strict=False)
    american = text.str.extract_groups(AMERICAN_DAY).struct
    padded = pl.concat_str(
        american.field("3"), american.field("1").str.zfill(2), american.field("2").str.zfill(2), separator="-"
    )
    return pl.coalesce(iso, padded.str.to_date("%Y-%m-%d", strict=False))


def _event(runs: Runs, used: pl.Expr, reason: pl.Expr) -> pl.Expr:
    retired = pl.when(reason.str.to_lowercase().str.contains("cancel", literal=True))
    ended = retired.then(pl.lit(Event.CANCELLED.value)).otherwise(pl.lit(Event.RETIRED.value))
    otherwise = ended if runs.event is Event.RETIRED else pl.lit(runs.event.value)
    return pl.when(used).then(ended).otherwise(otherwise)


def _vintage(group: object, shape: Shape, end: str) -> pl.Expr:
    """The first or last day of the vintage: printed as ddmmyyyy, or the year's."""
    if "?P<year>" not in shape.pattern:
        return group(end).str.to_date("%d%m%Y", strict=False)  # type: ignore[operator]
    year = group("year")  # type: ignore[operator]
    of_registries = pl.when(year.cast(pl.Int32, strict=False).is_between(1990, 2100)).then(year)
    return pl.concat_str(of_registries, pl.lit("-01-01" if end == "start" else "-12-31")).str.to_date(strict=False)
