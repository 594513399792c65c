"""The life of a planting: committed, surveyed, verified, lost, short, called off; every refusal, every guard."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils.translation import override

from accounts.tests.factories import make_organization
from neutrality.activities.tests.factories import make_activity
from neutrality.appendonly import ChangeForbidden
from neutrality.planting import operations, queries, recheck, rules
from neutrality.planting.models import Planting, Plot, Verification
from neutrality.planting.rules import State, systems
from neutrality.planting.tests.factories import (
    AT,
    Upload,
    make_forest_activity,
    make_planting,
    make_survey,
    promise,
    square,
    verify,
)
from neutrality.refusals import Refusal
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def commit(activity, **over):
    return operations.commit(activity=activity, by=activity.created_by, **promise(**over))


def test_a_commitment_says_everything_and_counts_nothing():
    """R1.24 to R1.26."""
    row = make_planting()
    found = queries.of_activity(row.activity, date(2026, 7, 1))
    assert (found.counted, found.promised, found.short) == (0, 120, 0)
    assert row.horizon == date(2032, 5, 18)
    assert "不再作为" in row.declaration
    entry = Entry.objects.get(verb="planting.commit")
    assert entry.public
    assert entry.content["digest"] == row.plot.digest
    assert list(recheck.findings()) == []


BARRED = {
    "no clock": (lambda: make_activity(state="committed", kind="hotel", starts_on=date(2025, 1, 1)), {}, {"no_clock"}),
    "a draft that names no forest": (make_activity, {}, {"no_plan", "not_planned"}),
    "planted after the six years": (make_forest_activity, {"planted_on": date(2032, 5, 19)}, {"too_late"}),
    "an old forest": (make_forest_activity, {"planted_on": date(2016, 4, 1)}, {"not_new"}),
    "ten times the area": (make_forest_activity, {"stated_area": Decimal("15946")}, {"area"}),
    "hectares for mu": (make_forest_activity, {"stated_area": Decimal("1594.6"), "stated_unit": "ha"}, {"area"}),
    "all of it at once": (
        make_forest_activity,
        {"declared": False, "planted_on": date(2016, 4, 1), "stated_area": Decimal("15946")},
        {"undeclared", "not_new", "area"},
    ),
    "not declared": (make_forest_activity, {"declared": False}, {"undeclared"}),
}


@pytest.mark.parametrize(("make", "over", "expected"), BARRED.values(), ids=BARRED.keys())
def test_what_cannot_be_committed(make, over, expected):
    with pytest.raises(Refusal) as caught:
        commit(make(), text=square(south="30.60"), **over)
    assert codes(caught) == expected
    assert not Planting.objects.exists()
    assert not Plot.objects.exists()


def test_the_likely_slip_is_said():
    with pytest.raises(Refusal) as caught, override("en"):
        commit(make_forest_activity(), stated_area=Decimal("1594.6"), stated_unit="ha")
    with override("en"):
        assert "fits if it is mu" in str(caught.value)


def test_land_is_used_once_in_every_system():
    """Copied as it is, as CGCS2000, and rightly converted: refused; on a web map and wrongly said: refused."""
    text = square("103.7", side="0.001")
    first = make_planting(text=text)
    web = "\n".join(
        f"{Decimal(x) / rules.STEPS}, {Decimal(y) / rules.STEPS}"
        for x, y in systems.as_on_a_web_map(rules.read(text))[0][0]
    )
    for copy, system, code in (
        (text, "wgs84", "overlap"),
        (text, "cgcs2000", "overlap"),
        (web, "gcj02", "overlap"),
        (web, "wgs84", "mistaken"),
    ):
        with pytest.raises(Refusal) as caught:
            commit(make_forest_activity(), text=copy, system=system)
        assert codes(caught) == {code}
        assert first.plot.number in str(caught.value)
    make_planting(text=square("103.701", side="0.001"))  # the neighbour shares its border


def test_a_called_off_planting_frees_its_land():
    text = square()
    row = make_planting(text=text)
    operations.call_off(planting=row, reason="租约未能续签", by=row.committed_by, at=AT)
    make_planting(text=text)
    assert queries.standings([Planting.objects.get(pk=row.pk)])[row.pk].state is State.CALLED_OFF
    with pytest.raises(Refusal):
        operations.call_off(planting=row, reason="再次", by=row.committed_by, at=AT)
    assert list(recheck.findings()) == []


def test_verified_growth_counts_in_whole_tonnes():
    """R1.23, R1.28: 40.5 t reported and verified are 40; with 40.6 t more they are 81."""
    row = make_planting()
    verify(make_survey(row, year=1))
    assert queries.of_activity(row.activity).counted == 40
    verify(make_survey(row, year=2, claimed="40.6"), "40.6")
    assert queries.of_activity(row.activity).counted == 81
    with pytest.raises(Refusal) as caught:
        operations.call_off(planting=row, reason="x", by=row.committed_by, at=AT)
    assert codes(caught) == {"counted"}


def test_what_a_body_does_not_verify_is_nothing():
    row = make_planting()
    made = verify(make_survey(row), "40.5", outcome="refused", note="样地不足")
    assert (made.increment_kg, queries.of_activity(row.activity).counted) == (0, 0)


def test_a_loss_takes_back_what_counted():
    row = make_planting()
    verify(make_survey(row, year=1))
    verify(make_survey(row, year=2, claimed="-20.2"), "-20.2")
    found = queries.of_activity(row.activity)
    assert (found.counted, found.lost, found.lost_on) == (20, 20, date(2028, 6, 1))


YEAR_AHEAD = {"year": 3, "surveyed_on": date(2028, 5, 31), "grown_from": date(2026, 6, 1), "grown_to": date(2028, 5, 1)}
SURVEYS = {
    "backwards": ({"grown_from": date(2027, 6, 1), "grown_to": date(2026, 9, 1)}, {"order"}),
    "before the planting": ({"grown_from": date(2026, 5, 1)}, {"before"}),
    "ahead": ({"grown_to": date(2027, 6, 2)}, {"ahead"}),
    "not done yet": ({"surveyed_on": date(2027, 6, 3)}, {"future"}),
    "a year not begun": (YEAR_AHEAD, {"year"}),
    "no file": ({"upload": None}, {"no_file"}),
}


@pytest.mark.parametrize(("over", "expected"), SURVEYS.values(), ids=SURVEYS.keys())
def test_surveys_that_cannot_be(over, expected):
    with pytest.raises(Refusal) as caught:
        make_survey(make_planting(), **over)
    assert codes(caught) == expected


def test_nobody_verifies_growth_of_their_own():
    row = make_planting()
    with pytest.raises(Refusal) as caught:
        make_survey(row, row.activity.organization)
    assert codes(caught) == {"own_body"}


def test_a_stretch_of_growth_counts_once():
    row = make_planting()
    look = make_survey(row, year=1)
    with pytest.raises(Refusal) as caught:
        make_survey(row, year=2)
    assert codes(caught) == {"waiting"}
    verify(look)
    with pytest.raises(Refusal) as caught:
        make_survey(row, year=2, grown_from=date(2027, 1, 1))
    assert codes(caught) == {"twice"}
    with pytest.raises(Refusal) as caught:
        verify(look)
    assert codes(caught) == {"decided"}


def test_late_growth_never_counts():
    """R1.22, R1.27: grown in time and certified a day too late."""
    row = make_planting(planted_on=date(2026, 5, 18))
    look = make_survey(row, year=6)
    with pytest.raises(Refusal) as caught:
        verify(look, at=datetime(2032, 5, 20, tzinfo=UTC))
    assert codes(caught) == {"late"}
    verify(look, at=datetime(2032, 5, 18, 6, tzinfo=UTC))
    assert queries.of_activity(row.activity, date(2032, 5, 19)).short == 80


def test_more_than_reported_cannot_be_verified():
    with pytest.raises(Refusal) as caught:
        verify(make_survey(make_planting()), "40.6")
    assert codes(caught) == {"more"}


@pytest.mark.parametrize("claimed", ["-5", "0"])
def test_no_growth_is_verified_where_none_was_reported(claimed):
    """After a reported loss a body finds it smaller or larger, never that something grew."""
    row = make_planting()
    verify(make_survey(row))
    look = make_survey(row, year=2, claimed=claimed)
    with pytest.raises(Refusal) as caught:
        verify(look, "60")
    assert codes(caught) == {"more"}
    verify(look, "-3")
    assert queries.of_activity(row.activity).counted == 37


def test_the_rest_of_a_contested_project_is_taken_too():
    """A project drawn over a planting and beyond: what lies beyond is the project's, and no second planting's."""
    first = make_planting(text=square("104.7", side="0.001"))
    by = first.committed_by
    land = operations.examine(text=square("104.7", side="0.002"), system="wgs84")
    project = operations.draw_project(project_code="ccer-80", land=land, by=by, at=AT)
    assert project.contested
    with pytest.raises(Refusal) as caught:
        commit(make_forest_activity(), text=square("104.7011", south="30.6011", side="0.0008"))
    assert codes(caught) == {"overlap"}
    assert project.number in str(caught.value)
    make_planting(text=square("104.7021", side="0.001"))  # the control: beyond the project
    assert list(recheck.findings()) == []


def test_project_land_on_a_planting_is_kept_as_contested_and_bars_later_units():
    """R1.24: a project drawn later on the same ground credits nothing that grew after the declaration."""
    text = square()
    row = make_planting(text=text)
    land = operations.examine(text=text, system="cgcs2000")
    plot = operations.draw_project(project_code="ccer-77", land=land, by=row.committed_by, at=AT)
    assert plot.contested
    assert plot.conflicts[0]["plot"] == row.plot.number
    assert queries.barring("ccer-77", date(2027, 12, 31)) == row.plot
    assert queries.barring("ccer-77", date(2025, 12, 31)) is None
    assert queries.barring("ccer-78", date(2027, 12, 31)) is None
    assert list(recheck.findings()) == []
    with pytest.raises(Refusal):
        operations.draw_project(project_code="ccer-77", land=land, by=row.committed_by, at=AT)


def test_a_planting_on_project_land_is_refused():
    text = square()
    land = operations.examine(text=text, system="wgs84")
    by = make_forest_activity().created_by
    assert not operations.draw_project(project_code="ccer-79", land=land, by=by, at=AT).contested
    with pytest.raises(Refusal) as caught:
        commit(make_forest_activity(), text=text)
    assert codes(caught) == {"overlap"}


# Guards: what no operation does, and no other hand can do.


def test_rows_are_only_added():
    row = make_planting()
    look = make_survey(row)
    made = verify(look)
    for one, change in (
        (row, "promised_units = 1"),
        (row.plot, "digest = ''"),
        (look, "claimed_kg = 1"),
        (made, "increment_kg = 1"),
    ):
        with pytest.raises(ChangeForbidden):
            one.save()
        with (
            pytest.raises(IntegrityError, match="insert-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {one._meta.db_table} SET {change}")


def raw(survey, **over):
    """A verification past every operation."""
    values = {
        "survey": survey,
        "planting": survey.planting,
        "body": survey.body,
        "outcome": "verified",
        "increment_kg": Decimal(1000),
        "grown_from": survey.grown_from,
        "grown_to": survey.grown_to,
        "competence": "x",
        "report_number": "r",
        "report": survey.evidence,
        "key": "raw",
        "decided_at": survey.reported_at,
        "decided_by": survey.reported_by,
        "decided_on": survey.surveyed_on,
    }
    return Verification.objects.create(**(values | over))


FORBIDDEN = {
    "the organizer itself": lambda look: {"body": look.planting.activity.organization},
    "another body": lambda look: {"body": make_organization("evaluator")},
    "too late": lambda look: {"decided_on": look.planting.horizon + timedelta(days=1)},
    "late growth": lambda look: {"grown_to": look.planting.horizon + timedelta(days=1)},
}


@pytest.mark.parametrize("wrong", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_database_refuses_what_no_body_may_say(wrong):
    look = make_survey(make_planting())
    over = wrong(look)
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(look, **over)
    raw(look)  # the control: the same row without the wrong


def test_the_database_counts_a_stretch_once():
    row = make_planting()
    first = make_survey(row)
    verify(first)
    second = make_survey(row, year=2)
    with pytest.raises(IntegrityError, match="verified already"), transaction.atomic():
        raw(second, grown_from=first.grown_from)
    raw(second)


def test_the_second_look_finds_planted_faults():
    """With the guards off, each fault planted in the tables is found (control of recheck)."""
    row = make_planting()
    other = make_planting()
    verify(make_survey(row))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("plot", "planting", "verification"):
            cursor.execute(f"ALTER TABLE planting_{table} DISABLE TRIGGER insert_only")
        cursor.execute("UPDATE planting_plot SET area_m2 = area_m2 + 1 WHERE id = %s", [row.plot_id])
        cursor.execute(
            "UPDATE planting_plot SET parts = o.parts, west = o.west, east = o.east, area_m2 = o.area_m2 "
            "FROM planting_plot o WHERE planting_plot.id = %s AND o.id = %s",
            [other.plot_id, row.plot_id],
        )
        cursor.execute("UPDATE planting_planting SET horizon = horizon + 1 WHERE id = %s", [row.pk])
        cursor.execute("UPDATE planting_verification SET grown_to = '2033-01-01'")
    said = " ".join(finding.text for finding in recheck.findings())
    for words in ("not the ones digested", "not what its corners", "shares", "six years", "not about the survey"):
        assert words in said


def test_an_upload_is_evidence():
    look = make_survey(make_planting(), upload=Upload("一"))
    assert look.evidence.owner_code == look.planting.activity.organization.code
