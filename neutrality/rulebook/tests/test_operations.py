from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from neutrality import periods
from neutrality.appendonly import ChangeForbidden
from neutrality.rulebook import operations, queries, seeding
from neutrality.rulebook.models import Holiday, Region, Rulebook
from neutrality.rulebook.tests.factories import load_rulebook
from neutrality.trail.models import Entry

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded():
    load_rulebook(AT)


def counts():
    return Rulebook.objects.count(), Holiday.objects.count(), Region.objects.count(), Entry.objects.count()


def test_seeding_twice_is_once():
    seeding.seed(AT)
    once = counts()
    seeding.seed(AT)
    assert counts() == once
    assert once[0] == 4


def test_publishing_records_one_public_entry():
    operations.publish(content=seeding.pack("cn-events-2019"), by=None, at=AT)
    entry = Entry.objects.last()
    assert (entry.verb, entry.subject, entry.public) == ("rulebook.publish", "rulebook:cn-events-2019/1", True)


def test_a_version_never_changes(seeded):
    content = deepcopy(seeding.pack("cn-events-2019"))
    content["name_en"] = "Another name"
    with pytest.raises(operations.Published):
        operations.publish(content=content, by=None, at=AT)
    content["version"] = "2"
    assert operations.publish(content=content, by=None, at=AT).rules.name_en == "Another name"


def test_a_malformed_pack_is_refused_with_every_problem():
    content = deepcopy(seeding.pack("cn-events-2019"))
    content["sources"].pop()
    content["claim_words"].pop()
    with pytest.raises(operations.Malformed) as caught:
        operations.publish(content=content, by=None, at=AT)
    assert len(caught.value.problems) == 2
    assert not Rulebook.objects.exists()


def test_rows_cannot_be_changed(seeded):
    row = Rulebook.objects.first()
    with pytest.raises(ChangeForbidden):
        row.save()
    for table in ("rulebook_rulebook", "rulebook_holiday"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_in_force_is_the_latest_not_after_the_day(seeded):
    content = {**seeding.pack("cn-events-2019"), "version": "2", "effective_on": "2026-08-15"}
    operations.publish(content=content, by=None, at=AT)
    assert queries.in_force("cn-events-2019", date(2026, 8, 14)).version == "1"
    assert queries.in_force("cn-events-2019", date(2026, 8, 15)).version == "2"
    with pytest.raises(Rulebook.DoesNotExist):
        queries.in_force("cn-events-2019", date(2019, 5, 28))


@pytest.mark.parametrize(
    ("region", "form", "first", "how_many"),
    [
        ("510104", "event", "cn-sc-2021", 4),
        ("310000", "event", "cn-sh-2025", 4),
        ("440300", "event", "cn-gd-2026", 4),
        ("110000", "event", "cn-events-2019", 4),
        ("510104", "operation", "cn-sc-2021", 1),
        ("330000", "operation", "cn-sc-2021", 1),
    ],
)
def test_proposed(seeded, region, form, first, how_many):
    found = queries.proposed(region, form, date(2026, 3, 1))
    assert (found[0].code, len(found)) == (first, how_many)


def test_proposed_in_2020_knows_only_the_national_guide(seeded):
    assert [row.code for row in queries.proposed("510104", "event", date(2020, 6, 1))] == ["cn-events-2019"]


def test_calendar(seeded):
    calendar = queries.calendar()
    assert calendar.years == frozenset(range(2020, 2027))
    assert not calendar.works(date(2026, 10, 1))
    assert calendar.works(date(2026, 2, 28))  # a Saturday worked for the Spring Festival
    assert queries.calendar([2026]).years == {2026}
    with pytest.raises(periods.CalendarMissing):
        calendar.works(date(2027, 1, 4))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("510100", ["510100"]),
        ("成都市", ["510100"]),
        ("成都", ["510100"]),
        ("Chengdu", ["510100"]),
        ("chengdu", ["510100"]),
        ("四川省 成都市", ["510100"]),
        ("四川省成都市武侯区", ["510107"]),
        ("北京市朝阳区", ["110105"]),
        ("四川", ["510000"]),
        ("100000", []),
        ("999999", []),
        ("   ", []),
        ("亚特兰蒂斯", []),
        ("成都\x00", []),
        ("成" * 61, []),
        ("境外", ["990000"]),
    ],
)
def test_places(seeded, text, codes):
    assert [region.code for region in queries.places(text)] == codes


def test_places_that_are_many_are_all_offered(seeded):
    assert {region.code[:2] for region in queries.places("朝阳区")} == {"11", "22"}
    assert {region.name_zh for region in queries.places("吉林")} == {"吉林省", "吉林市"}


def test_lineage(seeded):
    assert [region.name_zh for region in queries.lineage("510107")] == ["四川省", "成都市", "武侯区"]
    assert queries.lineage("000001") == []
