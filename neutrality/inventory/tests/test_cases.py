"""Published cases through the engine and through the operations."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.activities.tests.factories import make_rulebook
from neutrality.inventory import queries
from neutrality.inventory.management.commands import conformance
from neutrality.inventory.models import Inventory
from neutrality.inventory.operations import cases
from neutrality.inventory.tests.factories import AT, load_library
from neutrality.trail.models import Entry

PUBLISHED = [
    ("chengdu-conference", "63.1143031"),
    ("egu-2019", "22302.1"),
    ("egu-2019-rail", "19750.2"),
    ("tesa-1-2019", "0.000"),
    ("tesa-2-2019", "12.697"),
    ("tesa-3-2019", "23.496"),
    ("tesa-4-2019", "18.194"),
    ("tesa-5-2019", "18.807"),
    ("wuhan-marathon-2023 estimate", "1000"),
    ("wuhan-marathon-2023 actual", "1448.5"),
    ("tesa-2019 together", "73.194"),
]


def test_every_published_total_comes_out():
    assert [(name, str(ours)) for name, _, ours in conformance.results()] == PUBLISHED


def test_the_command_ends_quietly(capsys):
    call_command("conformance")
    assert "22302.1" in capsys.readouterr().out


def test_a_wrong_figure_ends_with_one(monkeypatch):
    """The control: were a published total different by its last digit, the command would say so."""
    real = cases.Case.published.fget
    monkeypatch.setattr(
        cases.Case,
        "published",
        property(lambda case: {"actual": "22302.2"} if case.code == "egu-2019" else real(case)),
    )
    with pytest.raises(SystemExit):
        call_command("conformance")


@pytest.mark.django_db
def test_cases_load_through_the_operations_twice_as_once():
    load_library()
    make_rulebook("cn-events-2019")
    user, organization = make_user(), make_organization()
    make_member(user, organization)
    for _ in range(2):
        for case in cases.cases():
            if not case.scenario:
                cases.load_case(case=case, organization=organization, by=user, at=AT)
    found = queries.reference()
    totals = {(item.activity.name_en, item.kind): cases.as_printed(item.total_kg, "0.001") for item in found}
    assert totals[("EGU General Assembly 2019", "actual")] == Decimal("22302.061")
    assert totals[("Wuhan Marathon 2023", "estimate")] == Decimal(1000)
    assert totals[("TESA 2019: Geostatistics", "actual")] == Decimal("12.697")
    assert [item.partial for item in found if "TESA" in item.activity.name_en] == [True] * 5
    assert Inventory.objects.count() == len(found) == 9
    assert Entry.objects.filter(verb="inventory.submit").count() == 9


@pytest.mark.django_db
def test_what_the_source_says_was_cancelled_stands_beside_and_counts_for_nothing(client):
    load_library()
    make_rulebook("cn-events-2019")
    user, organization = make_user(), make_organization()
    make_member(user, organization)
    for case in cases.cases():
        if case.code == "wuhan-marathon-2023":
            cases.load_case(case=case, organization=organization, by=user, at=AT)
    shown = client.get("/cases/", headers={"accept-language": "en"}).content.decode()
    assert "Estimate before the activity 1,000.000 t (voluntary reductions given by Wuhan Iron and Steel" in shown
    assert "Actual figures after the activity 1,448.500 t (donated units, voluntarily cancelled)" in shown
