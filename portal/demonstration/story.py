"""One account from its first draft to its statement: the verbs a story is told with, each at its day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from neutrality.activities import operations as activities
from neutrality.activities.models import Activity
from neutrality.disclosure import operations as disclosure
from neutrality.disclosure.models import Statement
from neutrality.evaluation import operations as evaluations
from neutrality.evaluation import queries as evaluation_queries
from neutrality.evaluation import rules as evaluation_rules
from neutrality.evidence import operations as evidence
from neutrality.inventory import operations as inventories
from neutrality.inventory import queries as inventory_queries
from neutrality.inventory.rules import whatif
from neutrality.offsets import operations as offsets
from portal.demonstration import people, units
from portal.demonstration.diary import Diary
from portal.demonstration.figures import PATTERNS

JOURNEYS = frozenset({"participant_travel", "lodging", "catering"})  # sources a list or a survey answers for


class Paper(BytesIO):
    """A small file as a person would hand it in."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(data)
        self.name, self.size = name, len(data)


def readings(activity: Activity) -> Paper:
    """The meter readings behind measured lines."""
    rows = ["表计,起,止,单位", f"{activity.code}-1,10482.4,15210.9,kWh", f"{activity.code}-2,771.0,802.6,m3"]
    return Paper("抄表记录.csv", "\n".join(rows).encode())


def opinion(activity: Activity) -> Paper:
    """The report of an evaluation: a sheet that says it is one of the demonstration."""
    body = f"%PDF-1.4\n%demonstration {activity.code}\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    return Paper("评价报告.pdf", body.encode())


@dataclass
class Story:
    """The life of one activity; `values` are its facts, days counted back from today (negative: still to come)."""

    diary: Diary
    key: str
    body: str
    preparer: str
    signatory: str
    pattern: str
    heads: int
    came: int
    starts: int
    ends: int
    values: dict[str, Any] = field(default_factory=dict)
    measures: tuple[dict[str, Any], ...] = ()

    @property
    def activity(self) -> Activity:
        return Activity.objects.select_related("organization", "rulebook").get(key=self.name("activity"))

    @property
    def statement(self) -> Statement:
        return Statement.objects.get(key=self.name("statement"))

    def name(self, act: str) -> str:
        """The key of one act: loading twice is once."""
        return f"demo:{self.key}:{act}"[:40]

    def drafted(self, days_ago: int) -> "Story":
        self.diary.on(days_ago, self._draft)
        return self

    def _draft(self, at: datetime) -> None:
        by = people.somebody(self.preparer)
        activity = activities.register(
            organization=people.body(self.body),
            key=self.name("activity"),
            by=by,
            at=at,
            starts_on=self.diary.day(self.starts),
            ends_on=self.diary.day(self.ends),
            **self.values,
        )
        for number, measure in enumerate(self.measures, start=1):
            told = {name: value for name, value in measure.items() if name != "changes"}
            activities.add_measure(activity=activity, key=self.name(f"measure{number}"), by=by, at=at, **told)

    def estimated(self, days_ago: int) -> "Story":
        self.diary.on(days_ago, self._estimate)
        return self

    def _estimate(self, at: datetime) -> None:
        self._fill("estimate", self.heads, at)
        activity, by = self.activity, people.somebody(self.preparer)
        planned = activity.measures.order_by("number")
        for measure, told in zip(planned, self.measures, strict=True):
            changes = stated(activity, measure.number, told.get("changes", ()))
            if changes:
                inventories.state_changes(measure=measure, changes=changes, by=by, at=at)

    def covered(self, days_ago: int, level: str) -> "Story":
        """What units will be bought for."""
        self.diary.on(days_ago, lambda at: self._cover(level, at))
        return self

    def _cover(self, level: str, at: datetime) -> None:
        inventories.choose_cover(activity=self.activity, level=level, by=people.somebody(self.preparer), at=at)

    def planned(self, days_ago: int) -> "Story":
        """Estimate made, plan published."""
        self.estimated(days_ago)
        self.diary.on(
            days_ago,
            lambda at: disclosure.publish_plan(
                activity=self.activity, key=self.name("plan"), by=people.somebody(self.signatory), at=at
            ),
        )
        return self

    def _fill(self, kind: str, heads: int, at: datetime, without: frozenset[str] = frozenset()) -> Any:
        activity, by = self.activity, people.somebody(self.preparer)
        proof = ""
        if kind == "actual":
            proof = evidence.deposit(
                upload=readings(activity), owner_code=activity.organization.code, by=by, at=at
            ).digest
        inventory = inventories.start(activity=activity, kind=kind, by=by, at=at)
        lines = PATTERNS[self.pattern].lines(activity, heads, kind, proof, without)
        return inventories.save_draft(inventory=inventory, lines=lines, edition=inventory.edition, by=by, at=at)

    def counted(self, days_ago: int) -> "Story":
        """How many came, and what came of the measures."""
        self.diary.on(days_ago, self._count)
        return self

    def _count(self, at: datetime) -> None:
        activity, by = self.activity, people.somebody(self.preparer)
        activities.count_people(activity=activity, people=self.came, by=by, at=at)
        for measure in activity.measures.order_by("number"):
            activities.report_measure(
                measure=measure,
                state="done",
                outcome="按计划完成，数量以现场清点为准。",
                achieved_kg=measure.planned_kg,
                evidence=None,
                by=by,
                at=at,
            )

    def accounting(self, days_ago: int) -> "Story":
        """Actual figures begun and not submitted."""
        self.diary.on(days_ago, lambda at: self._fill("actual", self.came, at))
        return self

    def accounted(self, days_ago: int, journeys: Callable[["Story", datetime], None] | None = None) -> "Story":
        """Actual figures submitted; `journeys` takes over what a list or a survey tells, in the place of rates."""
        if journeys is None:
            self.accounting(days_ago)
        else:
            self.diary.on(days_ago, lambda at: self._fill("actual", self.came, at, JOURNEYS))
            self.diary.on(days_ago, lambda at: journeys(self, at))
        self.diary.on(
            days_ago,
            lambda at: inventories.submit(
                inventory=inventory_queries.draft(self.activity, "actual"), by=people.somebody(self.preparer), at=at
            ),
        )
        return self

    def cancelled_units(self, days_ago: int, stock: str, percent: int, reason: str = "") -> "Story":
        """Units worth `percent` of what is owed: ordered, handed over and cancelled; or cancelled out of one's own."""
        self.diary.on(days_ago, lambda at: self._cancel(stock, percent, reason, at))
        return self

    def _cancel(self, stock: str, percent: int, reason: str, at: datetime) -> None:
        activity, block = self.activity, units.block(stock)
        owed = inventory_queries.current(activity, "actual").cover.owed()
        quantity = -(-owed * percent // 100)
        if block.owner != activity.organization:
            asked = offsets.ask(
                block=block,
                giver=block.owner,
                taker=activity.organization,
                side="taker",
                quantity=quantity,
                key=self.name(f"order:{stock}"),
                by=people.somebody(self.signatory),
                at=at,
            )
            offsets.accept(handover=asked, by=people.somebody("lin"), at=at)
        offsets.retire(
            activity=activity,
            block=block,
            quantity=quantity,
            key=self.name(f"retire:{stock}"),
            reason=reason,
            by=people.somebody(self.signatory),
            at=at,
        )

    def self_committed(self, days_ago: int) -> "Story":
        self.diary.on(days_ago, self._commit)
        return self

    def _commit(self, at: datetime) -> None:
        activity, by = self.activity, people.somebody(self.signatory)
        evaluations.commit(
            activity=activity,
            digest=inventory_queries.current(activity, "actual").digest,
            affirmed=set(evaluation_rules.Statement),
            signatory=by.name,
            by=by,
            at=at,
        )

    def evaluator_at_work(self, days_ago: int) -> "Story":
        """An evaluator is invited and has taken the work on."""
        self.diary.on(days_ago, self._assign)
        return self

    def _assign(self, at: datetime) -> Any:
        assignment = evaluations.invite(
            activity=self.activity,
            organization=people.body("evaluator"),
            message="请对本活动的实际排放与注销情况出具意见。",
            by=people.somebody(self.signatory),
            at=at,
        )
        return evaluations.accept(
            assignment=assignment, declared=set(evaluation_rules.Declaration), by=people.somebody("wu"), at=at
        )

    def evaluated(self, days_ago: int) -> "Story":
        """Every line looked at, the opinion signed."""
        self.diary.on(days_ago, self._evaluate)
        return self

    def _evaluate(self, at: datetime) -> None:
        activity, by = self.activity, people.somebody("wu")
        assignment, inventory = activity.assignments.get(), inventory_queries.current(activity, "actual")
        for line in evaluation_queries.verdicts(assignment, inventory):
            evaluations.find(
                assignment=assignment,
                digest=inventory.digest,
                position=line.position,
                verdict=evaluation_rules.Verdict.AGREED,
                text="",
                difference_kg=None,
                by=by,
                at=at,
            )
        body = people.body("evaluator").code
        evaluations.sign(
            assignment=assignment,
            digest=inventory.digest,
            opinion=evaluation_rules.Opinion.UNMODIFIED,
            conclusion_zh="抽查抄表记录与票据，实际排放清单在重大方面公允反映，注销记录与登记簿一致。",
            conclusion_en="Readings and receipts were sampled. The inventory is fair in all material respects, and the "
            "cancellations agree with the registry.",
            declared=set(evaluation_rules.Declaration),
            report=evidence.deposit(upload=opinion(activity), owner_code=body, by=by, at=at),
            by=by,
            at=at,
        )

    def stated(self, days_ago: int, note: str = "") -> "Story":
        self.diary.on(
            days_ago,
            lambda at: disclosure.publish_statement(
                activity=self.activity,
                key=self.name("statement"),
                note=note,
                by=people.somebody(self.signatory),
                at=at,
            ),
        )
        return self


def stated(activity: Activity, measure: int, changes: Iterable[tuple[str, str, str, str]]) -> list[whatif.Change]:
    """Changes told as (what the line is, way, percent, factor) as the engine takes them; lines by their description."""
    draft = inventory_queries.baseline(activity)
    keys = {line.description: line.key for line in inventory_queries.lines(draft)}
    library = inventory_queries.factors(factor for _, _, _, factor in changes)
    return [
        whatif.Change(measure, keys[line], whatif.Way(way), percent=Decimal(percent), factor=library.get(factor))
        for line, way, percent, factor in changes
        if line in keys
    ]
