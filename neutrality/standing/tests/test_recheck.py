"""The second look is silent about a sound house and names the row after each planted corruption."""

import re

import pytest
from django.db import connection

from neutrality.disclosure.tests.factories import make_statement
from neutrality.oversight import recheck as cases
from neutrality.oversight.tests.factories import at
from neutrality.standing import operations, recheck
from neutrality.standing.tests.factories import make_listing, make_policy
from neutrality.standing.tests.test_operations import ON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    make_policy()
    operations.score(organization=make_statement().activity.organization, on=ON, at=at(10, month=9))
    return make_listing()


def corrupt(sql):
    """As the owner of the table could, its triggers off."""
    table = re.search(r"(?:UPDATE|FROM) (\w+)", sql)[1]
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # what still waits to be checked keeps a table from being altered
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_sound_house(house):
    assert [*cases.findings(), *recheck.findings()] == []


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE standing_score SET total = 99", "is not what its facts"),
        ("UPDATE standing_score SET digest = repeat('0', 64)", "another digest"),
        ("UPDATE standing_listing SET last_on = last_on + 365", "another time"),
        ("UPDATE standing_listing SET subject_code = '91510100MA60000320'", "another code number"),
        ("UPDATE oversight_step SET content = content || '{\"proof\": \"\"}' WHERE act = 'deliver'", "proof"),
        ("UPDATE oversight_exhibit SET subject_code = '91510100MA60000320'", "other_code"),
        ("DELETE FROM oversight_step WHERE act = 'deliver'", "notice"),
    ],
)
def test_planted_corruption_is_named(house, sql, words):
    corrupt(sql)
    assert any(words in str(found) for found in recheck.findings())


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM oversight_step WHERE act = 'deliver'", "does not lead"),
        ("UPDATE oversight_step SET position = 99 WHERE act = 'recommend'", "expected"),
        ("DELETE FROM oversight_step WHERE act = 'open'", "does not begin"),
    ],
)
def test_planted_corruption_of_a_case_is_named(house, sql, words):
    corrupt(sql)
    assert any(words in str(found) for found in cases.findings())
