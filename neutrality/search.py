"""Chinese search without an extension: single characters and pairs of neighbours under the `simple` configuration.

A model keeps `search = SearchVectorField()` with a GinIndex and saves `search = tokens(name, place, …)`: plain tokens
are a valid tsvector. A list filters by `search=query(text)` when that is not None.
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


def query(text: str) -> SearchQuery | None:
    """What a person asked for: every pair and every word's beginning must occur. None when nothing can be searched."""
    parts: list[str] = []
    for run in _runs(text):
        if _is_han(run):
            parts += _pairs(run) or [run]
        else:
            parts.append(f"{run[:64]}:*")
    return SearchQuery(" & ".join(parts[:MOST_ASKED]), config="simple", search_type="raw") if parts else None
