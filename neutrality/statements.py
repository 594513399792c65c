"""Statements that are said again and again, in few steps: the server binds their values and keeps their plans.

Django writes every value into the text of a statement and composes an INSERT anew from the model each time. For most
acts that costs nothing anybody notices; for a retirement it was more than the database's own work.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What one statement answers, inside the caller's transaction. While queries are logged, Django's own cursor says
    it, so that the log shows values; wrappers around statements see it either way."""
    if connection.queries_logged:
        cursor = connection.cursor()
    else:
        connection.ensure_connection()
        cursor = connection.make_cursor(psycopg.Cursor(connection.connection))
    with cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], known_by: str, count: int) -> tuple[str, tuple[str, ...]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    said = f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES {values}"  # noqa: S608 - a model's own names
    said += f" ON CONFLICT DO NOTHING RETURNING {name(known_by)}, {name(model._meta.pk.column)}"
    return said, tuple(field.attname for field in fields)


def insert(new: Sequence[Row], known_by: str) -> list[Row]:
    """Write new rows of one model as their attributes stand, plain values only, and give them their keys; no signals.
    Returns those that were not written because a row is there that excludes them. `known_by` is a column that tells
    the rows apart."""
    statement, names = _insertion(type(new[0]), known_by, len(new))
    written = dict(rows(statement, [getattr(row, name) for row in new for name in names]))
    for row in new:
        row.pk = written.pop(getattr(row, known_by), None)
        row._state.adding, row._state.db = row.pk is None, connection.alias
    return [row for row in new if row.pk is None]
