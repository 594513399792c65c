"""The seeds of the room: once is enough, a row that differs is mended, and few questions are asked."""

import pytest

from neutrality.offsets import seeding
from neutrality.offsets.models import Registry, UnitKind
from neutrality.offsets.tests.factories import AT
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


def test_twice_is_once(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        seeding.seed(AT)
    kinds = list(UnitKind.objects.order_by("pk").values())
    assert {kind["code"] for kind in kinds} == {row["code"] for row in seeding.rows("unit_kinds.csv")}
    entries = Entry.objects.count()
    seeding.seed(AT)
    assert list(UnitKind.objects.order_by("pk").values()) == kinds
    assert Entry.objects.count() == entries


def test_what_differs_is_brought_to_the_words_of_the_seeds():
    seeding.seed(AT)
    kind = UnitKind.objects.select_related("registry").get(code="ccer")
    other = Registry.objects.exclude(pk=kind.registry_id).earliest("pk")
    UnitKind.objects.filter(pk=kind.pk).update(registry=other, legacy=True, named_by={"x": "y"}, name_en="?")
    Registry.objects.filter(pk=other.pk).update(name_zh="?")
    seeding.seed(AT)
    mended = UnitKind.objects.get(pk=kind.pk)
    names = ("registry_id", "legacy", "named_by", "name_en")
    assert [getattr(mended, name) for name in names] == [getattr(kind, name) for name in names]
    assert Entry.objects.order_by("number").last().content == {"codes": [other.code, "ccer"]}
