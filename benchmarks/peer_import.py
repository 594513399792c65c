"""django-import-export, two ways: run by benchmarks/import.py with an interpreter that has the package.

Usage: peer_import.py FINISHED.csv PUBLISHED.csv, with the database in PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE;
its table is `bare`. It needs neither the portal nor its settings. Prints the rows a second of either way, its version.

* finished: the very rows ours wrote, ready-made, bulk, without diffs, without asking what is there already: its fastest
  way, which would double everything the second time and checks nothing.
* published: the registry's file, as its documentation recommends for files that come again: an import id, instances
  loaded together, projects looked up from a cache, unchanged rows skipped, rows that do not parse or whose count is not
  their range kept back with a reason, model validation on. Still no overlaps, versions, provenance or digests.
"""

import csv
import hashlib
import os
import re
import sys
import time
from datetime import date

import django
from django.conf import settings

NAMES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **{key: os.environ[name] for key, name in NAMES.items() if name in os.environ},
        }
    },
    INSTALLED_APPS=["import_export"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

import import_export  # noqa: E402
from django.contrib.postgres.fields import BigIntegerRangeField  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.db.backends.postgresql.psycopg_any import NumericRange  # noqa: E402
from import_export import fields, instance_loaders, resources, widgets  # noqa: E402
from tablib import Dataset  # noqa: E402


class Bare(models.Model):
    registry_id = models.BigIntegerField()
    project_id = models.BigIntegerField()
    line_id = models.BigIntegerField()
    numbers = BigIntegerRangeField()
    serial = models.TextField()
    quantity = models.BigIntegerField()
    side = models.SmallIntegerField()
    event = models.TextField()
    event_on = models.DateField(null=True)
    vintage_start = models.DateField(null=True)
    vintage_end = models.DateField(null=True)
    beneficiary = models.TextField(blank=True)
    note = models.TextField(blank=True)
    version = models.IntegerField()
    content = models.TextField()
    file_id = models.BigIntegerField()
    row = models.IntegerField()
    at_line = models.IntegerField()

    class Meta:
        app_label = "import_export"
        db_table = "bare"
        managed = False


class RangeWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        low, high = value[1:-1].split(",")
        return NumericRange(int(low), int(high))


class Rows(resources.ModelResource):
    numbers = fields.Field(column_name="numbers", attribute="numbers", widget=RangeWidget())

    class Meta:
        model = Bare
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        force_init_instance = True
        exclude = ("id",)
        import_id_fields = ("row",)


class Project(models.Model):
    registry_id = models.BigIntegerField()
    identifier = models.TextField()

    class Meta:
        app_label = "import_export"
        db_table = "offsets_project"
        managed = False


SERIAL = re.compile(
    r"[1-9][0-9]{0,11}-([1-9][0-9]{0,11})-([1-9][0-9]{0,11})-VCS-VCU-[0-9]+-[A-Z]+-[A-Z]{2}-[0-9]+-[0-9]+"
    r"-([0-9]{8})-([0-9]{8})-[0-9]"
)


class PublishedRows(resources.ModelResource):
    """Verra's columns; what is not printed in them is worked out before each row."""

    project = fields.Field(
        column_name="ID",
        attribute="project_id",
        widget=widgets.CachedForeignKeyWidget(Project, field="identifier", key_is_id=False),
    )
    numbers = fields.Field(column_name="numbers", attribute="numbers", widget=RangeWidget())
    serial = fields.Field(column_name="Serial Number", attribute="serial")
    quantity = fields.Field(column_name="units", attribute="quantity", widget=widgets.IntegerWidget())
    beneficiary = fields.Field(column_name="Retirement Beneficiary", attribute="beneficiary")
    note = fields.Field(column_name="Retirement Details", attribute="note")

    class Meta:
        model = Bare
        use_bulk = True
        batch_size = 1000
        skip_unchanged = True
        report_skipped = False
        skip_html_diff = True
        clean_model_instances = True
        instance_loader_class = instance_loaders.CachedInstanceLoader
        import_id_fields = ("serial",)
        exclude = ("id", "project_id", "row", "at_line", "file_id", "version")

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        project = instance.project_id
        instance.project_id = getattr(project, "pk", project)
        instance.file_id = instance.version = instance.at_line = 1
        instance.row = kwargs["row_number"]

    def before_import_row(self, row, **kwargs):
        match = SERIAL.fullmatch(row["Serial Number"])
        if not match:
            raise ValueError("no serial number")
        first, last = int(match[1]), int(match[2])
        units = int(row["Quantity Issued"].replace(",", ""))
        if units != last - first + 1:
            raise ValueError("the quantity is not the length of the run")
        ended = row["Retirement/Cancellation Date"]
        cancelled = "cancel" in row["Retirement Reason"].casefold()
        row["registry_id"] = row["line_id"] = 1
        row["numbers"], row["units"] = f"[{10**12 + first},{10**12 + last + 1})", units
        row["side"] = 2 if ended else 0
        row["event"] = ("cancelled" if cancelled else "retired") if ended else "standing"
        row["event_on"] = ended or row["Issuance Date"]
        row["vintage_start"], row["vintage_end"] = (
            date(int(day[4:]), int(day[2:4]), int(day[:2])).isoformat() for day in match.groups()[2:]
        )
        said = "\x1f".join((row["Serial Number"], row["event"], row["event_on"], row["Retirement Beneficiary"]))
        row["content"] = hashlib.sha256(said.encode()).hexdigest()


def measured(resource, path: str, **how: object) -> float:
    """Rows a second. Every row must have arrived, save those kept back with a reason."""
    with open(path, encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare")
    begun = time.perf_counter()
    with transaction.atomic():  # its own transaction would take everything back for one row that is kept back
        result = resource.import_data(Dataset(*rows, headers=heading), use_transactions=False, **how)
    seconds = time.perf_counter() - begun
    apart = len(result.error_rows) + len(result.invalid_rows)
    if apart * 100 > len(rows) or Bare.objects.count() != len(rows) - apart:
        raise SystemExit(f"not every row arrived: {apart} kept back, {Bare.objects.count()} there, {result.totals}")
    return len(rows) / seconds


def main() -> None:
    finished = measured(Rows(), sys.argv[1], raise_errors=True)
    published = measured(PublishedRows(), sys.argv[2])
    print(finished, published, import_export.__version__)


if __name__ == "__main__":
    main()
