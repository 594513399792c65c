"""Calculate over the interface: the same figures as page and workbook to the last sign, every error at once, nothing
kept, and missing never zero."""

import copy
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity, make_rulebook
from neutrality.inventory import kit, queries, rules
from neutrality.inventory.tests.factories import make_draft, make_evidence
from neutrality.opendata import calculation, problems, shapes, strict
from neutrality.opendata.answers import Calculated, Problem
from neutrality.opendata.described import EXAMPLE
from portal.catalogues import ROOT
from portal.tests.test_doors import fingerprint

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/calculate"
GRID = "mee.grid.cn_51.2023.kwh"
ACTIVITY = EXAMPLE["activity"] | {"rulebook": "cn-sc-2021"}
KIT = json.loads((ROOT / "static" / "kit" / "activities.json").read_text("utf-8"))["activities"]


def ask(client, lines=None, *, language="en", data=None, **over):
    """Send a calculation; `data` are bytes sent as they are."""
    body = {"activity": ACTIVITY, "lines": lines} | over
    sent = data if data is not None else json.dumps(body)
    return client.post(ADDRESS, sent, content_type="application/json", headers={"accept-language": language})


def power(quantity="12000", **over):
    return {"source": "electricity", "stage": "holding", "quantity": quantity, "unit": "kWh", "factor": GRID} | over


def errors(answer):
    assert answer.status_code == 422, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json"
    Problem.model_validate(answer.json())
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_a_line_comes_to_what_the_engine_says(client, library):
    answer = ask(client, [power()]).json()
    Calculated.model_validate(answer)
    (line,) = answer["lines"]
    assert (line["kg"], line["scope"], line["tier"], line["factor"]["code"]) == ("1876.8000", 2, "calculated", GRID)
    assert answer["totals"]["kg"] == "1876.8000"
    assert answer["totals"]["units_owed"] is None  # sources are open, so nobody knows yet what is owed
    assert answer["complete"] is False
    assert "source_unanswered" in {gap["code"] for gap in answer["gaps"]}


def test_a_complete_account_says_what_is_owed(client, library):
    sources = [source.code.value for source in make_rulebook().rules.sources if source.code != "electricity"]
    rest = [{"source": code, "stage": "holding", "treatment": "not_occurring"} for code in sources]
    answer = ask(client, [power("12000000"), *rest]).json()
    assert (answer["complete"], answer["totals"]["units_owed"]) == (True, 1877)
    assert answer["totals"]["by_scope"] == {"1": "0.0000", "2": "1876800.0000", "3": "0.0000"}


def test_the_default_is_what_the_page_proposes_and_is_named(client, library):
    answer = ask(client, [power(factor="default")]).json()
    proposed = queries.grid(make_activity()).factor.code
    assert answer["lines"][0]["factor"]["code"] == proposed == answer["electricity"]["factor"]
    assert answer["electricity"]["fallbacks"] != []
    assert errors(ask(client, [power(factor="default", unit="kg")])) == [("#/lines/0/factor", "factor_unknown")]


def test_a_doubtful_figure_is_a_warning(client, library):
    meals = {"source": "catering", "stage": "holding", "quantity": "4", "unit": "meal", "factor": ""}
    own = {"own_value": "127", "own_unit": "meal", "own_source": "a caterer"}
    answer = ask(client, [meals | own]).json()
    assert [(one["code"], one["pointer"]) for one in answer["warnings"]] == [("meal", "#/lines/0")]


# --- one path: page, workbook and interface


def kit_rows(activity, digest):
    """An activity of the kit in the columns of the workbook, every factor an own one with its source."""
    return [
        {
            "source": kit._source(row),
            "stage": "holding",
            "treatment": "estimated",
            "description": row["factor"],
            "quantity": row["quantity"],
            "unit": row["unit"],
            "own_value": row["value"],
            "own_unit": row["per"],
            "own_source": row["factor"],
            "evidence": digest,
            "uses": row.get("uses", ""),
            "reused_percent": row.get("reused_percent", ""),
            "uses_basis": "kit" if "uses" in row else "",
            "sharing": row.get("sharing", ""),
        }
        for row in activity["lines"]
    ]


def figures(sheet):
    """Every figure of a sheet as printed: lines in order, sums, interval."""
    interval = sheet.interval
    return {
        "kg": sorted((result.line.description, f"{result.kg:f}") for result in sheet.results),
        "total": f"{sheet.total_kg:f}",
        "scope": {str(scope): f"{kg:f}" for scope, kg in sheet.by_scope.items() if kg},
        "percents": [f"{interval.low_percent:f}", f"{interval.high_percent:f}"] if interval else None,
    }


def by_interface(client, rows):
    answer = ask(client, [row | {"evidence": None} for row in rows])
    assert answer.status_code == 200, answer.content
    told = answer.json()
    totals = told["totals"]
    return {
        "kg": sorted((row["description"], line["kg"]) for row, line in zip(rows, told["lines"], strict=True)),
        "total": totals["kg"],
        "scope": {scope: kg for scope, kg in totals["by_scope"].items() if kg and Decimal(kg)},
        "percents": [totals["interval"][name] for name in ("low_percent", "high_percent")]
        if totals["interval"]
        else None,
    }


def by_page(browser, draft, rows):
    data = {"rows": str(len(rows)), "edition": str(draft.edition)}
    data |= {f"r{number}-{name}": text for number, row in enumerate(rows, start=1) for name, text in row.items()}
    answer = browser.post(reverse("inventory:edit", args=[draft.activity.code, draft.kind]), data)
    assert answer.status_code == 302
    return stored(draft)


def by_workbook(browser, draft, rows):
    book = openpyxl.Workbook()
    names = list(rows[0])
    book.active.append(names)
    for row in rows:
        book.active.append([row[name] for name in names])
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("filled.xlsx", out.getvalue())
    address = reverse("inventory:upload", args=[draft.activity.code, draft.kind])
    assert browser.post(address, {"workbook": upload}).status_code == 302
    return stored(draft)


def stored(draft):
    draft.refresh_from_db()
    found = figures(queries.sheet(draft))
    draft.lines.all().delete()
    return found


def test_page_workbook_and_interface_give_the_same_bytes_for_the_whole_kit(client, cast, library):
    activity = make_activity(organization=cast.home, created_by=cast.organizer)
    draft = make_draft(activity, "estimate")
    digest, browser = make_evidence(activity, cast.organizer), cast.client("organizer")
    compared, as_published = 0, 0
    for one in (one for one in KIT if one["lines"]):
        rows = kit_rows(one, digest)
        by_three = [by_interface(client, rows), by_page(browser, draft, rows), by_workbook(browser, draft, rows)]
        told = json.dumps(by_three[0], sort_keys=True).encode()
        assert [json.dumps(way, sort_keys=True).encode() for way in by_three] == [told] * 3, one["code"]
        compared += len(by_three[0]["kg"])
        if not any(row["memo"] for row in one["lines"]) and one["places"] == 4:
            as_published += 1
            assert Decimal(by_three[0]["total"]) == Decimal(one["expected"]["total_kg"]), one["code"]
    assert compared == sum(len(one["lines"]) for one in KIT) > 300
    assert as_published > 10


# --- amounts are text


@pytest.mark.parametrize("number", ["0.1", "1e400", "12000", "-5", "NaN", "Infinity", "1E2", "9" * 400, "0.0"])
def test_a_number_is_told_to_become_a_string(client, library, number):
    body = json.dumps({"activity": ACTIVITY, "lines": [power("HERE")]}).replace('"HERE"', number)
    answer = ask(client, data=body)
    assert errors(answer) == [("#/lines/0/quantity", "number_as_text")]
    assert "as a string" in answer.json()["detail"]
    assert "写成字符串" in ask(client, data=body, language="zh-hans").json()["detail"]


BAD = [
    ("NaN", "number_not_a_number"),
    ("1e400", "number_exponent"),
    ("-3", "number_negative"),
    ("1_000", "number_not_a_number"),
    ("1.448,5", "number_decimal_comma"),
    ("about 1000", "number_rough"),
    ("2026-05-18", "number_a_day"),
    ("x" * 3000, "number_not_a_number"),
    ("9" * 60, "number_too_many_digits"),
    (True, "not_text"),
    (["5"], "not_text"),
    ({"value": "5"}, "not_text"),
    ("5\x00", "text_unstorable"),
    ("\ud800", "text_unstorable"),
    ("9" * 5000, "text_very_long"),
]


def test_all_errors_of_all_rows_at_once_in_two_languages(client, library):
    lines = [power(value) for value, _code in BAD] + [power(), 7, power(quantty="5")]
    known = [(f"#/lines/{place}/quantity", code) for place, (_value, code) in enumerate(BAD)]
    known += [(f"#/lines/{len(BAD) + 1}", "not_object"), (f"#/lines/{len(BAD) + 2}/quantty", "unknown_field")]
    found = errors(ask(client, lines))
    assert set(known) <= set(found)
    assert {pointer for pointer, _code in found} <= {pointer for pointer, _code in known} | {
        f"#/lines/{len(BAD) + 1}/{name}" for name in ("source", "stage")
    }
    details = {one["detail"] for one in ask(client, lines, language="zh-hans").json()["errors"]}
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in detail) for detail in details)


@pytest.mark.parametrize(
    ("text", "kg"), [("１２０００", "1876.8000"), ("1,448.5", "226.5454"), (" 7 ", "1.0948"), ("0", "0.0000")]
)
def test_what_is_a_number_is_read_as_on_the_page(client, library, text, kg):
    assert ask(client, [power(text)]).json()["lines"][0]["kg"] == kg


@pytest.mark.parametrize("missing", [{"quantity": None}, {"quantity": ""}, {"quantity": "  "}, {}])
def test_missing_is_a_gap_and_never_zero(client, library, missing):
    line = {name: text for name, text in power(treatment="estimated").items() if name != "quantity"} | missing
    told = ask(client, [line]).json()
    assert told["lines"][0]["kg"] is None
    assert told["lines"][0]["quantity"] is None
    assert told["lines"][0]["gaps"] == ["quantity_missing"]
    assert told["totals"]["kg"] is None
    assert told["totals"]["by_scope"] == {"1": None, "2": None, "3": None}


def test_a_row_nobody_answered_keeps_its_place(client, library):
    told = ask(client, [{"source": "waste", "stage": "holding"}, power()]).json()
    assert [(line["pointer"], line["kg"]) for line in told["lines"]] == [
        ("#/lines/0", None),
        ("#/lines/1", "1876.8000"),
    ]


# --- bodies


@pytest.mark.parametrize(
    ("data", "code", "status"),
    [
        (b"", "media_type", 415),
        (b"{", "unreadable", 400),
        (b"\xff\xfe", "unreadable", 400),
        (b"[" * 200_000, "unreadable", 400),
        (b'{"lines": [], "lines": []}', "unreadable", 400),
        (b"[]", "invalid", 422),
        (b"null", "invalid", 422),
        (b'"\\ud800"', "invalid", 422),
        (b"1e999999", "invalid", 422),
    ],
)
def test_bodies_that_are_none(client, library, data, code, status):
    answer = ask(client, data=data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    Problem.model_validate(answer.json())


def test_limits_are_said(client, library, settings):
    assert client.post(ADDRESS, {"a": "b"}).status_code == 415
    big = ask(client, data=b" " * (shapes.LARGEST + 1))
    assert (big.status_code, big.json()["code"]) == (413, "too_large")
    assert shapes.LARGEST == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert errors(ask(client, [power()] * (calculation.MOST_LINES + 1))) == [("#/lines", "too_many_rows")]
    assert errors(ask(client, [])) == [("#/lines", "no_rows")]


def test_too_often_is_told_with_a_time_to_wait(client, library, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"calculate": "2/m/ip"}
    answers = [ask(client, [power()]) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert answers[2].json()["code"] == "too_often"


def test_nothing_is_stored(client, library):
    before = fingerprint()
    ask(client, [power()])
    ask(client, [power("NaN")])
    assert fingerprint() == before


def test_a_calculation_asks_the_database_the_same_for_one_line_and_a_hundred(client, library):
    counts = []
    for number in (1, 100):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert ask(client, [power(factor="default")] * number).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 25


def test_other_sites_may_ask(client, library):
    answer = client.options(
        ADDRESS, headers={"origin": "https://tickets.example", "access-control-request-method": "POST"}
    )
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert ask(client, [power()])["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"kind": "party"}, "#/activity/kind", "not_offered"),
        ({"region": "朝阳区"}, "#/activity/region", "region_ambiguous"),
        ({"region": "Atlantis"}, "#/activity/region", "region_unknown"),
        ({"starts_on": "18.05.2026"}, "#/activity/starts_on", "not_a_day"),
        ({"starts_on": "2026-02-30"}, "#/activity/starts_on", "not_a_day"),
        ({"ends_on": "2026-05-01"}, "#/activity/ends_on", "ends_before_start"),
        ({"ends_on": None}, "#/activity/ends_on", "missing"),
        ({"people": -1}, "#/activity/people", "not_whole"),
        ({"people": True}, "#/activity/people", "not_whole"),
        ({"stages": ["moon"]}, "#/activity/stages", "unknown_stage"),
        ({"rulebook": "none"}, "#/activity/rulebook", "not_offered"),
    ],
)
def test_activities_that_are_none(client, library, over, pointer, code):
    assert (pointer, code) in errors(ask(client, [power()], activity=ACTIVITY | over))


def test_every_title_and_sentence_is_there():
    assert set(shapes.UNREADABLE) == {"not_utf8", "not_json", "too_deep", "name_twice"}
    assert problems.TITLES["invalid"]
    assert strict.load(b'{"a": 1.0, "b": 12, "c": 1234567890123456}') == {
        "a": strict.Number("1.0"),
        "b": 12,
        "c": strict.Number("1234567890123456"),
    }


def test_a_reader_that_took_blank_for_nought_would_be_noticed(client, library, monkeypatch):
    """Control."""
    careless = {"quantity": "0"}
    monkeypatch.setattr(
        rules.lines.Reading,
        "number",
        lambda self, name, places: (
            Decimal(self.raw[name] or careless[name]) if self.raw[name] or name in careless else None
        ),
    )
    line = copy.deepcopy(power(treatment="estimated")) | {"quantity": None}
    with pytest.raises(AssertionError):
        assert ask(client, [line]).json()["lines"][0]["kg"] is None
