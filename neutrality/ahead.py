"""One piece of work ahead: the next is made in a thread while the last is used."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
END = object()


def ahead(pieces: Iterator[T]) -> Iterator[T]:
    """The same pieces in the same order, each made while its forerunner is used; what making one raises is raised in
    its place. Whoever makes them must not touch the database, whose connection belongs to the thread that asks."""
    with ThreadPoolExecutor(max_workers=1) as worker:
        coming = worker.submit(next, pieces, END)
        while (piece := coming.result()) is not END:
            coming = worker.submit(next, pieces, END)
            yield piece  # type: ignore[misc]
