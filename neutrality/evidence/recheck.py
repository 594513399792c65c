"""A second look at the evidence: every file read again, its bytes against its digest."""

from collections.abc import Iterator

from neutrality.evidence import operations
from neutrality.evidence.models import File
from neutrality.findings import Finding


def findings() -> Iterator[Finding]:
    """Files that are gone, changed, or of another size than recorded."""
    for file in File.objects.order_by("pk").iterator():
        try:
            size = operations.checked_path(file).stat().st_size
        except operations.Damaged as damage:
            yield Finding("evidence_file", str(file.pk), str(damage))
            continue
        if size != file.size:
            yield Finding("evidence_file", str(file.pk), f"has {size} bytes, not {file.size}")
