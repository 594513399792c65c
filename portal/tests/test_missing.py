"""Missing never becomes zero: no line of the rooms that hold figures turns nothing into nought, but for the places
below, each with its reason."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from portal.catalogues import ROOT

ROOMS = ("activities", "inventory", "offsets", "opendata", "planting", "ledger", "disclosure", "evaluation")
ZEROS = {"0", "0.0", "0.00", "0.000", "0.0000"}
FALLBACKS = {"get", "pop", "setdefault", "getattr"}

# Where nothing may be read as nought, by file and function, and why it is no missing figure.
ALLOWED: dict[str, str] = {
    "activities/operations/measures.py:add_measure": "the number before the first measure",
    "activities/rules.py:cost_curve": "before the first step nothing is spared, which is known",
    "inventory/columns.py:_csv": "length of the mark at the beginning of a file",
    "inventory/columns.py:_fast": "rows of a table without columns",
    "inventory/columns.py:_slow": "rows of a table without columns",
    "inventory/columns.py:coded": "an index of numpy, overwritten by that of the empty text in the next lines",
    "inventory/comparing.py:_column": "a submitted inventory has a total: the database refuses one without",
    "inventory/comparing.py:_moved": "cells without a figure were filtered out in the line before",
    "inventory/forms.py:sent": "how many rows a browser says it sent",
    "inventory/listpages.py:remarks": "a column of a sheet, not a figure: the first",
    "inventory/management/commands/conformance.py:results": "the part of a sum that belongs to another case",
    "inventory/marking.py:remarks": "a column of a sheet, not a figure: the first",
    "inventory/measuring.py:_row": "the length of a bar where there is none to draw",
    "inventory/models/inventories.py:": "saves of a draft nobody saved yet",
    "inventory/models/rosters.py:": "attempts and findings before the first",
    "inventory/operations/surveys.py:_last": "the number before the first answer",
    "inventory/operations/surveys.py:_sealed": "the number before the first batch",
    "inventory/operations/surveys.py:_close": "people in answers nobody gave: none, which is known",
    "inventory/operations/surveys.py:_seal": "the number before the first batch",
    "inventory/operations/surveys.py:answer": "a limit against flooding, no figure",
    "inventory/operations/surveys.py:why_not": "the key of a group's name in a sentence",
    "inventory/questionnaires.py:answer": "who stayed nights and named no rooms was asked before (clean)",
    "inventory/questionnaires.py:clean": "people is a required field; without it the form has failed already",
    "inventory/reading.py:read_rows": "the place of a fault in a list",
    "inventory/recheck.py:_totals": "the recheck compares sums of lines; without a line the sum is none",
    "inventory/rules/likeness.py:ratios": "a divisor that is not known gives no ratio (the line below)",
    "inventory/rules/questions.py:_question": "an order of questions, no figure",
    "inventory/rules/recount.py:of": "where a cell has no figure the answer is None, said first in the same line",
    "inventory/rules/sampling.py:_amounts": "a person whose journey does not use a factor used none of it",
    "inventory/rules/survey.py:amounts": "the start of a sum",
    "inventory/rules/travel.py:": "the detour of a way that has none",
    "inventory/rules/travel.py:row_amounts": "the start of a sum",
    "inventory/rules/whatif.py:changed": "the place before the first line",
    "inventory/rules/whatif.py:_changed": "a change by amount was refused without one (faults)",
    "inventory/rules/whatif.py:_moved": "a change by share was refused without one (faults)",
    "inventory/rules/whatif.py:_leaves": "a change by share was refused without one (faults)",
    "inventory/surveys.py:record": "answers nobody gave; a population nobody counted is not in the sum",
    "inventory/surveys.py:_estimate": "percent of nothing; and the code of a warning",
    "inventory/surveys.py:state": "a population nobody counted is not in the sum, and the page says so",
    "inventory/unpacking/sheet.py:__init__": "an index of formats",
    "offsets/forms/browsing.py:_counts": "rows that fit a filter: none, which is known",
    "offsets/forms/browsing.py:_options": "rows that fit a filter: none, which is known",
    "offsets/models/feeds.py:": "rows of a file before it is read",
    "offsets/models/shelves.py:": "a tally before the first",
    "offsets/operations/shelving.py:last_row": "no row is certain yet: the next run counts",
    "offsets/queries/browsing.py:compensated": "the sum over no rows of whole units",
    "offsets/queries/browsing.py:totals": "no row of that kind is cancelled, which is known",
    "offsets/queries/claims.py:pending_units": "the sum over no rows of whole units",
    "offsets/queries/claims.py:void_units": "the sum over no rows of whole units",
    "offsets/queries/claims.py:claims_on": "nothing of it was found void, which is known",
    "offsets/queries/catalogue.py:too_common": "how many rows are named by no word: none",
    "offsets/queries/feeds.py:feeds": "an order of files",
    "offsets/queries/many.py:units_of": "the sum over no rows of whole units",
    "offsets/queries/reserved.py:reserved_units": "the sum over no rows of whole units",
    "offsets/queries/reserved.py:found_void": "the sum over no rows of whole units",
    "offsets/queries/reserved.py:last_move": "the number before the first transfer",
    "offsets/recheck.py:_tallies": "a mark before the first row",
    "ledger/queries.py:balances": "nothing lies in that place, which is known",
    "offsets/records.py:beginning": "nothing further on is asked for: no line to leave out",
    "offsets/rules/basket.py:propose": "a share of units nobody asked for",
    "offsets/rules/counting.py:counted": "units outside the window do not count; that is the rule",
    "offsets/rules/twins.py:marks": "a number written as noughts",
    "opendata/datasets/units.py:_cancelled": "nothing of it was found void, which is known",
    "opendata/datasets/units.py:_recorded": "nothing of it was cancelled or void, which is known",
    "planting/forms/surveys.py:facts": "a verified nought is refused (undecidable); other outcomes have no amount",
    "planting/operations/surveys.py:verify": "what was not verified is no sink",
    "planting/rules/reading.py:_angle": "an angle of whole degrees has no minutes",
    "planting/rules/shapes.py:same_percent": "a shape without an area shares none",
    "ledger/models.py:": "a counter before the first",
    "disclosure/book.py:_cancelled": "units of a retirement that is gone from the books are not shown as void",
    "disclosure/book.py:_emitted": "how many rows a source has",
    "disclosure/book.py:pairs": "an order of bars; the figures themselves stay None",
    "disclosure/book.py:of": "an order of rows; the figures themselves stay None",
    "disclosure/pages.py:before_plan": "gaps of an estimate that is not begun are told otherwise",
    "disclosure/rules/compose.py:": "units found void before any was",
    "disclosure/words.py:balance": "units of a balance that names none",
    "evaluation/checks.py:share": "a share of nothing",
    "evaluation/checks.py:plain": "a nought is printed as one",
    "evaluation/checks.py:judge": "an order of findings",
}


def is_zero(node: ast.AST) -> bool:
    """A nought, however it is written: 0, "0", Decimal(0), Decimal("0.00"), Value(0)."""
    if isinstance(node, ast.Constant):
        return (node.value == 0 and not isinstance(node.value, bool)) or node.value in ZEROS
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        name = ast.unparse(node.func).rsplit(".", 1)[-1]
        return name in ("Decimal", "Value", "int") and is_zero(node.args[0])
    return isinstance(node, ast.Name) and node.id in ("ZERO", "NOUGHT")


def turned(node: ast.AST) -> bool:
    """Whether a node turns something that may be missing into a nought."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return any(is_zero(value) for value in node.values[1:])
    if isinstance(node, ast.IfExp):
        return is_zero(node.orelse) or (is_zero(node.body) and not isinstance(node.orelse, ast.Constant))
    if isinstance(node, ast.ExceptHandler):
        return any(
            isinstance(inner, ast.Return) and inner.value is not None and is_zero(inner.value) for inner in node.body
        )
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    if name in FALLBACKS and len(node.args) >= 2 and is_zero(node.args[-1]):
        return True
    if name == "Coalesce" and any(is_zero(argument) for argument in node.args[1:]):
        return True
    if name == "fill_null" and any(is_zero(argument) for argument in node.args):
        return True
    return any(keyword.arg == "default" and is_zero(keyword.value) for keyword in node.keywords)


def places(source: str) -> Iterator[tuple[str, str]]:
    """(name of the function, text) of every such node."""
    tree = ast.parse(source)
    owners = {
        id(inner): function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for inner in ast.walk(function)
    }
    for node in ast.walk(tree):
        if turned(node):
            yield owners.get(id(node), ""), ast.unparse(node)


@cache
def found() -> dict[str, list[str]]:
    """Every such place of the rooms, by file and function."""
    all_: dict[str, list[str]] = {}
    for room in ROOMS:
        for path in sorted((ROOT / "neutrality" / room).rglob("*.py")):
            if {"tests", "migrations"} & set(path.parts):
                continue
            for function, text in places(path.read_text("utf-8")):
                all_.setdefault(f"{path.relative_to(ROOT / 'neutrality').as_posix()}:{function}", []).append(text)
    return all_


def test_no_missing_figure_becomes_nought():
    assert {place: texts for place, texts in found().items() if place not in ALLOWED} == {}


def test_every_excuse_is_still_needed():
    assert [place for place in ALLOWED if place not in found()] == []


@pytest.mark.parametrize(
    "line",
    [
        "x = line.quantity or 0",
        "x = line.quantity or Decimal(0)",
        "x = line.quantity or Decimal('0.0000')",
        "x = row.get('quantity', 0)",
        "x = row.pop('quantity', '0')",
        "x = getattr(line, 'quantity', 0)",
        "x = max(kgs, default=0)",
        "x = Coalesce('quantity', Value(0))",
        "x = Coalesce(Sum('kg'), Decimal(0))",
        "x = Sum('kg', default=0)",
        "x = frame['kg'].fill_null(0)",
        "x = line.quantity if line.quantity else 0",
        "x = 0 if quantity is None else quantity",
        "x = ZERO if quantity is None else quantity",
        "def read(text):\n    try:\n        return Decimal(text)\n    except ValueError:\n        return 0",
    ],
)
def test_what_turns_nothing_into_nought_would_be_noticed(line):
    """Control."""
    assert [*places(line)] != []


@pytest.mark.parametrize("line", ["x = a or b", "x = row.get('name', '')", "x = n if n else None", "x = 5 if a else 7"])
def test_what_does_not_is_left_alone(line):
    assert [*places(line)] == []
