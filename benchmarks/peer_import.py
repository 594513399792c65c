"""django-import-export on finished rows: run by benchmarks/import.py with an interpreter that has the package.

Usage: peer_import.py ROWS.csv, with the database in PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE; its table is
`bare`. It needs neither the portal nor its settings. Prints the seconds of one import in its fastest way, its version.
"""

import csv
import os
import sys
import time

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
from django.db import connection, models  # noqa: E402
from django.db.backends.postgresql.psycopg_any import NumericRange  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402
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


def main() -> None:
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare")
    begun = time.perf_counter()
    result = Rows().import_data(Dataset(*rows, headers=heading), raise_errors=True)
    seconds = time.perf_counter() - begun
    if result.total_rows != len(rows) or Bare.objects.count() != len(rows):
        raise SystemExit("not every row arrived")
    print(seconds, import_export.__version__)


if __name__ == "__main__":
    main()
