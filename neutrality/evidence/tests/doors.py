"""Who may download a file that is not public: members of its owner, and those who check filings."""

from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from neutrality.evidence import operations
from portal.tests.doors import only

READERS = ("organizer", "colleague", "evaluator", "registrar", "regulator", "second_officer")
DOORS = {"evidence:download": ({"digest": "file.digest"}, only(*READERS))}


def furnish(world: Any) -> None:
    cast = world.cast
    upload = SimpleUploadedFile("meter.csv", b"meter,kWh\nhall,1200\n", content_type="text/csv")
    at = datetime(2026, 9, 1, 8, tzinfo=UTC)
    world.file = operations.deposit(upload=upload, owner_code=cast.home.code, by=cast.organizer, at=at)
