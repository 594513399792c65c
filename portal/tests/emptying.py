"""Emptying the test's database after a test that committed: by removing the few rows there are.

Django truncates every table, which gives each of them and each of their indexes a new file: half a second of work and
several of waiting for the disk, after a test that left a hundred rows. Guards against removal are off for the moment,
in one transaction, by the tables' owner.
"""

from functools import cache

from django.db import connection, transaction
from django.test import TransactionTestCase

# Made by the migrations, by name and for good: a test that changes them puts them back.
STAY = {"django_content_type", "auth_permission"}
# Beyond this many bytes in one table, truncating is quicker.
LARGE = 4_000_000

truncate = TransactionTestCase._fixture_teardown


@cache
def tables() -> tuple[str, ...]:
    """Every table of a model."""
    return tuple(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - STAY)


def filled() -> dict[str, int]:
    """The tables that hold a row, and their size in bytes."""
    asked = (f"SELECT '{name}', pg_relation_size('{name}') WHERE EXISTS (SELECT FROM {name})" for name in tables())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return dict(cursor.fetchall())


def empty(case: TransactionTestCase) -> None:
    """What takes the place of Django's flush at the end of a test."""
    found = filled()
    if max(found.values(), default=0) > LARGE:
        truncate(case)
    elif found:
        remove(sorted(found))


@transaction.atomic
def remove(names: list[str]) -> None:
    """Remove every row of these tables; no other table refers to them, since it would hold a row itself."""
    said = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names]
    # One statement: what refers to what is looked at after its end.
    rows = (f"of_{name} AS (DELETE FROM {name})" for name in names)
    said += [f"WITH {', '.join(rows)} SELECT 1", "SET CONSTRAINTS ALL IMMEDIATE"]
    said += [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(said))
