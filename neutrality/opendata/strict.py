"""JSON as a program sent it, read so that no amount was a binary number on the way and nothing is taken in silence.

Amounts are text. A number in JSON is where most languages round before anybody sees it (0.1 + 0.2, 1e21), so one that
stands where an amount is expected is refused with a sentence, and no number ever becomes a float here.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

LONGEST_INTEGER = 15  # digits that every language keeps exactly
SURROGATE = re.compile("[\ud800-\udfff]")


class NotJson(ValueError):
    """The bytes are no JSON this house reads; `code` says why, `words` what to fill into the sentence."""

    def __init__(self, code: str, **words: Any):
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True)
class Number:
    """A number that is no small whole number, as it was written."""

    written: str


def load(data: bytes) -> Any:
    """The value in `data` (UTF-8): dict, list, str, int of at most 15 digits, Number, bool, None. Raises NotJson."""
    try:
        text = data.decode("utf-8-sig")
        return json.loads(
            text, object_pairs_hook=_object, parse_float=Number, parse_int=_integer, parse_constant=Number
        )
    except UnicodeDecodeError as error:
        raise NotJson("not_utf8") from error
    except json.JSONDecodeError as error:
        raise NotJson("not_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise NotJson("too_deep") from error


def _integer(written: str) -> int | Number:
    return int(written) if len(written) <= LONGEST_INTEGER else Number(written)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: of two figures one would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson("name_twice", name=twice[:40])
    return found


def storable(text: str) -> bool:
    """Whether a column of text can hold it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not SURROGATE.search(text)
