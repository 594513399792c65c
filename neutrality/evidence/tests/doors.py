"""Who gets a deposited file that is not public: its owner's members and those who check filings."""

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from neutrality.evidence import operations
from portal.tests.doors import only

READERS = ("organizer", "colleague", "evaluator", "registrar", "regulator", "second_officer")
DOORS = {"evidence:download": ({"digest": "file.digest"}, only(*READERS))}


def furnish(world):
    cast = world.cast
    upload = SimpleUploadedFile("bill.pdf", b"%PDF-1.7\nfor the doors\n%%EOF\n")
    at = datetime(2026, 5, 18, tzinfo=UTC)
    world.file = operations.deposit(upload=upload, owner_code=cast.home.code, by=cast.organizer, at=at)
