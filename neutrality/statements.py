"""Statements that are said again and again, in few steps: the server binds their values and keeps their plans.

Django writes every value into the text of a statement and composes each one anew from the model. For most acts that
costs nothing anybody notices; for a retirement it was more than the database's own work, and a row joined with ten
others takes the planner longer than the reading.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection, models
from django.db.models.query import create_namedtuple_class, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)
Found = TypeVar("Found")


def rows(statement: str, params: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
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


class Told(models.Expression):
    """The place of a value in a kept reading; it is told by its name when the reading is asked."""

    def __init__(self, name: str, field: models.Field):
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """One place, which holds this expression until the value is told."""
        return "%s", [self]


class Prepared(Generic[Found]):
    """A query set whose statement is composed once in a process and planned once in a session of the database. It gives
    what the query set would give: objects with what they are joined to, or named rows. Where a value changes from
    asking to asking the query set holds a `Told`; order and limit are its own. No prefetching."""

    def __init__(self, asked: Callable[[], models.QuerySet]):
        self.asked = asked

    def all(self, **told: Any) -> list[Found]:
        """Every row with these values; one query."""
        statement, places, converters, read = self._composed
        found = rows(statement, [told[place.name] if isinstance(place, Told) else place for place in places])
        return [read(_converted(row, converters)) for row in found]

    def first(self, **told: Any) -> Found | None:
        """The first row, or None; the query set sees to it that there are not many."""
        return next(iter(self.all(**told)), None)

    @cached_property
    def _composed(self) -> tuple[str, Sequence[Any], list[Any], Callable[[Sequence[Any]], Found]]:
        asked = self.asked()
        compiler = asked.query.get_compiler(using=connection.alias)
        statement, places = compiler.as_sql()
        converters = list(compiler.get_converters([column for column, _sql, _alias in compiler.select]).items())
        if asked._fields is None:
            return statement, places, converters, _objects(compiler)
        return statement, places, converters, create_namedtuple_class(*asked._fields)._make


def _converted(row: Sequence[Any], converters: list[Any]) -> Sequence[Any]:
    """A row as Django's fields give it: JSON read, numbers of their own kinds."""
    if not converters:
        return row
    changed = list(row)
    for place, (steps, column) in converters:
        for step in steps:
            changed[place] = step(changed[place], column, connection)
    return changed


def _objects(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """How a row becomes an object with those it is joined to: Django's own steps, prepared once."""
    told, alias = compiler.klass_info, connection.alias
    model, places = told["model"], told["select_fields"]
    names = [compiler.select[place][0].target.attname for place in places]
    joined = get_related_populators(told, compiler.select, alias)

    def read(row: Sequence[Any]) -> Any:
        found = model.from_db(alias, names, row[places[0] : places[-1] + 1])
        for each in joined:
            each.populate(row, found)
        for name, place in compiler.annotation_col_map.items():
            setattr(found, name, row[place])
        return found

    return read
