"""Reads of the trail: the tree's nodes, receipts, checkpoints."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from neutrality import statements
from neutrality.trail import rules
from neutrality.trail.models import Checkpoint, Entry

LAST = "SELECT number, nodes FROM trail_entry ORDER BY number DESC LIMIT 1"


def end() -> tuple[int, bytes]:
    """Number and nodes of the last entry; (0, b"") of an empty trail."""
    found = statements.rows(LAST, [])
    return (found[0][0], bytes(found[0][1])) if found else (0, b"")


def size() -> int:
    """How many entries there are."""
    return end()[0]


_asked: ContextVar[str | None] = ContextVar("asked", default=None)


def version() -> str:
    """The last leaf: it changes with every operation, and no two histories share it, so it names the state of all
    facts. Within one reading it is asked once."""
    asked = _asked.get()
    return end()[1][: rules.SIZE].hex() if asked is None else asked


def being_read() -> str:
    """The version of the reading this happens in; empty outside of one, where nothing may be kept."""
    return _asked.get() or ""


@contextmanager
def reading() -> Iterator[str]:
    """One reading, with the version it begins at: whatever is read in it can only be newer than that, never older."""
    begun = _asked.set(version())
    try:
        yield _asked.get() or ""
    finally:
        _asked.reset(begun)


def nodes(level: int, index: int) -> bytes:
    """Hash of a complete subtree: kept at the entry that completed it."""
    kept = Entry.objects.values_list("nodes", flat=True).get(number=(index + 1) << level)
    return bytes(kept)[level * rules.SIZE : (level + 1) * rules.SIZE]


def last_checkpoint() -> Checkpoint | None:
    """The newest one."""
    return Checkpoint.objects.order_by("-size").first()


def checkpoints(most: int = 200) -> list[Checkpoint]:
    """The newest ones, newest first."""
    return list(Checkpoint.objects.order_by("-size")[:most])


@dataclass(frozen=True)
class Receipt:
    """What lets a stranger check that an entry is in the tree; `path` is empty while no checkpoint covers it."""

    entry: Entry
    checkpoint: Checkpoint | None
    path: tuple[str, ...]


def receipt(entry: Entry) -> Receipt:
    """The proof against the oldest checkpoint that covers the entry: it never changes again."""
    covering = Checkpoint.objects.filter(size__gte=entry.number).order_by("size").first()
    if covering is None:
        return Receipt(entry, None, ())
    path = rules.inclusion(entry.number - 1, covering.size, nodes)
    return Receipt(entry, covering, tuple(step.hex() for step in path))
