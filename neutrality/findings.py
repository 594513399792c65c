"""What a second look found wrong: the row, and what is wrong with it, for `manage.py verify`.

A room that has something to look at again has a module `recheck` with `findings() -> Iterator[Finding]`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One wrong row. `text` is English: it is read by operators beside a log."""

    table: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.text}"
