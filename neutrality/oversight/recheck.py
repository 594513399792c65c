"""A second look at cases: every step follows the dictionary, and nobody decided what they prepared (V32)."""

from collections.abc import Iterator

from neutrality.findings import Finding
from neutrality.oversight import rules
from neutrality.oversight.models import Case, Step
from neutrality.oversight.rules import Act, Kind, State

BATCH = 500


def findings() -> Iterator[Finding]:
    cases = Case.objects.prefetch_related("steps").order_by("pk")
    for case in cases.iterator(chunk_size=BATCH):
        yield from of(case, list(case.steps.all()))


def of(case: Case, steps: list[Step]) -> Iterator[Finding]:
    """The life of one case, walked again from its opening."""
    if not steps or steps[0].act != Act.OPEN:
        yield Finding("oversight_case", case.number, "does not begin with its opening")
        return
    state = State(steps[0].state)
    for place, step in enumerate(steps[1:], start=2):
        found = rules.move(Kind(case.kind), state, Act(step.act))
        if step.position != place:
            yield Finding("oversight_step", str(step.pk), f"stands at {step.position}, expected {place}")
        if found is None or found.to != step.state:
            yield Finding("oversight_step", str(step.pk), f"{step.act} does not lead from {state} to {step.state}")
        elif step.act in rules.DECISIONS and step.by_id in preparers(steps[: place - 1], found):
            yield Finding("oversight_step", str(step.pk), "was decided by somebody who prepared it")
        state = State(step.state)


def preparers(earlier: list[Step], found: rules.Move) -> set[int]:
    return {step.by_id for step in earlier if step.act in found.barred_by and step.by_id}
