"""Operating periods: the year is built from its months, and what is missing stays visible."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries, rules
from neutrality.inventory.models import Deposit
from neutrality.inventory.tests.factories import load_library
from neutrality.trail.models import Entry

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
YEAR = tuple(date(2025, month, 1) for month in range(1, 13))


def reading(month, quantity="100", label="main", unit="kWh"):
    return rules.Reading("electricity", label, unit, date(2025, month, 1), D(quantity))


def test_a_complete_year_has_no_estimate():
    (found,) = rules.series([reading(month, str(month)) for month in range(1, 13)], YEAR)
    assert (found.complete, found.measured, found.estimated) == (True, D(78), None)


def test_missing_months_count_as_the_mean_of_the_others():
    (found,) = rules.series([reading(month) for month in range(1, 11)], YEAR)
    assert (found.missing, found.measured, found.estimated) == (YEAR[10:], D(1000), D(200))


def test_under_half_a_year_nothing_is_estimated():
    (found,) = rules.series([reading(month) for month in range(1, 6)], YEAR)
    assert (len(found.missing), found.estimated) == (7, None)


def test_a_later_deposit_replaces_and_months_outside_do_not_count():
    outside = rules.Reading("electricity", "main", "kWh", date(2024, 12, 1), D(9))
    found = rules.series([reading(1, "100"), reading(1, "110"), reading(2, "5", "annex"), outside], YEAR)
    assert [(each.label, each.measured) for each in found] == [("annex", D(5)), ("main", D(110))]


@pytest.fixture
def period(cast):
    load_library()
    return make_activity(
        kind="hotel",
        organization=cast.home,
        created_by=cast.organizer,
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )


def put(period, month=1, quantity="100", at=AT, **over):
    values = {"source": "electricity", "label": "main", "unit": "kWh", "evidence": None} | over
    return operations.deposit(
        activity=period, month=date(2025, month, 1), quantity=D(quantity), by=period.created_by, at=at, **values
    )


@pytest.mark.django_db
def test_a_deposit_is_kept_once_and_logged(period):
    assert put(period) == put(period)
    assert put(period, quantity="101") != put(period)
    assert Deposit.objects.count() == 3  # 100, then 101, then 100 again: each stays to be read
    assert Entry.objects.filter(verb="inventory.deposit").count() == 3
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_deposit SET quantity = 0")


@pytest.mark.django_db
def test_what_is_refused(period):
    put(period)
    with pytest.raises(operations.UnitChanged):
        put(period, 2, unit="MWh")
    with pytest.raises(operations.NotAMonth):
        operations.deposit(
            activity=period, month=date(2024, 1, 1), source="electricity", label="x", quantity=D(1), unit="kWh",
            evidence=None, by=period.created_by, at=AT,
        )  # fmt: skip
    last_evening = datetime(2025, 3, 31, 15, tzinfo=UTC)  # 23:00 in Shanghai, the month is not over
    with pytest.raises(operations.MonthNotOver):
        put(period, 3, at=last_evening)


@pytest.mark.django_db
def test_the_year_is_built_from_its_months(period):
    for month in range(1, 11):
        put(period, month, "1000")
    put(period, 1, "12", source="heat", label="steam", unit="GJ")
    draft = operations.take_months(activity=period, by=period.created_by, at=AT)
    sheet = queries.sheet(draft)
    power = {line.treatment: line for line in sheet.lines if line.source == "electricity"}
    assert power[rules.Treatment.MEASURED].quantity == 10_000
    assert (power[rules.Treatment.ESTIMATED].quantity, power[rules.Treatment.ESTIMATED].tier) == (
        2000,
        rules.Tier.PROXY,
    )
    assert power[rules.Treatment.MEASURED].factor.code == "mee.grid.cn_51.2023.kwh"
    assert sheet.by_source["electricity"] == D("1876.8000")
    assert ("quantity_missing", "heat") in {(gap.code, gap.source) for gap in sheet.gaps}
    put(period, 11, "1000")
    again = operations.take_months(activity=period, by=period.created_by, at=AT)
    assert again == draft
    assert [line.quantity for line in queries.sheet(again).lines if line.source == "electricity"] == [11_000, 1000]


@pytest.mark.django_db
def test_the_page(cast, period):
    client, address = cast.client("organizer"), reverse("inventory:months", args=[period.code])
    good = {"month": "2025-01-01", "source": "electricity", "label": " 主楼 ", "quantity": "1,200.5", "unit": "度"}
    bill = SimpleUploadedFile("bill.csv", b"kwh\n1200.5\n")
    assert client.post(address, good | {"file": bill}).url == address
    text = client.get(address).content.decode()
    assert [words for words in ("主楼", "1,200.5", "12 个月中已有 1 个月", "附账单") if words not in text] == []
    bad = client.post(address, good | {"quantity": "about 5", "unit": "furlong", "month": "2024-01-01", "label": ""})
    assert (bad.status_code, len(bad.context["form"].errors)) == (422, 4)
    assert "about 5" in bad.content.decode()
    assert client.post(reverse("inventory:take_months", args=[period.code])).url.endswith("/inventory/actual/edit/")


@pytest.mark.django_db
def test_an_event_has_no_months(cast):
    event = make_activity(organization=cast.home, created_by=cast.organizer)
    assert cast.client("organizer").get(reverse("inventory:months", args=[event.code])).status_code == 404
