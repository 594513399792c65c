"""Span arithmetic for numbered units (pure). A span is (first, last), both inclusive."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
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


@dataclass(frozen=True)
class Move:
    """A transfer as a replay needs it: place codes and the span."""

    number: int
    source: str
    target: str
    span: Span


class Line:
    """The numbers issued so far, cut into runs that lie in one place each. A move costs the same however many there
    are: runs are found by their first number, and those stand in short sorted lists with fences between them."""

    SHORT = 500

    def __init__(self) -> None:
        self.runs: dict[int, tuple[int, str]] = {}  # first number -> last number, place
        self.fences: list[int] = [0]
        self.firsts: list[list[int]] = [[]]

    def issue(self, span: Span, place: str) -> bool:
        """New numbers; False (and nothing done) when one of them was issued before."""
        before = self._before(span[1])
        if before is not None and self.runs[before][0] >= span[0]:
            return False
        self._add(span[0], span[1], place)
        return True

    def move(self, source: str, target: str, span: Span) -> bool:
        """Move a span; False (and nothing moved) unless all of it lies in `source`."""
        self._cut(span[0])
        self._cut(span[1] + 1)
        firsts, number = [], span[0]
        while number <= span[1]:
            last, place = self.runs.get(number, (0, ""))
            if place != source or not last:
                return False
            firsts.append(number)
            number = last + 1
        for first in firsts:
            self._remove(first)
        self._add(span[0], span[1], target)
        return True

    def held(self) -> dict[str, list[Span]]:
        """What lies where, in as few spans as possible."""
        found: dict[str, list[Span]] = {}
        for first, (last, place) in self.runs.items():
            found.setdefault(place, []).append((first, last))
        return {place: merged(spans) for place, spans in found.items()}

    def _cut(self, number: int) -> None:
        """Let a run begin at `number`, when one covers it."""
        before = self._before(number)
        if before is None or before == number or self.runs[before][0] < number:
            return
        last, place = self.runs[before]
        self.runs[before] = (number - 1, place)
        self._add(number, last, place)

    def _before(self, number: int) -> int | None:
        """First number of the last run that begins at or before `number`."""
        fence = bisect_right(self.fences, number) - 1
        while fence >= 0:
            if at := bisect_right(self.firsts[fence], number):
                return self.firsts[fence][at - 1]
            fence -= 1
        return None

    def _add(self, first: int, last: int, place: str) -> None:
        self.runs[first] = (last, place)
        at = bisect_right(self.fences, first) - 1
        insort(self.firsts[at], first)
        if len(self.firsts[at]) > 2 * self.SHORT:
            self.firsts[at : at + 1] = [self.firsts[at][: self.SHORT], self.firsts[at][self.SHORT :]]
            self.fences.insert(at + 1, self.firsts[at + 1][0])

    def _remove(self, first: int) -> None:
        del self.runs[first]
        firsts = self.firsts[bisect_right(self.fences, first) - 1]
        del firsts[bisect_left(firsts, first)]


def replay(moves: Iterable[Move]) -> tuple[dict[str, list[Span]], list[int]]:
    """Where everything lies after `moves`, from nothing, and the numbers of the moves that were impossible."""
    line, impossible = Line(), []
    for move in moves:
        minted = move.source == MINT
        if not (line.issue(move.span, move.target) if minted else line.move(move.source, move.target, move.span)):
            impossible.append(move.number)
    return line.held(), impossible
