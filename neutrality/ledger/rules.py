"""Span arithmetic for numbered units (pure). A span is (first, last), both inclusive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]

MINT = "issued:"  # where units come from; nothing ever lies there
VOID = "void:"  # where units found false go; nothing ever leaves it


class BadSpan(ValueError):
    """No span: it ends before it begins, or begins below one."""


def checked(span: Span) -> Span:
    """`span`, or BadSpan."""
    first, last = span
    if not 1 <= first <= last < 2**62:
        raise BadSpan(f"{first}-{last} is no span")
    return span


def count(span: Span) -> int:
    """How many numbers a span holds."""
    return span[1] - span[0] + 1


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same numbers in as few spans as possible, lowest first. Spans do not overlap."""
    result: list[Span] = []
    for first, last in sorted(spans):
        if result and result[-1][1] + 1 == first:
            result[-1] = (result[-1][0], last)
        else:
            result.append((first, last))
    return result


def clipped(spans: Iterable[Span], within: Span) -> list[Span]:
    """The parts of `spans` inside `within`."""
    cut = ((max(first, within[0]), min(last, within[1])) for first, last in spans)
    return [(first, last) for first, last in cut if first <= last]


def taken(spans: Sequence[Span], quantity: int) -> list[Span] | None:
    """The lowest `quantity` numbers of `spans`, or None when they hold fewer."""
    result: list[Span] = []
    left = quantity
    for first, last in merged(spans):
        if left == 0:
            break
        part = (first, min(last, first + left - 1))
        result.append(part)
        left -= count(part)
    return result if left == 0 else None


@dataclass(frozen=True)
class Move:
    """A transfer as a replay needs it: place codes and the span."""

    number: int
    source: str
    target: str
    span: Span


def replay(moves: Iterable[Move]) -> tuple[dict[str, list[Span]], list[int]]:
    """Where everything lies after `moves`, from nothing, and the numbers of the moves that were impossible."""
    held: dict[str, list[Span]] = {}
    impossible: list[int] = []
    issued: list[Span] = []
    for move in moves:
        if move.source == MINT:
            possible = not clipped(issued, move.span)
            issued += [move.span] * possible
        else:
            possible = _leave(held.setdefault(move.source, []), move.span)
        if possible:
            held.setdefault(move.target, []).append(move.span)
        else:
            impossible.append(move.number)
    return {place: merged(spans) for place, spans in held.items() if spans}, impossible


def _leave(spans: list[Span], span: Span) -> bool:
    """Take `span` out of `spans`, in place; False (and nothing taken) unless all of it was there."""
    touched = [each for each in spans if each[0] <= span[1] and span[0] <= each[1]]
    if sum(map(count, clipped(touched, span))) != count(span):
        return False
    for each in touched:
        spans.remove(each)
        if each[0] < span[0]:
            spans.append((each[0], span[0] - 1))
        if each[1] > span[1]:
            spans.append((span[1] + 1, each[1]))
    return True
