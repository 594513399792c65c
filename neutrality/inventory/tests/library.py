"""The library for pure tests: read from the seeds once."""

import json
from functools import cache

from neutrality.inventory import rules, seeding
from neutrality.rulebook import reading
from neutrality.rulebook import seeding as rulebook_seeding


@cache
def library() -> dict[str, rules.Factor]:
    return {row["code"]: seeding.facts(row) for row in seeding.factor_rows()}


@cache
def sources():
    return reading.read(json.loads(json.dumps(rulebook_seeding.pack("cn-events-2019")))).sources
