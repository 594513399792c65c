"""Two tabs, two people: what somebody else wrote meanwhile is never lost in silence."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import AT, make_activity
from neutrality.rulebook.tests.factories import load_rulebook
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return make_activity(organization=cast.home)


def page(name, activity, *more):
    return reverse(f"activities:{name}", args=(activity.code, *more))


def sent(client, url, **typed):
    """What a browser sends: the twins as shown, and what was typed over them."""
    form = client.get(url).context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        text = value if isinstance(value, list) else bound.field.hidden_widget().format_value(value) or ""
        data[bound.html_initial_name] = data[bound.html_name] = text
    return data | typed


def test_two_tabs_lose_nothing(cast, draft):
    client, url = cast.client("organizer"), page("edit", draft, "place")
    first, second = sent(client, url, place_name="新馆"), sent(client, url, summary="另一段文字")
    assert client.post(url, first).status_code == 302
    assert client.post(url, second).status_code == 302
    draft.refresh_from_db()
    assert (draft.place_name, draft.summary) == ("新馆", "另一段文字")


def test_two_people_at_one_field_are_told(cast, draft):
    client, url = cast.client("organizer"), page("edit", draft, "place")
    first, second = sent(client, url, place_name="新馆"), sent(client, url, place_name="旧馆")
    client.post(url, first)
    response = client.post(url, second)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["place_name"])
    draft.refresh_from_db()
    assert draft.place_name == "新馆"
    again = second | {"initial-place_name": "新馆"}
    assert f'name="initial-place_name" value="{again["initial-place_name"]}"' in response.text
    assert client.post(url, again).status_code == 302
    draft.refresh_from_db()
    assert draft.place_name == "旧馆"


@pytest.mark.parametrize("section", ["what", "place", "boundary", "promise"])
@pytest.mark.parametrize("kind", ["meeting", "hotel"])
def test_a_section_sent_back_as_shown_changes_nothing(cast, section, kind):
    load_rulebook(AT)
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "promised_on": date(2027, 3, 1)}
    activity = make_activity(organization=cast.home, kind=kind, floor_area_m2=Decimal("12.50"), **days)
    client, url = cast.client("organizer"), page("edit", activity, section)
    before = Activity.objects.filter(pk=activity.pk).values().get()
    assert client.post(url, sent(client, url)).status_code == 302
    assert Activity.objects.filter(pk=activity.pk).values().get() == before
    assert not Entry.objects.filter(verb="activity.edit").exists()
