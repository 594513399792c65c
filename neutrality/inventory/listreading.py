"""The columns of a list read once for each different text: numbers, words, places, and everything that is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from neutrality.inventory.rules import places, travel
from neutrality.inventory.rules.places import Gazetteer, Place

Ints = NDArray[np.int64]
HUNDREDTHS = 100
QUESTIONS = ("place_", "way_")
BLANK, WRONG = -1, -2
MODES, CABINS = list(travel.Mode), list(travel.Cabin)


@dataclass(frozen=True)
class Column:
    """One column of a list: what different texts there are, and for each row which of them."""

    codes: NDArray[np.int32]
    values: list[str]


@dataclass(frozen=True)
class Terms:
    """What a list is read with: places, the venue, words, whether blank modes are inferred, what spellings mean."""

    gazetteer: Gazetteer
    venue: Place
    modes: Mapping[str, travel.Mode]
    cabins: Mapping[str, travel.Cabin]
    infer: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """A text of a column that cannot be used as it stands, and the rows it stands in (from 1, first first). A place is
    a question: `candidates` are what it may be. So is a way that cannot be."""

    code: str
    field: str
    written: str
    rows: Ints
    candidates: tuple[Place, ...] = ()
    way: tuple[str, str] = ("", "")  # of a question about a way: the code of its place, and the mode

    @property
    def question(self) -> bool:
        return self.code.startswith(QUESTIONS)


def way_key(place: str, mode: str) -> str:
    """Under what the answer about a way is kept, beside those about spellings."""
    return f"way:{mode}:{place}"


@dataclass(frozen=True)
class Texts:
    """A column read: the number each different text stands for, and for each row which text it has."""

    values: Ints
    codes: NDArray[np.int32]

    @property
    def rows(self) -> Ints:
        return self.values[self.codes]


class Settling:
    """Reads the columns of a list."""

    def __init__(self, columns: Mapping[str, Column], rows: int, terms: Terms):
        self.terms = terms
        said = np.zeros(rows, dtype=bool)
        for column in columns.values():
            blank = np.array([not text.strip() for text in column.values] or [True])
            said |= ~blank[column.codes] if blank.any() else True
        self.position = np.flatnonzero(said)
        self.columns = dict(columns)
        if len(self.position) < rows:
            self.columns = {name: Column(each.codes[self.position], each.values) for name, each in columns.items()}
        self.wrong: list[Wrong] = []

    def ask_about_ways(
        self, kind: NDArray[np.int32], origin: Ints, settled: list[Place], ways: tuple[Ints, Ints]
    ) -> tuple[Ints, Ints]:
        """Both directions of each kind of row, with ways that cannot be replaced by what was answered about them, and
        asked about where nothing was: once for each place and mode."""
        size = len(MODES)
        doubts = {
            at * size + number: question
            for at, place in enumerate(settled)
            for number, mode in enumerate(MODES)
            if (question := travel.doubt(place, self.terms.venue, mode))
        }
        rows: dict[int, list[Ints]] = {}
        there, back = ways
        given = [self._answered(origin, way, settled, doubts) for way in ways]
        for way in (there, np.where(back == there, BLANK, back)):
            asked = np.where((origin < 0) | (way < 0), BLANK, origin * size + way)
            asked = np.where(np.isin(asked, list(doubts)), asked, BLANK)
            if (asked != BLANK).any():
                at = np.flatnonzero(asked[kind] != BLANK)
                for pair, found in _by_code(asked[kind[at]], self.position[at] + 1):
                    rows.setdefault(pair, []).append(found)
        for pair, found in rows.items():
            place, mode = settled[pair // size], MODES[pair % size]
            if self._said(place, mode, doubts[pair]) is None:
                stands = np.unique(np.concatenate(found))
                self.wrong.append(Wrong(doubts[pair], "mode", place.code, stands, (), (place.code, mode.value)))
        return given[0], given[1]

    def _answered(self, origin: Ints, way: Ints, settled: list[Place], doubts: Mapping[int, str]) -> Ints:
        """A direction with what was answered."""
        before, way = way, way.copy()
        for pair, question in doubts.items():
            place, mode = settled[pair // len(MODES)], MODES[pair % len(MODES)]
            said = self._said(place, mode, question)
            if said is not None and said is not mode:
                way[(origin == pair // len(MODES)) & (before == pair % len(MODES))] = MODES.index(said)
        return way

    def _said(self, place: Place, mode: travel.Mode, question: str) -> travel.Mode | None:
        """What was answered about a way; nothing but what was offered."""
        said = self.terms.answers.get(way_key(place.code, mode.value), "")
        return next((each for each in travel.offered(question, mode) if each.value == said), None)

    def say(self, code: str, name: str, rows: Ints, written: str = "", candidates: tuple[Place, ...] = ()) -> None:
        self.wrong.append(Wrong(code, name, written[: places.LONGEST_WRITTEN], rows, candidates))

    def column(self, name: str) -> Column:
        """The column, or one without any text where the list has none."""
        return self.columns.get(name) or Column(np.zeros(len(self.position), dtype=np.int32), [""])

    # --- numbers and words

    def read(self, name: str, reader: Callable[[str], int]) -> Texts:
        """The column as whole numbers: `reader` is asked once for each different text, and says BLANK or raises
        Unread."""
        column, codes = self.column(name), {}
        read = np.full(max(1, len(column.values)), BLANK, dtype=np.int64)
        for place, text in enumerate(column.values):
            try:
                read[place] = reader(text)
            except travel.Unread as wrong:
                read[place], codes[place] = WRONG, wrong.code
        if codes:
            at = np.flatnonzero(read[column.codes] == WRONG)
            for place, rows in _by_code(column.codes[at], self.position[at] + 1):
                self.say(codes[place], name, rows, column.values[place].strip())
        return Texts(read, column.codes)

    def number(self, name: str) -> Texts:
        def reader(text: str) -> int:
            found = travel.read_number(name, text)
            return BLANK if found is None else int(found * HUNDREDTHS)

        return self.read(name, reader)

    def mode(self, name: str) -> Texts:
        def reader(text: str) -> int:
            found = travel.read_mode(text, self.terms.modes)
            return BLANK if found is None else MODES.index(found)

        return self.read(name, reader)

    def cabin(self) -> Texts:
        return self.read("cabin", lambda text: CABINS.index(travel.read_cabin(text, self.terms.cabins)))

    # --- places

    def origins(self, given: NDArray[np.bool_]) -> tuple[Texts, list[Place], dict[str, Place]]:
        """For each text the index of its place (BLANK without one), the places, and which text means which. Doubtful
        ones are asked once, where no kilometres are given."""
        column = _alike(self.column("origin"))
        index, doubts = np.full(max(1, len(column.values)), BLANK, dtype=np.int64), {}
        found: dict[str, int] = {}
        settled: list[Place] = []
        written: dict[str, Place] = {}
        for at, text in enumerate(column.values):
            word = text.strip()[: places.LONGEST_WRITTEN + 1]
            candidates = self._candidates(word) if word else ()
            if len(candidates) == 1:
                place = written[word] = candidates[0]
                if place.code not in found:
                    found[place.code] = len(settled)
                    settled.append(place)
                index[at] = found[place.code]
            elif word:
                doubts[at] = candidates
        if (index == BLANK).any():
            at = np.flatnonzero((index[column.codes] == BLANK) & ~given)
            for code, rows in _by_code(column.codes[at], self.position[at] + 1):
                self._ask(column.values[code].strip()[: places.LONGEST_WRITTEN], doubts.get(code, ()), rows)
        return Texts(index, column.codes), settled, written

    def ask_who_is_here(self, origin: Texts, settled: list[Place], km: Texts, modes: tuple[Texts, Texts]) -> None:
        """Who starts in the city of the activity says how far, unless on their own legs: an unknown way is no zero."""
        here = np.array([*(place.code == self.terms.venue.code for place in settled), False])  # BLANK finds the last
        if not here.any():
            return
        there, back = (mode.rows for mode in modes)
        walk = MODES.index(travel.Mode.OWN_LEGS)
        walking = (there == walk) & ((back == walk) | (back == BLANK))
        rows = np.flatnonzero(here[origin.rows] & (km.rows == BLANK) & ~walking)
        if len(rows):
            self.say("km_missing", "km", self.position[rows] + 1)

    def _ask(self, word: str, candidates: tuple[Place, ...], rows: Ints) -> None:
        """One question for one spelling. The capital of a province is offered, never taken."""
        code = "place_ambiguous" if candidates else "place_unknown"
        if not word:
            code = "origin_missing"
        elif not candidates and self.terms.gazetteer.is_province(word):
            capital = self.terms.gazetteer.capital(word)
            candidates, code = (capital,) if capital is not None else (), "place_province"
        self.say(code, "origin", rows, word, candidates)

    def _candidates(self, word: str) -> tuple[Place, ...]:
        answer = self.terms.gazetteer.places.get(self.terms.answers.get(word[: places.LONGEST_WRITTEN], ""))
        return (answer,) if answer is not None else self.terms.gazetteer.find(word)


def _alike(column: Column) -> Column:
    """The column with spellings that look up the same made one: they are asked about once."""
    first: dict[str, int] = {}
    same = [first.setdefault(places.flat(text), at) for at, text in enumerate(column.values)]
    return Column(np.array(same or [0], dtype=np.int32)[column.codes], column.values)


def _by_code(codes: NDArray[np.int32], rows: Ints) -> list[tuple[int, Ints]]:
    """Rows grouped by code, the largest group first."""
    if not len(codes):
        return []
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    parts = zip(codes[order[starts]], np.split(order, starts[1:]), strict=True)
    found = [(int(code), rows[part]) for code, part in parts]
    return sorted(found, key=lambda group: (-len(group[1]), group[1][0]))
