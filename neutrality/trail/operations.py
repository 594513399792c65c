"""record: the last line of every operation. checkpoint: what the sweeper does.

Lock order: an operation that calls other operations locks its own rows first; `record` takes the trail's lock and keeps
it to the end of the transaction, so nothing may wait for another row after it.
"""

import secrets
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from neutrality.trail import queries, rules
from neutrality.trail.models import Checkpoint, Entry

LOCK = 6962_01  # the trail's advisory lock; any constant nobody else uses


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic(savepoint=False)  # the caller's transaction is this one; two statements less for every operation
def record(
    *, verb: str, subject: str, by: Any, at: datetime, content: dict[str, Any] | None = None, public: bool = False
) -> Entry:
    """Append one entry in the caller's transaction. `by` is a user, or None for the portal itself; only its public_id
    is kept. The content is covered by the tree; it is printed only when `public`."""
    _lock()
    last, last_nodes = queries.end()
    number = last + 1
    entry = Entry(
        number=number,
        verb=verb,
        subject=subject,
        by=by.public_id if by is not None else None,
        at=at,
        content=rules.plain(content or {}),
        public=public,
        salt=secrets.token_hex(16),
    )
    leaf = rules.leaf_hash(entry.fact().data())
    entry.nodes = rules.new_nodes(
        number, leaf, lambda level, index: last_nodes[: rules.SIZE] if level == 0 else queries.nodes(level, index)
    )
    entry.save(force_insert=True)
    return entry


@transaction.atomic
def checkpoint(*, at: datetime) -> Checkpoint | None:
    """Fix the root of the tree as it is now; None while nothing was added since the last one."""
    _lock()
    size = queries.size()
    last = queries.last_checkpoint()
    if size == (last.size if last else 0):
        return None
    return Checkpoint.objects.create(size=size, root=rules.root(size, queries.nodes).hex(), at=at)
