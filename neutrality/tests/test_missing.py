"""Missing never becomes zero: no line of code, and no template, puts a nought where an amount is absent.

A static search; what it finds and is right stands below with its reason. Forms and sheets are fuzzed in
inventory/tests/test_bad_input.py, the public interface at the end of this file.
"""

import ast
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from neutrality.disclosure.tests.factories import make_plan
from neutrality.opendata.datasets import DATASETS

ROOT = settings.BASE_DIR
WHERE = ("neutrality/inventory", "neutrality/activities", "neutrality/evaluation", "neutrality/disclosure")
WHERE += ("neutrality/opendata", "portal")
LEFT_OUT = {"tests", "migrations", "launch", "demonstration", "commands"}
AMOUNT = re.compile(r"kg|quantity|amount|tonnes|owed|percent|price|Decimal\(|Fraction\(", re.I)
# Where a nought is right, and why. The key is the file and the expression.
RIGHT = {
    "disclosure/book.py: one.kg or 0": "only the order of lines; beside it stands `kg is None`, which goes last",
    "disclosure/book.py: row['estimate_kg'] or 0": "only the order of the chart's rows",
    "disclosure/book.py: row['actual_kg'] or 0": "only the order of the chart's rows",
    "portal/account.py: line.kg or 0": "only the order of lines",
    "portal/account.py: sheet.by_source.get(code, Decimal(0))": "of submitted inventories alone, which lack nothing: "
    "a counted source without a sum has memo lines only",
    "portal/formulas.py: P90.p90_kg or 0": "a fixed example, whose figure is there",
    "portal/steps.py: facts.owed or 0": "how many units are still short; nothing is, while nothing is accounted",
    "portal/templatetags/charts.py: _get(row, 'kg') or 0": "the length of a bar; its figure is printed as — beside it",
    "portal/templatetags/charts.py: max((Decimal(_get(row, 'kg') or 0) for row in ordered), default=Decimal(0))": "the "
    "length of the longest bar",
    "portal/templatetags/charts.py: max((Decimal(_get(row, 'units') or 0) for row in rows), default=Decimal(0))": "the "
    "length of the longest bar",
    "portal/templatetags/charts.py: max(values, default=Decimal(0))": "the length of the longest bar",
    "inventory/recheck.py: sums.get(pk, Decimal(0))": "an inventory without lines adds up to nothing: compared",
    "evaluation/checks.py: value.quantize(places).normalize() if value else Decimal(0)": "a nought without an exponent",
    "inventory/questionnaires.py: data.get('rooms') or Decimal(0)": "no rooms where there were no nights; nights "
    "without rooms are refused",
    "inventory/rules/likeness.py: size.floor_m2 or Decimal(0)": "a divisor of nought gives no ratio",
    "inventory/rules/sampling.py: party.amounts.get(code, Decimal(0))": "an answer that names no plane flew none",
    "inventory/rules/survey.py: found.get(way.factor, Decimal(0))": "the sum begins at nothing",
    "inventory/surveys.py: int(100 * (found.high_kg - found.low_kg) / (2 * found.kg)) + 1 if found.kg else 0": "a sum "
    "of nought has no width",
    "inventory/comparing.py: cell.kg or Decimal(0)": "only the order; cells that cannot be read are left out above",
    "inventory/comparing.py: inventory.total_kg or Decimal(0)": "of submitted inventories alone, whose total is there",
    "inventory/rules/recount.py: cell.kg or Decimal(0)": "the line before answers None where any cell has none",
    "inventory/rules/travel.py: field(default=Decimal(0))": "the sum of a group begins at nothing",
    "inventory/rules/travel.py: found.get(way.factor, Decimal(0))": "the sum begins at nothing",
    "portal/templatetags/charts.py: price or 0": "the height of the chart; without a price no line is drawn",
    "portal/templatetags/charts.py: pairs[-1][1].together_kg if pairs else Decimal(0)": "the width of an empty chart",
    "portal/templatetags/charts.py: max([step.cost_per_t for _, step in pairs] + [Decimal(price or 0)], "
    "default=Decimal(0))": "the height of the chart",
    "portal/likeness.py: inventory.total_kg or Decimal(0)": "of submitted inventories alone, whose total is there",
    "portal/views/home.py: Retirement.objects.aggregate(units=Sum('quantity'))['units'] or 0": "units are counted: "
    "without a cancellation there are none",
    "portal/views/home.py: VoidedPart.objects.filter(retirement__isnull=False)"
    ".aggregate(units=Sum('quantity'))['units'] or 0": "units are counted: without a finding there are none",
    "portal/views/units.py: self.cleaned_data['percent'] or 0": "no share was asked for",
    "inventory/models/inventories.py: self.total_kg if self.total_kg is not None else Decimal(0)": "asked of submitted "
    "inventories alone, whose total is there",
    "inventory/rules/whatif.py: change.amount or Decimal(0)": "checked when the change is entered: above zero",
    "inventory/rules/whatif.py: change.percent or Decimal(0)": "checked when the change is entered: above zero",
    "inventory/rules/whatif.py: move.percent or Decimal(0)": "checked when the change is entered: above zero",
    "activities/rules.py: found[-1].together_kg if found else Decimal(0)": "the curve begins at nothing spared",
    "inventory/measuring.py: max((abs(each.alone_kg) for each in outcome.effects.values()), default=Decimal(0))": "the "
    "length of the longest bar",
}


def nought(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in (0, "0") and not isinstance(node.value, bool)
    called = isinstance(node, ast.Call) and ast.unparse(node.func) in ("Decimal", "Value", "Fraction")
    return called and bool(node.args) and nought(node.args[0])


def put_in(node: ast.AST) -> bool:
    """Whether a nought stands in for something absent: `x or 0`, `x if y else 0`, `.get(k, 0)`, `default=0`…"""
    if isinstance(node, ast.BoolOp):
        return isinstance(node.op, ast.Or) and any(nought(value) for value in node.values)
    if isinstance(node, ast.IfExp):
        return nought(node.body) or nought(node.orelse)
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    second = {"get": 1, "pop": 1, "setdefault": 1, "getattr": 2, "next": 1}.get(name)
    if second is not None and len(node.args) > second:
        return nought(node.args[second])
    if name == "Coalesce":
        return any(nought(each) for each in node.args)
    return any(keyword.arg == "default" and nought(keyword.value) for keyword in node.keywords)


def found(source: str) -> Iterator[str]:
    """Expressions that put a nought in the place of an amount."""
    for node in ast.walk(ast.parse(source)):
        if put_in(node) and AMOUNT.search(said := ast.unparse(node)):
            yield said


def everywhere() -> set[str]:
    files = [path for top in WHERE for path in sorted((ROOT / top).rglob("*.py")) if not LEFT_OUT & set(path.parts)]
    assert len(files) > 80
    return {
        f"{str(path.relative_to(ROOT)).removeprefix('neutrality/')}: {said}"
        for path in files
        for said in found(path.read_text("utf-8"))
    }


def test_no_code_puts_a_nought_where_an_amount_is_missing():
    assert everywhere() - set(RIGHT) == set(), "mend it, or say in RIGHT why a nought is right there"


BAD = [
    "x = line.quantity or 0",
    "kg if known else Decimal(0)",
    "sums.get('total_kg', 0)",
    "Coalesce(Sum('kg'), Value(0))",
]


@pytest.mark.parametrize("source", [*BAD, "max(kgs, default=Decimal('0'))", "next(kgs, 0)", "getattr(row, 'kg', 0)"])
def test_such_code_would_be_found(source):
    """Control."""
    assert list(found(source))


def test_no_template_prints_a_nought_for_a_missing_amount():
    pattern = re.compile(r"{{\s*([\w.]+)[^}]*\|default(?:_if_none)?:[\"']?0")
    hits = {
        f"{path.relative_to(ROOT / 'templates')}: {name}"
        for path in (ROOT / "templates").rglob("*.html")
        for name in pattern.findall(path.read_text("utf-8"))
    }
    # Nothing cancelled yet is nought units: units are counted, never estimated.
    book = {f"components/{name}.html: cancelled_units" for name in ("account_book", "account_book_small")}
    assert hits == book


@pytest.mark.django_db
def test_what_is_missing_leaves_the_interface_as_null(client):
    """An activity that is over and not accounted: every figure about its emissions is null, in JSON and in CSV."""
    activity = make_plan().activity
    row = next(row for row in client.get("/api/v1/activities").json()["rows"] if row["code"] == activity.code)
    empty = [column.name for column in DATASETS["activities"].columns if column.empty]
    figures = [name for name in empty if re.search(r"_t$|_kg$|emitted|total", name)]
    assert figures
    assert {name: row[name] for name in figures} == dict.fromkeys(figures)
