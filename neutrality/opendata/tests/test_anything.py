"""Whatever a program sends: a sentence or a figure, never a broken page, nothing by halves, missing never zero."""

import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import make_key
from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import rules
from neutrality.inventory.models import Inventory, Line
from neutrality.inventory.tests.factories import make_draft
from neutrality.inventory.tests.test_bad_input import ODD, nought
from neutrality.opendata import drafts
from neutrality.opendata.tests.test_calculate import ACTIVITY, ADDRESS, GRID
from neutrality.quantities import NotANumber, read_decimal

pytestmark = pytest.mark.django_db
RAW = ["NaN", "Infinity", "-Infinity", "1e400", "0.1", "-3", "12", "9" * 30, "true", "null", "[]", "{}", '{"a": [1]}']
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
WRITTEN = st.one_of(
    st.sampled_from(RAW),
    st.sampled_from([*ODD, "1,448.5", "１２", "５．５"]).map(json.dumps),
    st.text(max_size=10).map(json.dumps),
    st.decimals(0, 10**6, places=3).map(lambda value: json.dumps(str(value))),
    ANY.map(json.dumps),
    st.just(""),  # the field is left out
)
QUICK = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def line(written, treatment="estimated"):
    """The JSON of a line whose quantity is written so; "" leaves it out."""
    base = {"source": "electricity", "stage": "holding", "treatment": treatment, "unit": "kWh", "factor": GRID}
    text = json.dumps(base)
    return text[:-1] + (f', "quantity": {written}}}' if written else "}")


def sent(written):
    """The text a program wrote as the quantity; None where there is none, or no text."""
    value = json.loads(written) if written else None
    return value if isinstance(value, str) and value.strip() else None


def answered(answer):
    """The lines of a result, or None with problem details that name every place."""
    assert answer.status_code in (200, 400, 422), answer.content[:300]
    told = answer.json()
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"
        assert told["detail"]
        return None
    return told["lines"] if "lines" in told and "pointer" in told["lines"][0] else told["result"]["lines"]


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.ACCOUNT_RATE_LIMITS = {}


@settings(max_examples=80, **QUICK)
@given(st.lists(WRITTEN, min_size=1, max_size=5))
def test_a_calculation_keeps_what_is_missing(client, library, written):
    head = json.dumps(ACTIVITY)
    body = f'{{"activity": {head}, "lines": [{", ".join(line(each) for each in written)}]}}'
    lines = answered(client.post(ADDRESS, body, content_type="application/json"))
    if lines is None:
        bad = [each for each in written if each and json.loads(each) is not None and not good(each)]
        assert bad != []
        return
    for each, told in zip(written, lines, strict=True):
        text = sent(each)
        if text is None:
            assert told["kg"] is None
            assert told["quantity"] is None
        else:
            assert Decimal(told["quantity"]) == read_decimal(text)
            assert Decimal(told["quantity"]) != 0 or nought(text)
    if all(told["kg"] is None for told in lines):
        assert json.loads(client.post(ADDRESS, body, content_type="application/json").content)["totals"]["kg"] is None


def good(written):
    """Whether a quantity written so is one, or none."""
    value = json.loads(written)
    if not isinstance(value, str):
        return False
    try:
        read_decimal(value)
    except NotANumber as wrong:
        return wrong.code == "blank"
    return True


@settings(max_examples=40, **QUICK)
@given(st.lists(WRITTEN, min_size=1, max_size=4))
def test_a_draft_holds_all_of_a_request_or_what_it_held(client, cast, library, written):
    draft = Inventory.objects.filter(state="draft").first() or make_draft(
        make_activity(organization=cast.home, created_by=cast.organizer), "actual"
    )
    secret = getattr(cast.organizer, "secret", None) or make_key(cast.organizer, cast.home)[1]
    object.__setattr__(cast.organizer, "secret", secret)
    before = list(Line.objects.filter(inventory=draft).order_by("position").values_list("key", "quantity"))
    answer = client.put(
        f"/api/v1/own/activities/{draft.activity.code}/inventories/actual/lines",
        f'{{"lines": [{", ".join(line(each, "measured") for each in written)}]}}',
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}", "if-match": drafts.etag(draft)},
    )
    lines = answered(answer)
    after = list(Line.objects.filter(inventory=draft).order_by("position").values_list("key", "quantity"))
    if lines is None:
        assert after == before
        return
    assert len(after) == len(written)
    for each, (_key, quantity) in zip(written, after, strict=True):
        assert (quantity is None) == (sent(each) is None)
        assert quantity != 0 or nought(sent(each))


@settings(max_examples=80, **QUICK)
@given(st.one_of(ANY.map(json.dumps), st.binary(max_size=60), st.text(max_size=60)))
def test_any_body_is_answered(client, library, body):
    answer = client.generic("POST", ADDRESS, body, content_type="application/json")
    wanted = (400, 422) if body else (415,)  # without a body there is no content type
    assert answer.status_code in wanted
    assert answer.json()["code"] in ("unreadable", "invalid", "media_type")


@settings(max_examples=60, **QUICK)
@given(st.dictionaries(st.sampled_from([*ACTIVITY, "place"]), ANY, min_size=1, max_size=3))
def test_any_activity_is_answered(client, library, over):
    body = json.dumps({"activity": ACTIVITY | over, "lines": [json.loads(line('"5"'))]})
    assert client.post(ADDRESS, body, content_type="application/json").status_code in (200, 422)


def test_a_reader_that_took_anything_for_nought_would_be_noticed(client, library, monkeypatch):
    """Control."""
    read = rules.lines.Reading.number

    def nothing_is_nought(self, name, places):
        return Decimal(0) if name == "quantity" else read(self, name, places)

    monkeypatch.setattr(rules.lines.Reading, "number", nothing_is_nought)
    lines = answered(
        client.post(
            ADDRESS, f'{{"activity": {json.dumps(ACTIVITY)}, "lines": [{line("")}]}}', content_type="application/json"
        )
    )
    assert lines[0]["kg"] == "0.0000"
