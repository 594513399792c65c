"""python3 manage.py conformance: published cases through our engine, published and ours side by side.

Needs no database and changes nothing: the figures come from seeds/ and go through the one calculation of the portal.
Ends with 1 where a total differs in the digits its source printed.
"""

import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from neutrality.inventory import kit, seeding
from neutrality.inventory.operations import cases
from neutrality.rulebook.models import Rulebook
from neutrality.rulebook.rules import Source

TOGETHER = ("tesa-", "73.194")


class Command(BaseCommand):
    help = "Recalculate the published cases; ends with 1 where a total differs."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--answers", action="store_true", help="our answers to the conformance kit, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["answers"]:
            answers = {activity["code"]: kit.answer(activity, sources_of_law()) for activity in kit.activities()}
            self.stdout.write(json.dumps(answers, indent=1, sort_keys=True))
            return
        rows = list(results())
        self.stdout.write(f"{'case':34}{'published t':>16}{'ours t':>16}{'difference':>14}")
        for name, published, ours in rows:
            self.stdout.write(f"{name:34}{published:>16}{ours:>16f}{ours - Decimal(published):>14f}")
        if any(ours != Decimal(published) for _, published, ours in rows):
            self.stderr.write("A total differs from what its source published.")
            raise SystemExit(1)


def sources_of_law() -> tuple[Source, ...]:
    """The sources of the national guide, read from its pack without a database."""
    pack = json.loads((settings.BASE_DIR / "seeds" / "rulebooks" / f"{cases.RULEBOOK}.json").read_text("utf-8"))
    sources: tuple[Source, ...] = Rulebook(content=pack).rules.sources
    return sources


def results() -> Any:
    """(name, published total as printed, ours with as many digits) of every case and kind, and TESA together."""
    library = {row["code"]: seeding.facts(row) for row in seeding.factor_rows()}
    sources = sources_of_law()
    together = Decimal(0)
    for case in cases.cases():
        for kind, published in sorted(case.published.items(), reverse=True):
            sheet = cases.calculate(case, kind, sources, library)
            if sheet.faults or sheet.gaps:
                raise ValueError(f"{case.code} is not complete: {sheet.faults or sheet.gaps}")
            name = case.code if len(case.published) == 1 else f"{case.code} {kind}"
            yield name, published, cases.as_printed(sheet.total_kg, published)
            together += sheet.total_kg if case.code.startswith(TOGETHER[0]) else 0
    yield "tesa-2019 together", TOGETHER[1], cases.as_printed(together, TOGETHER[1])
