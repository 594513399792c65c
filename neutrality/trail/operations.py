"""record: the last line of every operation. checkpoint: what the sweeper does.

Lock order: an operation that calls other operations locks its own rows first; `record` takes the trail's lock and keeps
it to the end of the transaction, so nothing may wait for another row after it, and nothing slow should follow it.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from neutrality import statements
from neutrality.trail import queries, rules
from neutrality.trail.models import Checkpoint, Entry

LOCK = 6962_01  # the trail's advisory lock; any constant nobody else uses
APPEND = "SELECT * FROM trail_append(%s, %s, %s, %s, %s, %s, %s, %s)"

_through: ContextVar[str] = ContextVar("through", default="")


@contextmanager
def through(name: str) -> Iterator[None]:
    """Every entry recorded inside says through what the person acted when it was not a browser: a key of theirs. The
    verbs need not know; `by` stays the person."""
    before = _through.set(name)
    try:
        yield
    finally:
        _through.reset(before)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic(savepoint=False)  # the caller's transaction is this one; two statements less for every operation
def record(
    *, verb: str, subject: str, by: Any, at: datetime, content: dict[str, Any] | None = None, public: bool = False
) -> Entry:
    """Append one entry in the caller's transaction. `by` is a user, or None for the portal itself; only its public_id
    is kept. The content is covered by the tree; it is printed only when `public`. The number and the hashes are made by
    the database (migration 0003_append), so that its lock is held for one short statement and the commit."""
    means = {"through": _through.get()} if _through.get() else {}
    told, salt = rules.canonical({**(content or {}), **means}), secrets.token_hex(16)
    facts = (verb, subject, by.public_id if by is not None else None, at)
    said = (*facts, told.decode(), public, salt, rules.sealed(salt, told))
    [(number, nodes)] = statements.rows(APPEND, said)
    entry = Entry(number, *facts, json.loads(told), public, salt, nodes)
    entry._state.adding, entry._state.db = False, connection.alias
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
