"""A kept reading gives what its query set gives, by one query, and keeps no value of an earlier asking."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import BigAutoField, CharField, F
from django.test.utils import CaptureQueriesContext

from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.disclosure.models import Statement
from neutrality.disclosure.tests.factories import AFTER, make_settled, make_statement, publish
from neutrality.offsets.tests.factories import make_retirement
from neutrality.statements import Prepared, Told

pytestmark = pytest.mark.django_db
COLUMNS = ("code", "name_zh", "rulebook__version", "starts_on")


def joined():
    return Activity.objects.select_related("organization", "rulebook", "copied_from").annotate(last=F("ends_on"))


ACTIVITY = Prepared(lambda: joined().filter(code=Told("code", CharField())))
NAMES = Prepared(
    lambda: Activity.objects.filter(organization=Told("by", BigAutoField())).values_list(*COLUMNS, named=True)
)
STATEMENT = Prepared(
    lambda: Statement.objects.select_related("successor", "replaces").filter(number=Told("number", CharField()))
)


def told(row):
    """Everything read into an object, with what it is joined to."""
    near = {name: getattr(row, name) for name in ("organization", "rulebook", "copied_from")}
    inner = {name: each and vars(each) | {"_state": None} for name, each in near.items()}
    return vars(row) | inner | {"_state": None}


def test_objects_are_those_of_the_query_set(django_assert_num_queries):
    made = [make_activity(), make_activity(state="committed")]
    for activity in (*made, *made):
        with django_assert_num_queries(1):
            found = ACTIVITY.first(code=activity.code)
            kept = told(found)
        assert kept == told(joined().get(pk=activity.pk))
        assert isinstance(found.rulebook.content, dict)
        assert isinstance(found.last, date)
    assert ACTIVITY.first(code="nobody") is None


def test_an_object_that_was_read_can_be_saved():
    activity = make_activity()
    found = ACTIVITY.first(code=activity.code)
    found.summary = "改过"
    found.save()
    assert ACTIVITY.first(code=activity.code).summary == "改过"
    assert Activity.objects.count() == 1


def test_named_rows_come_in_their_order():
    first = make_activity()
    second = make_activity(organization=first.organization)
    rows = Activity.objects.filter(organization=first.organization).values_list(*COLUMNS, named=True)
    found = NAMES.all(by=first.organization_id)
    assert found == list(rows)
    assert {row.code for row in found} == {first.code, second.code}
    assert NAMES.all(by=0) == []


def test_what_is_joined_backwards_is_there_or_known_to_be_missing(django_assert_num_queries):
    activity = make_settled()
    old = publish(activity)
    make_retirement(activity, 1)
    new = publish(activity, correction="补充注销", at=AFTER + timedelta(days=1))
    with django_assert_num_queries(2):
        before, after = STATEMENT.first(number=old.number), STATEMENT.first(number=new.number)
        assert before.successor.pk == new.pk
        assert after.replaces.pk == old.pk
        assert not hasattr(after, "successor")
        assert before.replaces is None


def test_a_value_that_is_not_told_is_noticed():
    with pytest.raises(KeyError):
        ACTIVITY.first()


def test_a_value_is_no_part_of_the_statement():
    hostile = "x' OR '1'='1"
    make_activity()
    assert ACTIVITY.first(code=hostile) is None


def test_the_server_keeps_the_plan_of_a_kept_reading_and_of_no_other():
    number = make_statement().number
    for _time in range(12):  # prepared from the sixth time on, planned for any value after five more
        STATEMENT.first(number=number)
        Statement.objects.filter(number=number).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements")
        found = [
            plans for statement, plans in cursor.fetchall() if '"disclosure_statement"."number" = ($1)' in statement
        ]
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, %s) > 0", [number])
        assert (len(found), cursor.fetchone()) == (1, (0,))
    assert found[0] > 0


def test_the_log_shows_values():
    with CaptureQueriesContext(connection) as asked:
        ACTIVITY.first(code="S-B7K2-M9QX")
    assert "S-B7K2-M9QX" in asked[0]["sql"]
