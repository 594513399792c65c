"""The badge of a statement as SVG: it always says the state now, in the words of the claim and no others.

Drawn by hand: no script, no outside picture, no font of its own. State shows by shape and words; colour only repeats
it, and the monochrome badge does without.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neutrality.disclosure import book, certifying, queries, rules, words
from neutrality.disclosure.models import Statement

WIDTH, LEFT, RIGHT = 360, 52, 14
INK, SOFT, PAPER = "#17211c", "#4d5751", "#fbfaf6"
COLOURS = {"good": "#14594a", "wait": "#7a5200", "bad": "#b3301f"}
REASON, NAME_LINES = 60, 2  # a reason may fill a page; the statement has all of it


@dataclass(frozen=True)
class Line:
    """One line of text: where, how large, how dark."""

    y: int
    size: int
    colour: str
    bold: bool
    text: str


def svg(found: Statement, on: date, *, monochrome: bool) -> str:
    """The badge in the active language."""
    facts = queries.live(found.activity, on)
    said = rules.claim(facts)
    short = replace(said, reason=_shortened(said.reason))
    colour = INK if monochrome else COLOURS[said.tone]
    name = book.named(found.content["name"])
    lines, y = [], 26
    for text, size, shade, bold, most in (
        (certifying.sentence(short), 15, colour, True, None),
        (_balance(found, facts, said), 13, INK, False, None),
        (name, 13, INK, False, NAME_LINES),
        (_("%(number)s, state of %(on)s") % {"number": found.number, "on": on.isoformat()}, 11, SOFT, False, None),
    ):
        for part in _wrapped(_visible(text), size, most):
            lines.append(Line(y, size, INK if monochrome else shade, bold, part))
            y += size + 6
        y += 3
    context = {
        "lines": lines,
        "language": get_language(),
        "width": WIDTH,
        "height": y + 2,
        "left": LEFT,
        "colour": colour,
        "paper": "#ffffff" if monochrome else PAPER,
        "tone": said.tone,
        "title": _visible(f"{certifying.sentence(short)} · {name} · {found.number}"),
    }
    return render_to_string("disclosure/badge.svg", context)


def _balance(found: Statement, facts: rules.ClaimFacts, said: rules.Claim) -> str:
    """The last line of the book of today; silent beside a muted claim, whose sum proves nothing now."""
    if said.muted or facts.due_kg is None:
        return ""
    left = rules.balance(facts.due_kg, facts.units, partial=facts.partial)
    return words.balance(left.state, left.units)


def _shortened(reason: str) -> str:
    return reason if len(reason) <= REASON else reason[: REASON - 1] + "…"


def _visible(text: str) -> str:
    """Without signs XML cannot hold or nobody can see: controls, surrogates, marks that turn the direction."""
    kept = [sign for sign in " ".join(text.split()) if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Cn", "Co")]
    return re.sub(r"(?<=\d) (?=t\b|%|吨)", "\u00a0", "".join(kept))  # a number keeps its unit


def _width(sign: str, size: int) -> int:
    """A generous guess in hundredths of a pixel, so that no font runs over the edge."""
    return size * (
        100 if unicodedata.east_asian_width(sign) in "WFA" else 66 if sign.isupper() or sign in "%@mwMW" else 54
    )


def _wrapped(text: str, size: int, most: int | None) -> list[str]:
    """`text` in lines that fit; Chinese may break anywhere, words at their spaces, a monster anywhere too."""
    room = (WIDTH - LEFT - RIGHT) * 100
    lines, line, used = [], "", 0
    for token in _tokens(text):
        wide = sum(_width(sign, size) for sign in token)
        if used + wide > room and line:
            lines.append(line.rstrip())
            line, used = "", 0
        if wide > room:
            pieces = [token[at : at + 24] for at in range(0, len(token), 24)]
            lines += pieces[:-1]
            token, wide = pieces[-1], sum(_width(sign, size) for sign in pieces[-1])
        line, used = line + token, used + wide
    lines += [line.rstrip()] if line.strip() else []
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    return lines


def _tokens(text: str) -> list[str]:
    """Words with the space after them, single Chinese signs with the closing mark after them."""
    tokens: list[str] = []
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in "WF"
        closing = sign in "，。；：、！？）》”,.;:!?)%"
        fresh = not tokens or tokens[-1].endswith(" ") or unicodedata.east_asian_width(tokens[-1][-1]) in "WF"
        if tokens and (closing or not (wide or fresh)):
            tokens[-1] += sign
        else:
            tokens.append(sign)
    return tokens
