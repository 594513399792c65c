"""A venue without a meter: by the day, and by the hour where the standard says so; wide, and marked as typical."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import queries, rules, venues
from neutrality.inventory.rules import venue
from neutrality.inventory.tests.factories import load_library, make_draft


def test_offices_go_by_hours_and_hotels_by_days():
    office, hotel = venues.buildings()["office"], venues.buildings()["hotel"]
    # 1,000 m² × 85 × (0.3 × 2/365 + 0.7 × 20/2500) = 615.73 kWh, up
    assert venue.kwh(office, area_m2=D(1000), days=2, hours=D(20)) == 616
    assert venue.kwh(hotel, area_m2=D(1000), days=365, hours=None) == 100_000
    with pytest.raises(ValueError, match="hours"):
        venue.kwh(office, area_m2=D(1), days=1, hours=None)


def test_a_full_year_of_usual_hours_is_the_figure_itself():
    for building in venues.buildings().values():
        assert venue.kwh(building, area_m2=D(10), days=365, hours=building.hours) == 10 * building.kwh_m2_year


@pytest.mark.django_db
def test_the_page(cast):
    load_library()
    activity = make_activity(organization=cast.home, created_by=cast.organizer, floor_area_m2=D(1000))
    draft = make_draft(activity, "estimate")
    client, address = cast.client("organizer"), reverse("inventory:venue", args=[activity.code, "estimate"])
    page = client.get(address).content.decode()
    assert "GB/T 51161-2016" in page
    assert 'value="1000"' in page
    bad = client.post(address, {"building": "stadium", "area": "0", "days": "x", "hours": "1.448,5"})
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"building", "area", "days", "hours"})
    hours = client.post(address, {"building": "office", "area": "1,000", "days": "2"})
    assert list(hours.context["form"].errors) == ["hours"]
    many = client.post(address, {"building": "office", "area": "1,000", "days": "2", "hours": "49"})
    assert list(many.context["form"].errors) == ["hours"]
    for area in ("500", "1,000"):  # a second estimate replaces the first
        good = {"building": "office", "area": area, "days": "2", "hours": "20"}
        assert client.post(address, good).url.endswith("/inventory/estimate/edit/")
    (line,) = [line for line in queries.sheet(draft).lines if line.source == "electricity"]
    assert (line.quantity, line.tier, line.spread_percent) == (D(616), rules.Tier.DEFAULT, D(70))
    assert line.factor.code == "mee.grid.cn_51.2023.kwh"
