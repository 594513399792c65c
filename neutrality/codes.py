"""Public codes: short, speakable, not guessable in order, without vowels (no words) and look-alikes.

Eight signs are 3.8 · 10^11 codes: among a million rows of one kind, about one draw hits a code that is taken. Who
writes a row with a drawn code derives its model from `Coded`, which then draws again.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models.constants import OnConflict

from neutrality import statements

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
GROUP = 4
TRIES = 5  # the second draw fails once in 10^5 times, the fifth never: then something else is wrong


class Code(str):
    """A code that was drawn, not given: another would do as well."""

    __slots__ = ("groups", "prefix")
    prefix: str
    groups: int

    def other(self) -> "Code":
        """Another one of the same shape."""
        return new_code(self.prefix, self.groups)


def new_code(prefix: str = "", groups: int = 2) -> Code:
    """A fresh code such as "B7K2-M9QX", or "P-B7K2-M9QX" with the prefix "P"."""
    drawn, signs = secrets.randbelow(len(ALPHABET) ** (GROUP * groups)), []
    for _place in range(GROUP * groups):
        drawn, sign = divmod(drawn, len(ALPHABET))
        signs.append(ALPHABET[sign])
    parts = ["".join(signs[first : first + GROUP]) for first in range(0, len(signs), GROUP)]
    code = Code("-".join([prefix, *parts] if prefix else parts))
    code.prefix, code.groups = prefix, groups
    return code


class Coded(models.Model):
    """Base of rows under a drawn code. A code that is taken costs one look and another draw, in the same transaction;
    where none is taken nothing is said that would not be said anyway: the INSERT itself tells (ON CONFLICT)."""

    coded = "number"  # the column of the code

    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> Any:
        """Django's own step of `save`, with another code where the drawn one is taken."""
        for _try in range(TRIES):
            found = manager._insert(
                [self],
                fields=fields,
                returning_fields=returning_fields,
                using=using,
                raw=raw,
                on_conflict=OnConflict.IGNORE,
            )
            if found != [None]:
                return found
            if not self.recode():
                break
        return super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]

    @classmethod
    def insert(cls, rows: Sequence["Coded"]) -> None:
        """`save` for rows that are written very often, all by one statement: no signals, no checks of Django's."""
        for _try in range(TRIES):
            rows = statements.insert(rows, cls.coded)
            if not rows:
                return
            if not all(row.recode() for row in rows):
                break
        for row in rows:
            row.save(force_insert=True)  # says what stands in the way

    def recode(self) -> bool:
        """Draw another code when this one was drawn and is taken; else False: something else stands in the way."""
        taken = getattr(self, self.coded)
        if not isinstance(taken, Code) or not type(self)._base_manager.filter(**{self.coded: taken}).exists():
            return False
        setattr(self, self.coded, taken.other())
        self.recoded()
        return True

    def recoded(self) -> None:
        """For rows that hold their code a second time."""
