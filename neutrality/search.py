"""Chinese search without an extension: single characters and pairs of neighbours under the `simple` configuration.

A model keeps `search = SearchVectorField()` with a GinIndex and saves `search = tokens(name, place, …)`: plain tokens
are a valid tsvector. A list filters by `search=query(text)` when that is not None. Names that exist in two scripts are
kept as `named(…)` and looked for by `asked(text)`.
"""

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
MOST = 2000
MOST_ASKED = 40


def _runs(text: str) -> list[str]:
    return RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _is_han(run: str) -> bool:
    return re.match(f"[{HAN}]", run) is not None


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def tokens(*texts: str) -> str:
    """What a row can be found by: words, single Han characters and their pairs, sorted, separated by blanks."""
    found: set[str] = set()
    for run in _runs(" ".join(texts)):
        found.update([*run, *_pairs(run)] if _is_han(run) else [run[:64]])
    return " ".join(sorted(found)[:MOST])


def raw(text: str) -> str:
    """The text of a tsquery over `tokens`: every pair and every word's beginning. "" when nothing can be searched."""
    parts: list[str] = []
    for run in _runs(text):
        if _is_han(run):
            parts += _pairs(run) or [run]
        else:
            parts.append(f"{run[:64]}:*")
    return " & ".join(parts[:MOST_ASKED])


def query(text: str) -> SearchQuery | None:
    """What a person asked for as a filter; None when nothing can be searched."""
    found = raw(text)
    return search_query(found) if found else None


def search_query(text: str) -> SearchQuery:
    """The filter for the text of a tsquery."""
    return SearchQuery(text, config="simple", search_type="raw")


# ---- names that are looked for in either language and script ---------------------------------------------------------

SHORTEST_END = 3
LONGEST_WORD = 24
WEIGHTS = "ABCD"


def plain(text: str) -> str:
    """Lower case, full-width forms and accents made plain: Amapá is found by amapa."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    return unicodedata.normalize("NFC", "".join(sign for sign in parts if not unicodedata.combining(sign)))


def _ends(word: str) -> list[str]:
    """The word and every end of it, so that a beginning of one of them is any part of the word."""
    word = word[:LONGEST_WORD]
    return [word[start:] for start in range(max(len(word) - SHORTEST_END, 0) + 1)]


def pinyin(text: str) -> list[str]:
    """The syllables of a Chinese text; the dictionary is read when first asked for."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text)


def _spelt(run: str) -> list[str]:
    """Pinyin of a Chinese run from each character on: 四川 is found by sichuan and by chuan."""
    syllables = pinyin(run)
    return ["".join(syllables[start:])[:LONGEST_WORD] for start in range(len(syllables))]


def named(*parts: tuple[str, ...]) -> str:
    """A tsvector literal of names: up to four groups of texts, told apart when asked for (A, B, C, D).

    A row is found by any part of a Latin word from three letters on, by Chinese characters, and by their pinyin.
    """
    places: dict[str, set[str]] = {}
    for weight, texts in zip(WEIGHTS, parts, strict=False):
        for run in RUN.findall(plain(" ".join(texts))):
            for token in [*run, *_pairs(run), *_spelt(run)] if _is_han(run) else _ends(run):
                places.setdefault(token, set()).add(weight)
    rows = [(token, sorted(weights)) for token, weights in sorted(places.items())[:MOST]]
    return " ".join(f"{token}:{','.join(f'{WEIGHTS.index(one) + 1}{one}' for one in found)}" for token, found in rows)


def asked(text: str, weight: str = "") -> str:
    """The text of a tsquery over `named`: every Chinese pair, every part of a word; of one group if `weight` is given.

    Words of one or two letters are taken whole: as parts they would name nearly every row. "" when nothing is asked.
    """
    parts: list[str] = []
    for run in RUN.findall(plain(text)):
        if _is_han(run):
            parts += [f"{pair}:{weight}" if weight else pair for pair in _pairs(run) or [run]]
        else:
            begun = "*" if len(run) >= SHORTEST_END else ""
            parts.append(f"{run[:LONGEST_WORD]}:{begun}{weight}" if begun or weight else run)
    return " & ".join(dict.fromkeys(parts[:MOST_ASKED]))
