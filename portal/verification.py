"""A second look at everything that counts: every room's `recheck.findings`, all of them at the same moment."""

from django.db import connection, transaction

from neutrality.findings import Finding
from portal import walk


def findings(room: str = "") -> dict[str, list[Finding]]:
    """Everything wrong, by room, lowest floor first; only rooms whose name contains `room`."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return {name: list(module.findings()) for name, module in walk.modules("recheck") if room in name}
