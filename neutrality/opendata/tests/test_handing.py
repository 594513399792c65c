"""What programs do with a key: all or nothing, twice is once, the person's own power and no more, told to the trail."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import keyring
from accounts.models import AccessKey, Membership
from accounts.rules import Role, Scope
from accounts.tests.factories import make_key, make_member
from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries, rules, sheets
from neutrality.inventory.models import Inventory
from neutrality.inventory.tests.factories import make_draft, make_evidence, make_lines
from neutrality.opendata import answers, drafts, shapes
from neutrality.opendata.tests.programs import OWN, Program, place, stored
from neutrality.trail.models import Entry
from portal.tests.test_doors import fingerprint

pytestmark = pytest.mark.django_db
GRID = "mee.grid.cn_51.2023.kwh"


def put(program, draft, lines, *, state=None, **over):
    body = {"lines": lines} | over
    condition = {"if-match": state or drafts.etag(Inventory.objects.get(pk=draft.pk))}
    return program.send("put", place(draft, "/lines"), body, **condition)


def power(quantity="12000", **over):
    base = {"source": "electricity", "stage": "holding", "treatment": "measured", "unit": "kWh", "factor": GRID}
    return base | {"quantity": quantity} | over


# --- reading


def test_the_organizations_activities_and_nobody_elses(program, draft, period, cast):
    make_activity(organization=cast.elsewhere)
    answer = program.get(OWN)
    answers.OwnActivities.model_validate(answer.json())
    rows = {row["code"]: row for row in answer.json()["rows"]}
    assert set(rows) == {draft.activity.code, period.code}
    assert rows[draft.activity.code]["inventories"][0]["state"] == "draft"
    assert rows[period.code]["months"] == [f"2026-0{month}" for month in range(1, 7)]
    first = program.get(OWN + "?limit=1").json()
    second = program.get(f"{OWN}?limit=1&after={first['next']}").json()
    assert [first["rows"][0]["code"], second["rows"][0]["code"], second["next"]] == [*rows, None]


def test_a_list_of_activities_costs_the_same_for_one_and_five(program, draft, cast):
    counts = []
    for more in (0, 4):
        for _ in range(more):
            make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "estimate")
        with CaptureQueriesContext(connection) as seen:
            program.get(OWN)
        counts.append(len(seen))
    assert counts[1] <= counts[0] <= 20


def test_what_is_read_and_sent_back_changes_nothing(program, activity, cast):
    digest = make_evidence(activity, cast.organizer)
    draft = make_draft(activity, "actual", lines=make_lines(activity, kg="1234567.123456", evidence_digest=digest))
    before = (stored(draft), draft.edition)
    read = program.get(place(draft))
    answers.Draft.model_validate(read.json())
    sent = put(program, draft, read.json()["lines"], state=read["ETag"])
    answers.Replaced.model_validate(sent.json())
    assert (sent.status_code, sent.json()["changed"], sent["ETag"]) == (200, False, read["ETag"])
    draft.refresh_from_db()
    assert (stored(draft), draft.edition) == before


def test_every_column_of_the_workbook_goes_both_ways(program, draft):
    """A column that only one way knows would be lost by reading a draft and sending it back."""
    assert set(shapes.LINE_FIELDS) == {"key", *rules.FIELDS} == set(sheets.COLUMNS)
    assert set(shapes.AMOUNTS) == set(sheets.NUMBERS)
    own = {"own_value": "2", "own_unit": "kg", "own_source": "maker", "own_gwp": "AR5", "description": "chairs"}
    reused = {"uses": "4", "reused_percent": "50", "uses_basis": "rental contract", "tier": "proxy"}
    chairs = {"source": "goods", "stage": "holding", "treatment": "estimated", "quantity": "10", "unit": "kg"}
    first = put(program, draft, [chairs | own | reused])
    assert [line["kg"] for line in first.json()["result"]["lines"]] == ["12.5000"], first.content
    rows = first.json()["lines"]
    answers.Row.model_validate(rows[0])
    assert set(rows[0]) == set(shapes.LINE_FIELDS)
    assert {name: rows[0][name] for name in reused} == reused
    again = put(program, draft, rows)
    assert (again.status_code, again.json()["changed"]) == (200, False)


def test_the_figures_of_a_draft_are_those_of_its_page(program, draft, cast):
    put(program, draft, [power("12000"), power("0.333333", description="stand")])
    told = program.get(place(draft)).json()["result"]
    sheet = queries.sheet(Inventory.objects.get(pk=draft.pk))
    assert [line["kg"] for line in told["lines"]] == [f"{result.kg:f}" for result in sheet.results]
    assert told["totals"]["kg"] == f"{sheet.total_kg:f}"


# --- replacing the lines


def test_all_rows_are_replaced_and_the_trail_says_through_what(program, draft, cast):
    answer = put(program, draft, [power(), power("5", description="stand")])
    assert (answer.status_code, answer.json()["changed"]) == (200, True)
    assert [row[:2] for row in stored(draft)] == [("electricity", Decimal("12000")), ("electricity", Decimal(5))]
    entry = Entry.objects.filter(verb="inventory.save").last()
    assert entry.by == cast.organizer.public_id
    assert entry.content["through"] == f"key:{AccessKey.objects.get().public_id}"
    assert put(program, draft, [power("7")]).status_code == 200
    assert [row[1] for row in stored(draft)] == [Decimal(7)]


def test_a_person_in_a_browser_acts_through_nothing(activity, cast):
    """Control: the mark is the program's alone."""
    make_draft(activity, "actual", lines=[])
    assert "through" not in Entry.objects.filter(verb="inventory.save").last().content


def test_one_bad_row_stores_none(program, draft):
    put(program, draft, [power()])
    before = (stored(draft), fingerprint())
    bad = [power("1"), power("1.448,5"), power("2", unit="meal"), power(3), power("4", quantty="4"), "row"]
    answer = put(program, draft, bad)
    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers >= {"#/lines/1/quantity", "#/lines/2/unit", "#/lines/3/quantity", "#/lines/4/quantty", "#/lines/5"}
    assert (stored(draft), fingerprint()) == before


def test_half_a_batch_would_be_noticed(program, draft, monkeypatch):
    """Control: a verb that breaks in the middle of writing leaves the old rows."""
    put(program, draft, [power()])
    before = stored(draft)

    def broken(*arguments, **keywords):
        raise RuntimeError("power cut")

    program.client.raise_request_exception = False
    monkeypatch.setattr("neutrality.inventory.operations.filing.trail.record", broken)
    assert put(program, draft, [power("9")]).status_code == 500
    assert stored(draft) == before


def test_missing_stays_missing(program, draft):
    answer = put(program, draft, [power(None), power("", description="b"), power(" ", description="c")])
    assert answer.status_code == 200
    assert [row[1] for row in stored(draft)] == [None] * 3
    assert [line["kg"] for line in answer.json()["result"]["lines"]] == [None] * 3
    assert answer.json()["result"]["totals"]["kg"] is None


def test_a_stale_state_is_told_what_to_do(program, draft, cast):
    old = drafts.etag(draft)
    put(program, draft, [power()])
    answer = put(program, draft, [power("9")], state=old)
    assert (answer.status_code, answer.json()["code"]) == (412, "changed")
    assert "Read the draft again" in answer.json()["detail"]
    assert answer["ETag"] == drafts.etag(Inventory.objects.get(pk=draft.pk)) != old
    assert [row[1] for row in stored(draft)] == [Decimal(12000)]
    assert put(program, draft, [power("9")], state=answer["ETag"]).status_code == 200


def test_without_a_condition_nothing_is_replaced(program, draft):
    answer = program.send("put", place(draft, "/lines"), {"lines": [power()]})
    assert (answer.status_code, answer.json()["code"]) == (428, "no_if_match")
    assert stored(draft) == []


def test_a_save_between_reading_and_writing_is_412(program, draft, monkeypatch):
    def meanwhile(**_):
        raise operations.Stale

    monkeypatch.setattr("neutrality.opendata.drafts.operations.save_draft", meanwhile)
    assert put(program, draft, [power()]).status_code == 412


def test_twice_is_once_even_with_the_old_state(program, draft):
    """A program whose connection broke sends the same again: no change, no second save."""
    old = drafts.etag(draft)
    first = put(program, draft, [power(), power("5", description="stand")], state=old)
    edition, rows = Inventory.objects.get(pk=draft.pk).edition, stored(draft)
    again = put(program, draft, [power("12,000.0"), power("5", description="stand")], state=old)
    assert (first.json()["changed"], again.json()["changed"]) == (True, False)
    assert again["ETag"] == first["ETag"]
    assert (Inventory.objects.get(pk=draft.pk).edition, stored(draft)) == (edition, rows)
    assert Entry.objects.filter(verb="inventory.save").count() == 1


def test_a_line_keeps_its_identity_when_its_figure_changes(program, draft):
    put(program, draft, [power("1"), power("2"), power("3", description="stand")])
    keys = [row[2] for row in stored(draft)]
    put(program, draft, [power("10"), power("20"), power("30", description="stand")])
    assert [row[2] for row in stored(draft)] == keys
    assert len(set(keys)) == 3
    mine = str(uuid4())
    put(program, draft, [power("1", key=mine)])
    assert [row[2] for row in stored(draft)] == [mine]


def test_a_draft_is_opened_only_when_asked_for(program, activity):
    address = f"{OWN}/{activity.code}/inventories/estimate"
    body = {"lines": [power(treatment="estimated", factor="default")]}
    assert program.get(address).status_code == 404
    assert program.send("put", address + "/lines", body, **{"if-match": '"v1-0"'}).status_code == 404
    assert not Inventory.objects.exists()
    made = program.send("put", address + "/lines", body, **{"if-none-match": "*"})
    assert (made.status_code, made.json()["changed"]) == (200, True)
    other = {"lines": [power("1", treatment="estimated")]}
    assert program.send("put", address + "/lines", other, **{"if-none-match": "*"}).status_code == 412
    bad = program.send(
        "put", f"{OWN}/{activity.code}/inventories/actual/lines", {"lines": ["x"]}, **{"if-none-match": "*"}
    )
    assert bad.status_code == 422
    assert Inventory.objects.count() == 1  # no draft is left behind by rows that could not be used


def test_what_was_submitted_is_not_touched(program, activity, cast):
    digest = make_evidence(activity, cast.organizer)
    draft = make_draft(activity, "actual", lines=make_lines(activity, evidence_digest=digest))
    operations.submit(inventory=draft, by=cast.organizer, at=timezone.now())
    program.get(OWN)  # the key's last use is noted
    before = fingerprint()
    for condition in ({"if-match": '"v1-1"'}, {"if-none-match": "*"}):
        answer = program.send("put", place(draft, "/lines"), {"lines": [power()]}, **condition)
        assert answer.status_code in (404, 409)
    assert before == fingerprint()


# --- whose key


def addresses(activity):
    one = f"{OWN}/{activity.code}"
    return [
        ("get", OWN),
        ("get", f"{one}/inventories/actual"),
        ("put", f"{one}/inventories/actual/lines"),
        ("post", f"{one}/months"),
        ("post", f"{one}/evidence"),
        ("post", f"{one}/inventories/actual/lists"),
        ("get", f"{one}/inventories/actual/lists/{uuid4()}"),
    ]


def status_of(program, verb, address):
    if verb == "get":
        return program.get(address).status_code
    return program.send(verb, address, {}, **{"if-match": '"v1-0"'}).status_code


def test_without_a_good_key_every_address_is_closed(client, draft, cast):
    revoked, secret = make_key(cast.organizer, cast.home)
    keyring.revoke(key=revoked, by=cast.organizer, at=timezone.now())
    expired, old = make_key(cast.organizer, cast.home, at=timezone.now() - timedelta(days=31))
    assert expired.expires_at < timezone.now()
    for wrong in (secret, old, "qz_invented", ""):
        for verb, address in addresses(draft.activity):
            answer = Program(client, wrong)
            assert status_of(answer, verb, address) == 401, (verb, address)
    answer = client.get(OWN)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert cast.client("organizer").get(OWN).status_code == 401  # a session is no key


def test_another_organizations_things_are_absent(client, draft, cast):
    """Also to somebody who is a member of both: a key is for one organization."""
    make_member(cast.organizer, cast.elsewhere, Role.OWNER)
    for person, organization in ((cast.stranger, cast.elsewhere), (cast.organizer, cast.elsewhere)):
        program = Program(client, make_key(person, organization)[1])
        assert program.get(OWN).json()["rows"] == []
        for verb, address in addresses(draft.activity)[1:]:
            assert status_of(program, verb, address) == 404, (verb, address)


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_opens_its_addresses_and_no_other(client, draft, cast, scope):
    program = Program(client, make_key(cast.organizer, cast.home, scopes=[scope])[1])
    opens = {
        Scope.READ: {0, 1, 6},
        Scope.WRITE: {0, 1, 2, 4, 5, 6},
        Scope.DEPOSIT: {0, 3, 4},
    }[scope]
    for number, (verb, address) in enumerate(addresses(draft.activity)):
        assert (status_of(program, verb, address) != 403) == (number in opens), (scope, verb, address)


def test_a_key_is_worth_what_its_person_may_do_now(client, draft, cast):
    program = Program(client, make_key(cast.organizer, cast.home)[1])
    assert program.get(OWN).status_code == 200
    Membership.objects.filter(user=cast.organizer, organization=cast.home).update(role=Role.VIEWER)
    for verb, address in addresses(draft.activity):
        assert status_of(program, verb, address) == 403
    cast.organizer.is_active = False
    cast.organizer.save()
    assert program.get(OWN).status_code == 401


def test_too_often_with_one_key(program, draft, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"use_key": "1/m/key"}
    assert put(program, draft, [power()]).status_code == 200
    assert put(program, draft, [power("2")]).status_code == 429
    assert program.get(OWN).status_code == 429  # reading counts as well


def test_reading_too_often_with_one_key(program, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"use_key": "2/m/key"}
    assert [program.get(OWN).status_code for _time in range(3)] == [200, 200, 429]
