"""Statements that are said again and again, in few steps: the server binds their values and keeps their plans.

Django writes every value into the text of a statement and composes an INSERT anew from the model each time. For most
acts that costs nothing anybody notices; for a retirement it was more than the database's own work.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import psycopg
from django.db import connection, models


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


@cache
def _insertion(model: type[models.Model]) -> tuple[str, tuple[str, ...]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    values = ", ".join("%s" for _field in fields)
    said = f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: S608 - a model's own names
    said += f" ON CONFLICT DO NOTHING RETURNING {name(model._meta.pk.column)}"
    return said, tuple(field.attname for field in fields)


def inserted(row: models.Model) -> bool:
    """Write a new row as its attributes stand, plain values only, and give it its key; no signals. False, and nothing
    is written, when a row is there that excludes it."""
    statement, names = _insertion(type(row))
    found = rows(statement, [getattr(row, name) for name in names])
    if not found:
        return False
    row.pk = found[0][0]
    row._state.adding, row._state.db = False, connection.alias
    return True
