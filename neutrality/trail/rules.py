"""Canonical bytes and the hash tree of RFC 6962: leaf, root, inclusion proof, consistency proof (pure).

A tree over n leaves is asked for through `Nodes`: a function (level, index) -> hash of the complete subtree over the
leaves [index · 2^level, (index + 1) · 2^level). Who stores those answers every question in O(log n) look-ups.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import rfc8785

SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
Nodes = Callable[[int, int], bytes]
LARGEST = 2**53 - 1  # beyond it JSON's numbers are not exact everywhere (RFC 8785 3.2.2.3)
AS_IT_IS = {str, bool, type(None)}
BEYOND = re.compile("[\U00010000-\U0010ffff]")


def plain(value: Any) -> Any:
    """`value` as JSON has it: amounts, days, moments and codes become strings; a float is refused."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, float):
        raise TypeError("an amount is never a float")
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError("a number beyond 2^53 is written as text")
    if isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def moment(at: datetime) -> str:
    """UTC to the microsecond, always the same length; a naive moment is refused."""
    if at.tzinfo is None:
        raise TypeError("a moment has a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Any) -> bytes:
    """The one byte string of a value (RFC 8785), amounts as strings. Without signs beyond the basic plane, whose place
    in the order of keys RFC 8785 sees differently, the standard library writes the same (a property holds that)."""
    told = plain(value)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return rfc8785.dumps(told) if BEYOND.search(text) else text.encode()


def digest(data: bytes) -> str:
    """SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def commitment(salt: str, content: Any) -> str:
    """A digest that fixes `content` without telling it: who knows salt and content can show that they are the ones."""
    return sealed(salt, canonical(content))


def sealed(salt: str, told: bytes) -> str:
    """The commitment to a content by its canonical bytes."""
    return digest(bytes.fromhex(salt) + told)


@dataclass(frozen=True)
class Fact:
    """What the tree covers of one entry."""

    number: int
    verb: str
    subject: str
    by: str | None
    at: datetime
    content: str

    def plain(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {name: plain(value) for name, value in vars(self).items()}

    def data(self) -> bytes:
        """The leaf's input."""
        return canonical(self.plain())


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256 of 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def closing(number: int) -> int:
    """How many levels above the leaf are completed by entry `number` (counted from 1)."""
    return (number & -number).bit_length() - 1


def new_nodes(number: int, leaf: bytes, nodes: Nodes) -> bytes:
    """Hashes of the complete subtrees that end at entry `number`, smallest first, in one string."""
    kept = [leaf]
    for level in range(closing(number)):
        sibling = nodes(level, (number >> level) - 2)
        kept.append(node_hash(sibling, kept[-1]))
    return b"".join(kept)


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def subtree(first: int, size: int, nodes: Nodes) -> bytes:
    """Root over the leaves [first, first + size), where `first` is a multiple of the power of two not below `size`."""
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, first >> level)
    half = _split(size)
    return node_hash(subtree(first, half, nodes), subtree(first + half, size - half, nodes))


def root(size: int, nodes: Nodes) -> bytes:
    """Root of the tree over the first `size` leaves."""
    return subtree(0, size, nodes)


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Audit path of the leaf `index` (from 0) in the tree over `size` leaves, nearest first (RFC 6962 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in this tree")
    return list(_path(index, 0, size, nodes))


def _path(index: int, first: int, size: int, nodes: Nodes) -> Iterator[bytes]:
    if size == 1:
        return
    half = _split(size)
    if index < half:
        yield from _path(index, first, half, nodes)
        yield subtree(first + half, size - half, nodes)
    else:
        yield from _path(index - half, first + half, size - half, nodes)
        yield subtree(first, half, nodes)


def consistency(old: int, size: int, nodes: Nodes) -> list[bytes]:
    """Proof that the tree over `old` leaves is the beginning of the one over `size` (RFC 6962 2.1.2)."""
    if not 0 < old <= size:
        raise ValueError("no such earlier tree")
    return list(_kept(old, 0, size, True, nodes))


def _kept(old: int, first: int, size: int, whole: bool, nodes: Nodes) -> Iterator[bytes]:
    if old == size:
        if not whole:
            yield subtree(first, size, nodes)
        return
    half = _split(size)
    if old <= half:
        yield from _kept(old, first, half, whole, nodes)
        yield subtree(first + half, size - half, nodes)
    else:
        yield from _kept(old - half, first + half, size - half, False, nodes)
        yield subtree(first, half, nodes)


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root a path leads to; ValueError when the path has the wrong length (RFC 9162 2.1.3.2)."""
    place, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return result


def roots_from_consistency(old: int, size: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root a proof leads to (RFC 9162 2.1.4.2); ValueError when its length is wrong."""
    if old == size:
        if proof:
            raise ValueError("the proof is too long")
        return old_root, old_root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ValueError("the proof is too short")
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ValueError("the proof is too long")
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return first, second
