"""Facts and scores as plain JSON: what is stored is what was counted, and the digest of it."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from neutrality.standing import rules


def plain(value: Any) -> Any:
    """Dates and decimals as text, tuples as lists; the same value always gives the same text."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, date | Decimal):
        return str(value)
    return value.value if isinstance(value, rules.Reason | rules.Criterion) else value


def facts_record(facts: rules.Facts) -> dict[str, Any]:
    return plain(asdict(facts))


def score_record(score: rules.Score | None) -> dict[str, Any]:
    return plain(asdict(score)) if score else {}


def read_facts(record: dict[str, Any]) -> rules.Facts:
    """The facts of a stored score, to count them again (V36)."""
    activities = tuple(read_activity(row) for row in record["activities"])
    lists = {name: tuple(record[name]) for name in ("violations", "open_cases", "upheld")}
    return rules.Facts(record["organization"], date.fromisoformat(record["on"]), activities, **lists)


def read_activity(row: dict[str, Any]) -> rules.ActivityFact:
    days = {name: row[name] and date.fromisoformat(row[name]) for name in DAYS}
    evidence = tuple(rules.Evidence(**each) for each in row["evidence"])
    return rules.ActivityFact(**{**row, **days, "evidence": evidence})


DAYS = ("ended_on", "plan_on", "inventory_on", "statement_on", "units_deadline")


def digest(facts: dict[str, Any], score: dict[str, Any], policy: str) -> str:
    """What must differ for a new score to be worth a row: the day alone does not."""
    seen = {"facts": {**facts, "on": ""}, "score": score, "policy": policy}
    return sha256(json.dumps(seen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
