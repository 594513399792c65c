"""python3 manage.py prepare: catalogues, tables, seeds and, in demonstration mode, the demonstration.

Safe to run again. What was loaded from the same files is not loaded twice: their digest is kept with the database.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal import catalogues, walk

OLDEST = 150000


class Command(BaseCommand):
    requires_system_checks = ()  # they load every page; the process that serves does that
    help = "Bring the database to the present state: tables, seeds, demonstration; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues.compile_all()
        self.need_server()
        need_whole_history()
        wait_for_the_disk(False)
        call_command("migrate", verbosity=0, interactive=False)
        present = digest()
        if loaded() != present:
            self.stdout.write("Loading what the portal knows from the start ...")
            call_command("seed", verbosity=options["verbosity"], stdout=self.stdout)
            if settings.DEMO:
                self.stdout.write("Loading the demonstration ...")
                call_command("demo", verbosity=options["verbosity"], stdout=self.stdout)
        wait_for_the_disk(True)
        remember(present)

    def need_server(self) -> None:
        try:
            connection.ensure_connection()
        except Error as error:
            raise CommandError(f"The database of DATABASE_URL does not answer: {str(error).strip()}") from error
        if connection.pg_version < OLDEST:
            raise CommandError("PostgreSQL 15 or later is needed; the server of DATABASE_URL is older.")


def need_whole_history() -> None:
    """The first histories of the rooms were made one, which a database of their last day passes into unchanged.

    One that stopped half-way through them is refused: Django would take it for empty in some rooms and for whole in
    others.
    """
    applied = set(MigrationRecorder(connection).applied_migrations())
    lacking = set()
    for key, migration in MigrationLoader(None).replacements.items():
        missing = set(migration.replaces) - applied
        if key not in applied and missing != set(migration.replaces):
            lacking |= missing
    if lacking:
        raise CommandError(
            f"This database is from the early days of the portal and lacks {len(lacking)} steps that are no longer "
            f"kept apart (the first: {'.'.join(min(lacking))}). Prepare it once with the portal of 21 November 2026, "
            "commit 8d906a6; then this one goes on with it. Nothing was changed."
        )


def digest() -> str:
    """Of every file seeds and demonstration are made from."""
    files = {path for path in (settings.BASE_DIR / "seeds").rglob("*") if path.is_file()}
    files |= set((settings.BASE_DIR / "portal" / "demonstration").rglob("*.py"))
    for _room, module in walk.modules("seeding"):
        files.add(settings.BASE_DIR / module.__file__)
    total = hashlib.sha256(b"demo" if settings.DEMO else b"plain")
    for path in sorted(files):
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def loaded() -> str | None:
    """The digest kept with this database, as the comment on its schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(current_schema()::regnamespace, 'pg_namespace')")
        words = cursor.fetchone()[0] or ""
    return words.rpartition(" ")[2]


def wait_for_the_disk(each: bool) -> None:
    """Whether each commit waits until it is on the disk. Without it a crash takes the last steps back, in order, and
    preparing again makes them anew; the last commit waits for all before it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET synchronous_commit = {'on' if each else 'off'}")


def remember(present: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON SCHEMA public IS 'seeds {present}'")
