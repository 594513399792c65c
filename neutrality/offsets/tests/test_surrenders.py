"""Units used for clearing, for an organization or for the public benefit have one purpose and no claim (R3.5)."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.tests.factories import make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger.operations import NotHeld
from neutrality.offsets import operations, queries, recheck
from neutrality.offsets.models import Surrender
from neutrality.offsets.operations.holdings import TooFew
from neutrality.offsets.operations.surrendering import LegacyNotCleared
from neutrality.offsets.tests.factories import AT, make_block, make_void
from neutrality.offsets.tests.test_one_use import assert_sound

pytestmark = pytest.mark.django_db
USE = {"purpose": "compliance", "beneficiary": "某某电厂", "period": "2025 履约年度"}


def surrender(block, owner, units=40, **over):
    facts = USE | {"key": f"s-{units}", "by": make_user(), "at": AT}
    return operations.surrender(block=block, owner=owner, quantity=units, **(facts | over))


@pytest.mark.parametrize("purpose", ["compliance", "organisation", "public_benefit"])
def test_what_is_used_up_supports_no_claim_and_never_comes_back(purpose):
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    row = surrender(block, activity.organization, purpose=purpose)
    assert queries.disposable(activity.organization, block) == 60
    assert queries.checked_units(activity) == 0
    with pytest.raises(NotHeld):
        operations.retire(activity=activity, block=block, quantity=61, key="k", by=make_user(), at=AT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE offsets_surrender SET purpose = 'public_benefit', quantity = 1")
    assert [(row.state, row.units) for row in queries.lying(block)] == [("surrendered", 40), ("held", 60)]
    assert queries.surrendered(row) == [(block.serial_of(block.first, block.first + 39), 40)]
    assert_sound(block)
    assert list(recheck.findings()) == []


def test_the_same_key_is_one_act_and_no_more_is_used_than_held():
    block = make_block(quantity=50)
    one = surrender(block, block.owner)
    assert surrender(block, block.owner) == one
    with pytest.raises(TooFew):
        surrender(block, block.owner, 11)
    assert Surrender.objects.count() == 1


def test_old_ccer_no_longer_clears_and_may_serve_other_purposes():
    block = make_block(quantity=50, kind="ccer-legacy")
    with pytest.raises(LegacyNotCleared):
        surrender(block, block.owner)
    surrender(block, block.owner, purpose="organisation")
    surrender(block, block.owner, 5, at=datetime(2024, 12, 31, 12, tzinfo=UTC))


def test_what_is_found_void_is_said_on_its_page(client):
    block = make_block(quantity=50)
    row = surrender(block, block.owner)
    make_void(block, 10)
    shown = client.get(reverse("offsets:surrendered", kwargs={"number": row.number}))
    assert (shown.context["void"], [units for _serial, units in shown.context["runs"]]) == (10, [30])
    assert "10 吨已被认定无效" in shown.content.decode()


def test_through_the_pages_with_bad_input_a_look_ahead_and_a_double_click(cast, client):
    block = make_block(cast.home, 100)
    address = reverse("offsets:surrender", kwargs={"code": cast.home.code, "block": block.code})
    organizer = cast.client("organizer")
    bad = organizer.post(address, {"key": "k", "quantity": "-1"})
    assert bad.status_code == 422
    assert set(bad.context["form"].errors) == {"purpose", "beneficiary", "period", "quantity"}
    form = USE | {"key": "k", "quantity": "40"}
    assert organizer.post(address, form).context["preview"]
    assert Surrender.objects.count() == 0
    sure = form | {"sure": "yes"}
    for asked in (form, sure):  # what will not happen is not shown as what will happen
        more = organizer.post(address, asked | {"quantity": "101"})
        assert (more.status_code, more.context["preview"], set(more.context["form"].errors)) == (
            422,
            False,
            {"quantity"},
        )
    page = organizer.post(address, sure)
    assert organizer.post(address, sure).url == page.url
    assert queries.disposable(cast.home, block) == 60
    assert "某某电厂" in client.get(page.url).content.decode()
    book = client.get(reverse("offsets:block", kwargs={"code": block.code})).content.decode()
    assert page.url in book
    assert page.url in organizer.get(reverse("offsets:holdings", kwargs={"code": cast.home.code})).content.decode()
