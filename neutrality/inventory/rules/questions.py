"""Which sources an activity of a kind is asked about first, in which words, with which factors proposed (pure).

A source that is not asked first is asked after the others; none is ever left out, and none is answered by silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ANY = "*"


@dataclass(frozen=True)
class Question:
    """What is asked about one source. `first`: before the others. `factors`: codes proposed, the first filled in."""

    source: str
    first: bool
    ask_zh: str
    ask_en: str
    stage: str
    factors: tuple[str, ...]


def asked(rows: Iterable[Mapping[str, str]], kind: str, people: int | None) -> tuple[Question, ...]:
    """The questions for an activity, those asked first in front. Where nobody knows how many come, as for many.

    A kind without an order of its own is asked everything first, in the order of the rows."""
    general: dict[str, Mapping[str, str]] = {}
    own: dict[str, Mapping[str, str]] = {}
    for row in rows:
        if row["kind"] in (ANY, kind):
            (general if row["kind"] == ANY else own)[row["source"]] = row
    found = [_question(row, own.get(source), people, bool(own)) for source, row in general.items()]
    return tuple(question for _rank, question in sorted(found, key=lambda pair: (not pair[1].first, pair[0])))


def _question(
    general: Mapping[str, str], own: Mapping[str, str] | None, people: int | None, ordered: bool
) -> tuple[int, Question]:
    mine = own or {}
    rank = int(mine.get("rank") or 0)
    enough = people is None or people >= int(mine.get("from_people") or 0)
    special = tuple(filter(None, mine.get("factors", "").split(";")))
    usual = tuple(filter(None, general["factors"].split(";")))
    question = Question(
        source=general["source"],
        first=(bool(rank) and enough) if ordered else True,
        ask_zh=mine.get("ask_zh") or general["ask_zh"],
        ask_en=mine.get("ask_en") or general["ask_en"],
        stage=mine.get("stage") or general["stage"],
        factors=tuple(dict.fromkeys(special + usual)),
    )
    return rank, question
