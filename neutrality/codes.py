"""Public codes: short, speakable, not guessable in order, without vowels (no words) and look-alikes."""

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
GROUP = 4


def new_code(prefix: str = "", groups: int = 2) -> str:
    """A fresh code such as "B7K2-M9QX", or "P-B7K2-M9QX" with the prefix "P"."""
    parts = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(groups)]
    return "-".join([prefix, *parts] if prefix else parts)
