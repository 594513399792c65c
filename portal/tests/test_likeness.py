"""Like activities beside an inventory: only what others published, and only when they are five or more."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from accounts.tests.factories import make_organization
from neutrality.disclosure import operations as disclosure
from neutrality.disclosure.tests.factories import AFTER, make_accounted, make_statement
from neutrality.inventory.tests.factories import load_library
from portal import likeness

pytestmark = pytest.mark.django_db


def row(inventory):
    (found,) = [row for row in likeness.of(inventory)["rows"] if row["code"] == "head"]
    return found


def test_quartiles_of_five_other_organizations_and_not_of_four(cast, django_assert_max_num_queries):
    mine = make_accounted(organization=cast.home, created_by=cast.organizer, actual_people=100)
    statements = [make_statement(actual_people=people) for people in (1, 10, 50)]
    twice = make_organization()
    statements += [make_statement(organization=twice, actual_people=people) for people in (200, 400)]
    make_statement(organization=cast.home, created_by=cast.organizer, actual_people=3)  # my own does not count
    make_accounted(actual_people=7)  # not published
    make_statement(kind="forum", actual_people=5)  # another kind
    assert (row(mine)["value"], row(mine)["organizations"], row(mine)["quartiles"]) == (D("1031.5"), 4, None)
    text = page(cast, mine)
    assert "不足 5 个" in text
    assert "10,315.0" not in text
    last = make_statement(actual_people=20)
    assert row(mine)["organizations"] == 5
    with django_assert_max_num_queries(5):
        quartiles = row(mine)["quartiles"]
    assert quartiles[1] == D("5157.5")  # of 1, 10, 20, 50 and the newer of 200 and 400
    assert "5,157.5" in page(cast, mine)
    disclosure.withdraw(statement=last, reason="x", by=last.activity.created_by, at=AFTER)
    assert row(mine)["quartiles"] is None


def page(cast, inventory):
    load_library()
    address = reverse("inventory:show", args=[inventory.activity.code, inventory.kind])
    return cast.client("organizer").get(address).content.decode()


def test_an_estimate_is_divided_by_the_people_expected(cast):
    from_plan = make_accounted(organization=cast.home, created_by=cast.organizer, actual_people=1000)
    estimate = from_plan.activity.inventories.get(kind="estimate")
    assert row(estimate)["value"] == D("300.0")
