"""A second look at the evidence: every file read again, its bytes against its digest."""

from collections.abc import Iterator

from neutrality.evidence import operations
from neutrality.evidence.models import File
from neutrality.findings import Finding


def findings() -> Iterator[Finding]:
    """Files that are gone, changed, or of another size than recorded."""
    for file in File.objects.order_by("pk").iterator():
        try:
            data = operations.open_file(file)
        except operations.Damaged as damage:
            yield Finding("evidence_file", str(file.pk), str(damage))
            continue
        if len(data) != file.size:
            yield Finding("evidence_file", str(file.pk), f"has {len(data)} bytes, not {file.size}")
