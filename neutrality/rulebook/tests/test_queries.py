from django.core.management import call_command

from neutrality.rulebook import queries


def test_provinces_are_the_divisions_right_below_the_country(db):
    call_command("seed", verbosity=0)
    codes = [region.code for region in queries.provinces()]
    assert "510000" in codes
    assert len(codes) == 34
    assert not {"100000", "990000", "510100"} & set(codes)
