"""The wording table R1.39 as one total function: whatever the facts, exactly one code says what may be said (pure)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from neutrality.activities.rules import State
from neutrality.evaluation.rules import Mode
from neutrality.quantities import obligation, share
from neutrality.rulebook.rules import ClaimCode

NEUTRAL = frozenset({ClaimCode.NEUTRAL_SELF_DECLARED, ClaimCode.NEUTRAL_EVALUATED})
GOOD = NEUTRAL
BAD = frozenset({ClaimCode.NOT_ACHIEVED, ClaimCode.UNDER_REVIEW, ClaimCode.WITHDRAWN})
MUTED = frozenset({ClaimCode.UNDER_REVIEW, ClaimCode.WITHDRAWN, ClaimCode.EXPIRED, ClaimCode.CANCELLED})


@dataclass(frozen=True)
class Mark:
    """Something that stands against a claim: since when, and why."""

    on: date
    reason: str


@dataclass(frozen=True)
class ClaimFacts:
    """Everything a claim rests on, as of one day.

    `total_kg` is that of the current actual inventory, None without one; `partial` says that it leaves sources out.
    `cover_kg` is what the organizer buys units for where that is more, at `cover_level`: the 90th percentile (F8).
    `units` count for the activity now, verified sinks among them; `void` of them once did and were found false, the
    last on `void_on`. `promised_sinks` are tonnes a planting still promises: they are said beside the claim and never
    count (R1.26).
    `published` means: a statement about this very inventory stands. `deadline_passed` and `expired` are read off the
    activity's clocks. A `reconstruction` retells figures others published: it promised nothing here and broke nothing.
    """

    state: State
    ended: bool = False
    total_kg: Decimal | None = None
    cover_kg: Decimal | None = None
    cover_level: str = ""
    partial: bool = False
    units: int = 0
    void: int = 0
    void_on: date | None = None
    promised_sinks: int = 0
    published: bool = False
    claimed: bool = False
    withdrawn: Mark | None = None
    review: Mark | None = None
    deadline_passed: bool = False
    expired_on: date | None = None
    promised_on: date | None = None
    cancelled_on: date | None = None
    mode: Mode = Mode.NONE
    body: str = ""
    reconstruction: bool = False

    @property
    def due_kg(self) -> Decimal | None:
        """What units have to cover: the total, or more where more was chosen; never less."""
        if self.total_kg is None:
            return None
        return self.total_kg if self.cover_kg is None else max(self.total_kg, self.cover_kg)

    @property
    def short(self) -> int | None:
        """Whole units still missing; None where nothing is accounted."""
        return None if self.due_kg is None else max(0, obligation(self.due_kg) - self.units)

    @property
    def covered(self) -> bool:
        """I1: what counts is at least what has to be covered inside the declared boundary, which is whole."""
        return self.due_kg is not None and not self.partial and self.units >= obligation(self.due_kg)


@dataclass(frozen=True)
class Claim:
    """What may be said now: a code, and the figures, days and names its words need."""

    code: ClaimCode
    total_kg: Decimal | None = None
    units: int = 0
    percent: int | None = None
    on: date | None = None
    reason: str = ""
    body: str = ""
    partial: bool = False
    confirmed: bool = False
    void: int = 0
    short: int | None = None
    """Units missing, said where units were found void and the claim is under review."""
    promised_sinks: int = 0

    @property
    def neutral(self) -> bool:
        """Whether the words say that neutrality was achieved."""
        return self.code in NEUTRAL

    @property
    def muted(self) -> bool:
        """Whether a sum that adds up is shown without the colour of a settled account (R1.39: no old badge stays)."""
        return self.code in MUTED

    @property
    def tone(self) -> str:
        """How a badge shows it: good, bad or wait."""
        if self.code in GOOD:
            return "good"
        return "bad" if self.code in BAD else "wait"

    @property
    def template(self) -> str:
        """Where its words stand."""
        return f"disclosure/claims/{self.code.value}.html"


def claim(facts: ClaimFacts) -> Claim:
    """The one code for `facts` (R1.39, R2.3, R8.3). Earlier rows win: what speaks against a claim comes first."""
    if facts.state is State.DRAFT:
        return Claim(ClaimCode.NONE)
    if facts.state is State.CANCELLED:
        return Claim(ClaimCode.CANCELLED, on=facts.cancelled_on)
    if facts.withdrawn is not None:
        return _figures(ClaimCode.WITHDRAWN, facts, on=facts.withdrawn.on, reason=facts.withdrawn.reason)
    if facts.review is not None:
        return _figures(ClaimCode.UNDER_REVIEW, facts, on=facts.review.on, reason=facts.review.reason)
    if facts.claimed and facts.void and not facts.covered:
        return _figures(ClaimCode.UNDER_REVIEW, facts, on=facts.void_on)
    if not facts.ended:
        return Claim(ClaimCode.COMMITTED, on=facts.promised_on, promised_sinks=facts.promised_sinks)
    return _after_the_end(facts)


def _after_the_end(facts: ClaimFacts) -> Claim:
    late = facts.deadline_passed and not facts.reconstruction
    if facts.covered:
        return _covered(facts)
    if late:
        return _figures(ClaimCode.NOT_ACHIEVED, facts)
    if facts.total_kg is None:
        return Claim(ClaimCode.ACCOUNTING)
    return _figures(ClaimCode.PARTLY_OFFSET, facts)


def _covered(facts: ClaimFacts) -> Claim:
    if facts.expired_on is not None:
        return _figures(ClaimCode.EXPIRED, facts, on=facts.expired_on)
    if facts.mode is Mode.NONE or not facts.published:
        return _figures(ClaimCode.AWAITING_CONFIRMATION, facts)
    if facts.mode is Mode.INDEPENDENT:
        return _figures(ClaimCode.NEUTRAL_EVALUATED, facts)
    return _figures(ClaimCode.NEUTRAL_SELF_DECLARED, facts)


def _figures(code: ClaimCode, facts: ClaimFacts, *, on: date | None = None, reason: str = "") -> Claim:
    return Claim(
        code,
        total_kg=facts.total_kg,
        units=facts.units,
        percent=None if facts.total_kg is None else covered_percent(facts.total_kg, facts.due_kg, facts.units),
        on=on,
        reason=reason,
        body=facts.body if code is ClaimCode.NEUTRAL_EVALUATED else "",
        partial=facts.partial,
        confirmed=facts.mode is not Mode.NONE,
        void=facts.void,
        short=facts.short if facts.void and code is ClaimCode.UNDER_REVIEW else None,
        promised_sinks=facts.promised_sinks,
    )


def covered_percent(total_kg: Decimal, due_kg: Decimal | None, units: int) -> int:
    """The share of what was emitted, rounded down; a hundred only once all that is owed is cancelled (TV5)."""
    percent = share(units, total_kg)
    return percent if due_kg is None or units >= obligation(due_kg) else min(percent, 99)


@dataclass(frozen=True)
class Balance:
    """The ruled line under the book: settled, surplus or short by whole units; partial when what is counted is covered
    and sources are missing; open while nothing is accounted."""

    state: str
    units: int = 0


def balance(due_kg: Decimal | None, units: int, *, partial: bool = False) -> Balance:
    """What is left of the account: cancelled units against the ceiling of what has to be covered (R1.28, R1.29)."""
    if due_kg is None:
        return Balance("open")
    left = units - obligation(due_kg)
    if left < 0:
        return Balance("short", -left)
    if partial:
        return Balance("partial", left)
    return Balance("surplus", left) if left else Balance("settled")
