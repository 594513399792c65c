"""The work on a list of participants, from its bytes to the draft: the same for a page's request and for a worker."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from django.utils import translation

from neutrality.inventory import columns, queries, rules, spellings, tables, tally, trips, waiting, words
from neutrality.inventory.listreading import BLANK, CABINS, MODES
from neutrality.inventory.models import Roster
from neutrality.inventory.operations import rosters
from neutrality.inventory.rules import RosterStage, RosterState, travel
from neutrality.inventory.tally import Tally
from neutrality.refusals import Refusal

MOST_GROUPS = 60
MOST_PLACES = 300


def settle(pk: int, at: datetime) -> bool:
    """Work on a list unless another does or it has ended; True when it got as far as it can without a person."""
    with rosters.held(pk) as mine:
        roster = Roster.objects.select_related("activity", "handed_in_by").filter(pk=pk).first()
        if not mine or roster is None or roster.state not in (RosterState.WAITING, RosterState.WORKING):
            return False
        try:
            with translation.override(roster.handed_in_by.language or translation.get_language()):
                return _settled(roster, at)
        except Refusal as refusal:
            return rosters.refuse(roster=roster, problems=refusal.problems, at=at)


def _settled(roster: Roster, at: datetime) -> bool:
    if not rosters.begin(roster=roster):
        return False
    path = waiting.path_of(roster.key)
    if not path.exists():
        raise rosters.RosterEnded
    sheet = columns.read(path, roster.name, trips.layout())
    if not rosters.advance(roster=roster, stage=RosterStage.ADDING):
        return False
    venue = trips.gazetteer().places[roster.venue]
    found = tally.settle(sheet.columns, sheet.rows, trips.terms(venue, infer=roster.infer, answers=roster.answers))
    if not found.rows:
        raise tables.refused("no_rows")
    if found.wrong:
        return rosters.ask(roster=roster, findings=_findings(found, sheet), layout=_layout(sheet))
    if not rosters.advance(roster=roster, stage=RosterStage.WRITING):
        return False
    draft = queries.draft(roster.activity, roster.kind)
    if draft is None:
        raise rosters.filing.NotDraft
    values = {code: factor.value for code, factor in queries.factors(travel.factors()).items()}
    kinds, rows = packed(found, sheet.first_row, values)
    return rosters.take(
        roster=roster,
        lines=trips.lines(draft, found),
        mine=trips.keys(draft),
        summary=_summary(found, sheet, values),
        kinds=kinds,
        rows=rows,
        at=at,
    )


def _findings(found: Tally, sheet: columns.Sheet) -> list[dict[str, Any]]:
    """Questions and faults as they are kept: by rows of the file."""
    above = sheet.first_row - 1
    return [
        {
            "code": wrong.code,
            "field": wrong.field,
            "written": wrong.written,
            "count": len(wrong.rows),
            "rows": (wrong.rows[: rules.ROWS_OF_A_FINDING] + above).tolist(),
            "candidates": [place.code for place in wrong.candidates],
            "way": list(wrong.way),
        }
        for wrong in found.wrong
    ]


def _layout(sheet: columns.Sheet) -> dict[str, Any]:
    return {
        "headings": list(sheet.headings),
        "first_row": sheet.first_row,
        "sheet": sheet.sheet,
        "rows": sheet.rows,
        "dropped": sheet.dropped,
    }


def _summary(found: Tally, sheet: columns.Sheet, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of a list that was taken: how many, by what, from where in groups of five and more."""
    shown = tally.groups(found, values)
    understood = sorted((text, place.code) for text, place in found.written.items() if text != place.name_zh)
    return {
        "rows": found.rows,
        "people": found.heads,
        "unmotorised": found.unmotorised,
        "dropped": sheet.dropped,
        "sums": {code: [str(each.amount), each.people] for code, each in sorted(found.sums.items())},
        "groups": [[group.place, group.people, str(group.kg)] for group in shown[:MOST_GROUPS]],
        "more": max(0, len(shown) - MOST_GROUPS),
        "understood": understood[:MOST_PLACES],
        "spellings": len(found.written),
    }


# --- rows, without names


def packed(found: Tally, first_row: int, values: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """What every row came to, without a name: kinds of journeys, and for each row its kind, its stay, its kilograms."""
    codes = [place.code for place in found.places]
    kinds = pl.DataFrame(
        {
            "origin": [codes[at] if at != BLANK else "" for at in found.origin.tolist()],
            "mode": [MODES[at].value for at in found.there.tolist()],
            "back": [MODES[at].value for at in found.back.tolist()],
            "cabin": [CABINS[at].value for at in found.cabin.tolist()],
            "people": found.people,
            "km": found.km,
            "sharing": found.sharing,
        }
    )
    rows = pl.DataFrame(
        {
            "row": (found.position + first_row).astype(np.int32),
            "kind": found.kind,
            "nights": found.stays[travel.LODGING].rows.astype(np.int32),
            "meals": found.stays[travel.MEAL].rows.astype(np.int32),
            "kg": tally.row_kg(found, values),
        }
    )
    return _bytes(kinds), _bytes(rows)


def _bytes(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=1, statistics=False)
    return out.getvalue()


def rows_csv(roster: Roster) -> bytes:
    """The rows of a list that was taken, as a CSV that can be handed in again: places by a name that means only them,
    modes spoken, hundredths as decimals; what each came to stands in the last column."""
    gazetteer = trips.gazetteer()
    kinds, rows = (pl.read_parquet(io.BytesIO(bytes(data))) for data in (roster.kinds, roster.rows))
    modes = {mode.value: str(name) for mode, name in words.MODES.items()}
    cabins = {
        cabin.value: spellings.CABIN_ALIASES[cabin][0] if cabin in spellings.CABIN_ALIASES else "" for cabin in CABINS
    }
    spelt = {code: gazetteer.spelling(gazetteer.places[code]) for code in kinds["origin"].unique() if code}
    kinds = kinds.with_columns(
        pl.col("origin").replace_strict({**spelt, "": ""}),
        pl.col("mode", "back").replace_strict(modes),
        pl.col("cabin").replace_strict(cabins),
        _decimal("km"),
        _decimal("sharing"),
        kind=pl.int_range(kinds.height, dtype=pl.Int32),
    )
    kg = pl.col("kg")
    joined = rows.join(kinds, on="kind", how="left", maintain_order="left").select(
        pl.col("row").alias(str(words.ROW)),
        *(pl.col(name).alias(str(words.TRIP_FIELDS[name])) for name in ("origin", "mode", "back", "cabin", "people")),
        *(pl.col(name).alias(str(words.TRIP_FIELDS[name])) for name in ("km", "sharing")),
        *(_decimal(name).alias(str(words.TRIP_FIELDS[name])) for name in ("nights", "meals")),
        pl.format("{}.{}", kg // 10_000, (kg % 10_000).cast(pl.String).str.zfill(4)).alias(str(words.ROW_KG)),
    )
    return b"\xef\xbb\xbf" + joined.write_csv().encode()


def _decimal(name: str) -> pl.Expr:
    """Hundredths as a decimal, blank where there is none."""
    value = pl.col(name)
    text = pl.format("{}.{}", value // 100, (value % 100).cast(pl.String).str.zfill(2))
    return pl.when(value == BLANK).then(pl.lit("")).otherwise(text).alias(name)
