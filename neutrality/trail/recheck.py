"""A second look at the trail: the whole tree again from the rows, and every checkpoint against it."""

from collections.abc import Iterator

from neutrality.findings import Finding
from neutrality.trail import rules
from neutrality.trail.models import Checkpoint, Entry

BATCH = 2000


def findings() -> Iterator[Finding]:
    """Wrong leaves and nodes, gaps, checkpoints the rows do not lead to."""
    checkpoints = {row.size: row.root for row in Checkpoint.objects.all()}
    peaks: dict[int, bytes] = {}
    size = 0
    for entry in Entry.objects.order_by("number").iterator(chunk_size=BATCH):
        size += 1
        if entry.number != size:
            yield Finding("trail_entry", str(size), "is missing")
            return
        yield from _entry(entry, peaks)
        root = checkpoints.pop(size, None)
        if root is not None and rules.root(size, lambda level, _index: peaks[level]).hex() != root:
            yield Finding("trail_checkpoint", str(size), "its root is not the root of the entries")
    for later in sorted(checkpoints):
        yield Finding("trail_checkpoint", str(later), f"covers more than the {size} entries there are")


def _entry(entry: Entry, peaks: dict[int, bytes]) -> Iterator[Finding]:
    """Compare one entry with what its columns and its predecessors make of it; `peaks` moves on with what is true."""
    leaf = rules.leaf_hash(entry.fact().data())
    nodes = rules.new_nodes(entry.number, leaf, lambda level, _index: peaks[level])
    if leaf.hex() != entry.leaf:
        yield Finding("trail_entry", str(entry.number), "its content is not what was recorded")
    elif nodes != bytes(entry.nodes):
        yield Finding("trail_entry", str(entry.number), "its place in the tree is not what was recorded")
    for level in range(len(nodes) // rules.SIZE):
        peaks[level] = nodes[level * rules.SIZE : (level + 1) * rules.SIZE]
