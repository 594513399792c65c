"""Random lives of one activity, told by real operations: after every act the words are those the facts allow (V24)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neutrality.activities.models import Activity
from neutrality.disclosure import operations, queries
from neutrality.disclosure.rules import NEUTRAL
from neutrality.disclosure.tests.factories import AFTER, make_accounted, publish
from neutrality.evaluation import operations as evaluations
from neutrality.evaluation.models import SelfCommitment
from neutrality.evaluation.tests.factories import make_commitment
from neutrality.inventory import operations as inventories
from neutrality.inventory import queries as inventory_queries
from neutrality.inventory.tests.factories import make_lines
from neutrality.ledger import operations as ledger
from neutrality.offsets.models import Block
from neutrality.offsets.tests.factories import make_retirement, make_void
from neutrality.quantities import obligation
from neutrality.rulebook.rules import ClaimCode

pytestmark = pytest.mark.django_db
ACTS = ("retire", "void", "correct", "commit", "take back", "publish", "withdraw", "review", "end review", "wait")


class Life:
    """The activity, and beside it in plain Python what happened to it."""

    def __init__(self):
        self.inventory = make_accounted("10500")
        self.activity = Activity.objects.select_related("organization", "rulebook").get(pk=self.inventory.activity_id)
        self.by, self.on = self.activity.created_by, date(2026, 9, 3)
        self.total, self.units, self.confirmed, self.stated = Decimal("10500"), 0, False, False
        self.statements, self.withdrawn, self.review = 0, False, False

    def retire(self, amount):
        make_retirement(self.activity, amount)
        self.units += amount

    def void(self, amount):
        blocks = Block.objects.filter(retirements__activity=self.activity, void_notices__isnull=True).distinct()
        block = blocks.first()
        if block is not None:
            part = min(amount, block.quantity)
            make_void(block, part)
            self.units -= part

    def correct(self, amount):
        old = inventory_queries.current(self.activity, "actual")
        draft = inventories.correct(inventory=old, reason="漏计一行", by=self.by, at=AFTER)
        digest = old.lines.get(position=1).evidence.digest
        self.total = Decimal(1000 * amount + 1)
        lines = make_lines(self.activity, kg=str(self.total), evidence_digest=digest)
        saved = inventories.save_draft(inventory=draft, lines=lines, edition=draft.edition, by=self.by, at=AFTER)
        self.inventory = inventories.submit(inventory=saved, by=self.by, at=AFTER)
        self.confirmed = self.stated = False

    def commit(self, _amount):
        if not self.confirmed:
            make_commitment(self.inventory)
            self.confirmed = True

    def take_back(self, _amount):
        standing = SelfCommitment.objects.filter(activity=self.activity, withdrawn_at__isnull=True)
        for commitment in standing.filter(inventory=self.inventory):
            evaluations.take_back(commitment=commitment, reason="重新核对", by=self.by, at=AFTER)
            self.confirmed = False

    def publish(self, amount):
        correction = f"第 {amount} 次说明" if self.statements else ""
        if not self.confirmed:
            with pytest.raises(operations.NotConfirmed), transaction.atomic():
                publish(self.activity, correction=correction, note=uuid4().hex)
            return
        publish(self.activity, correction=correction, note=uuid4().hex)
        self.stated, self.withdrawn, self.statements = True, False, self.statements + 1

    def withdraw(self, _amount):
        newest = queries.newest_statement(self.activity)
        if newest is not None:
            operations.withdraw(statement=newest, reason="数据有误", by=self.by, at=AFTER)
            self.stated, self.withdrawn = False, True

    def open_review(self, _amount):
        operations.open_review(activity=self.activity, basis="C-1", reason="异议", by=self.by, at=AFTER)
        self.review = True

    def end_review(self, _amount):
        operations.end_review(activity=self.activity, basis="C-1", by=self.by, at=AFTER)
        self.review = False

    def wait(self, amount):
        self.on += timedelta(days=30 * amount)

    def act(self, name, amount):
        verbs = {"review": self.open_review, "take back": self.take_back, "end review": self.end_review}
        verbs.get(name, getattr(self, name, None))(amount)

    def check(self):
        said = queries.claim(self.activity, self.on)
        covered = self.units >= obligation(self.total)
        allowed = covered and self.confirmed and self.stated and not self.withdrawn and not self.review
        assert (said.code in NEUTRAL) == allowed, said
        assert said.units == self.units
        if self.withdrawn:
            assert said.code is ClaimCode.WITHDRAWN
        elif self.review:
            assert said.code is ClaimCode.UNDER_REVIEW
        elif not covered and self.on > self.activity.units_deadline and said.code is not ClaimCode.UNDER_REVIEW:
            assert said.code is ClaimCode.NOT_ACHIEVED


steps = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 12)), min_size=4, max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_words_follow_the_facts_through_any_life(steps):
    with ledger.together():
        life = Life()
        life.check()
        for name, amount in steps:
            life.act(name, amount)
            life.check()
        transaction.set_rollback(True)


def test_a_life_that_reaches_neutrality_and_loses_it():
    """The shape the search above has to be able to find."""
    life = Life()
    for name, amount in (("retire", 11), ("commit", 1), ("publish", 1)):
        life.act(name, amount)
        life.check()
    assert queries.claim(life.activity, life.on).code in NEUTRAL
    life.act("void", 1)
    life.check()
    assert queries.claim(life.activity, life.on).code is ClaimCode.UNDER_REVIEW


def test_the_search_would_notice_a_claim_that_trusts_the_statement(monkeypatch):
    """Control: a claim that forgets to look at the units is caught by the first unit found false."""
    life = Life()
    for name, amount in (("retire", 11), ("commit", 1), ("publish", 1)):
        life.act(name, amount)
    trusting = queries.claim(life.activity, life.on)
    life.act("void", 1)
    monkeypatch.setattr(queries, "claim", lambda _activity, _on: trusting)
    with pytest.raises(AssertionError):
        life.check()
