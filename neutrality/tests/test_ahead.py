"""One piece of work ahead: order, errors and the end are those of the pieces themselves."""

from threading import Event

import pytest

from neutrality.ahead import ahead


def test_the_same_pieces_in_the_same_order():
    assert list(ahead(iter(range(50)))) == list(range(50))
    assert list(ahead(iter([]))) == []


def test_the_next_is_made_while_the_last_is_used():
    made = Event()

    def pieces():
        yield 1
        made.set()
        yield 2

    coming = ahead(pieces())
    assert next(coming) == 1
    assert made.wait(10)
    assert list(coming) == [2]


def test_what_making_one_raises_is_raised_in_its_place():
    def pieces():
        yield 1
        raise LookupError("the second")

    coming = ahead(pieces())
    assert next(coming) == 1
    with pytest.raises(LookupError, match="the second"):
        next(coming)


def test_whoever_stops_asking_stops_the_making():
    made = []

    def pieces():
        for number in range(1000):
            made.append(number)
            yield number

    coming = ahead(pieces())
    assert next(coming) == 0
    coming.close()
    assert len(made) <= 3
