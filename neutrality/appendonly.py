"""Rows that are only ever added: guarded here for our own code, and by a trigger for everybody else's.

A model derives from InsertOnly; a migration `0002_guards` runs `guard("app_table")`. A column that may be filled in
later exactly once (an end, a withdrawal) is named in both: `may_set = ("ended_at", "ended_by_id")`.
"""

from typing import Any

from django.db import migrations, models


class ChangeForbidden(TypeError):
    """Somebody tried to change or remove an insert-only row: a fault of ours, never of a person."""


class InsertOnlyQuerySet(models.QuerySet):
    """Refuses every bulk way to change or remove rows."""

    def update(self, **values: Any) -> int:
        if values and all(f"{name}" in settable(self.model) for name in values):
            return super().update(**values)
        raise ChangeForbidden(f"{self.model.__name__} rows are never changed")

    def delete(self) -> Any:
        raise ChangeForbidden(f"{self.model.__name__} rows are never removed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise ChangeForbidden(f"{self.model.__name__} rows are never changed")

    def bulk_create(self, objs: Any, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> Any:
        if update_conflicts:
            raise ChangeForbidden(f"{self.model.__name__} rows are never changed")
        return super().bulk_create(objs, *args, **kwargs)


def settable(model: Any) -> set[str]:
    """Names of the fields of `model` that may be filled in once, with and without `_id`."""
    return {name for column in model.may_set for name in (column, column.removesuffix("_id"))}


class InsertOnly(models.Model):
    """Base of the rows that are never changed or removed."""

    may_set: tuple[str, ...] = ()
    objects = InsertOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if not self._state.adding and not (fields and set(fields) <= settable(type(self))):
            raise ChangeForbidden(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ChangeForbidden(f"{type(self).__name__} rows are never removed")


# UPDATE and DELETE are never possible, save filling an empty column named to the trigger.
FUNCTION = """
CREATE OR REPLACE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0 AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
    FOREACH name IN ARRAY TG_ARGV LOOP
      IF to_jsonb(OLD) ->> name IS NOT NULL AND to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name THEN
        RAISE EXCEPTION '%.% is set once', TG_TABLE_NAME, name USING ERRCODE = 'restrict_violation';
      END IF;
    END LOOP;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def guard(table: str, may_set: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Migration step: from now on rows of `table` are only added; columns of `may_set` may be filled in once."""
    names = ", ".join(f"'{name}'" for name in may_set)
    trigger = (
        f"CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION insert_only({names});"
    )
    return migrations.RunSQL(FUNCTION + trigger, f"DROP TRIGGER insert_only ON {table};")


# TRUNCATE fires no row trigger. Tests flush by it, so it stays possible in a database made for tests, and there alone.
NEVER_EMPTIED = """
CREATE OR REPLACE FUNCTION never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_database() NOT LIKE 'test\\_%' THEN
    RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""


def never_emptied(*tables: str) -> migrations.RunSQL:
    """Migration step: from now on nobody empties these tables, by no command."""
    made = "".join(
        f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();"
        for table in tables
    )
    return migrations.RunSQL(NEVER_EMPTIED + made, "".join(f"DROP TRIGGER never_emptied ON {t};" for t in tables))
