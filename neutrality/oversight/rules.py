"""Cases: their kinds, the steps each allows, who may take them, their clocks, the two-person rule (pure).

One dictionary, STEPS, says everything: the page shows its rows as buttons, the operation refuses what is not in it,
the tests walk it. Days are working days of the official calendar (R4.27, R8.2).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    REVIEW = "review"
    CHALLENGE = "challenge"
    LISTING = "listing"
    RECOGNITION = "recognition"
    REPAIR = "repair"
    INVALIDATION = "invalidation"


class State(StrEnum):
    OPEN = "open"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CHECKING = "checking"
    ASKED = "asked"
    CLOSING = "closing"
    CLOSED = "closed"
    INVESTIGATED = "investigated"
    SERVED = "served"
    NOTICED = "noticed"
    OBJECTED = "objected"
    ANSWERED = "answered"
    RECOMMENDED = "recommended"
    DECIDED = "decided"
    SETTLED = "settled"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REVERSED = "reversed"


class Act(StrEnum):
    OPEN = "open"
    JOIN = "join"
    REMARK = "remark"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    TAKE = "take"
    ASK = "ask"
    ANSWER = "answer"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    REOPEN = "reopen"
    INVESTIGATE = "investigate"
    SERVE = "serve"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    BOUNCE = "bounce"
    OBJECT = "object"
    REPLY = "reply"
    RECOMMEND = "recommend"
    DECIDE = "decide"
    SETTLE = "settle"
    DISMISS = "dismiss"
    DROP = "drop"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    REVERSE = "reverse"
    RESTORE = "restore"


class Actor(StrEnum):
    """In which capacity somebody acts on a case."""

    OFFICER = "officer"
    DECIDER = "decider"
    SUBJECT = "subject"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """What an act leads to: the next state, who may do it, within how many working days the next step is due,
    and which earlier acts bar a person from it (T17)."""

    to: State
    actors: tuple[Actor, ...]
    days: int | None = None
    barred_by: tuple[Act, ...] = ()


OFFICER, DECIDER, SUBJECT, PUBLIC, SYSTEM = ((actor,) for actor in Actor)
PREPARING = (Act.OPEN, Act.TAKE, Act.INVESTIGATE, Act.SERVE, Act.DELIVER, Act.REPLY, Act.RECOMMEND)
HEARD = (*PREPARING, Act.DECIDE, Act.DISMISS)
FINAL = frozenset(
    {State.RETURNED, State.ACCEPTED, State.CLOSED, State.DISMISSED, State.SETTLED, State.UPHELD, State.REVERSED}
)
DECISIONS = frozenset({Act.CONFIRM, Act.DECIDE, Act.DISMISS, Act.UPHOLD, Act.REVERSE})
"""Acts that take two people: whoever prepared the matter may not do them."""

REVIEW = {
    (State.OPEN, Act.REMARK): Move(State.OPEN, OFFICER, 10),
    (State.OPEN, Act.SEND_BACK): Move(State.RETURNED, OFFICER, 20),
    (State.OPEN, Act.ACCEPT): Move(State.ACCEPTED, OFFICER),
}
CLOSING = {
    (State.CHECKING, Act.PROPOSE): Move(State.CLOSING, OFFICER, 5),
    (State.CLOSING, Act.CONFIRM): Move(State.CLOSED, DECIDER, None, (Act.PROPOSE,)),
    (State.CLOSING, Act.REFUSE): Move(State.CHECKING, DECIDER, 10, (Act.PROPOSE,)),
    (State.CLOSED, Act.REOPEN): Move(State.CHECKING, OFFICER, 10),
}
CHALLENGE = CLOSING | {
    (State.OPEN, Act.JOIN): Move(State.OPEN, PUBLIC, 3),
    (State.CHECKING, Act.JOIN): Move(State.CHECKING, PUBLIC, 10),
    (State.ASKED, Act.JOIN): Move(State.ASKED, PUBLIC, 10),
    (State.OPEN, Act.TAKE): Move(State.CHECKING, OFFICER, 10),
    (State.CHECKING, Act.ASK): Move(State.ASKED, OFFICER, 10),
    (State.ASKED, Act.ANSWER): Move(State.CHECKING, SUBJECT, 10),
    (State.ASKED, Act.PROPOSE): Move(State.CLOSING, OFFICER, 5),
}
INVALIDATION = CLOSING | {
    (State.OPEN, Act.ANSWER): Move(State.CHECKING, SUBJECT, 10),
    (State.OPEN, Act.TAKE): Move(State.CHECKING, OFFICER, 10),
    (State.CHECKING, Act.ANSWER): Move(State.CHECKING, SUBJECT, 10),
    (State.OPEN, Act.RESTORE): Move(State.CLOSED, SYSTEM),
    (State.CHECKING, Act.RESTORE): Move(State.CLOSED, SYSTEM),
}
DECIDING = {
    (State.OPEN, Act.INVESTIGATE): Move(State.INVESTIGATED, OFFICER, 10),
    (State.OPEN, Act.DROP): Move(State.DISMISSED, OFFICER),
    (State.INVESTIGATED, Act.DROP): Move(State.DISMISSED, OFFICER),
    (State.RECOMMENDED, Act.DECIDE): Move(State.DECIDED, DECIDER, 1, PREPARING),
    (State.RECOMMENDED, Act.DISMISS): Move(State.DISMISSED, DECIDER, None, PREPARING),
    (State.DECIDED, Act.SETTLE): Move(State.SETTLED, SYSTEM),
}
RECOGNITION = DECIDING | {(State.INVESTIGATED, Act.RECOMMEND): Move(State.RECOMMENDED, OFFICER, 10)}
LISTING = DECIDING | {
    (State.INVESTIGATED, Act.SERVE): Move(State.SERVED, OFFICER, 5),
    (State.SERVED, Act.DELIVER): Move(State.NOTICED, OFFICER, 5),
    (State.SERVED, Act.ACKNOWLEDGE): Move(State.NOTICED, SUBJECT, 5),
    (State.SERVED, Act.BOUNCE): Move(State.INVESTIGATED, OFFICER, 5),
    (State.NOTICED, Act.OBJECT): Move(State.OBJECTED, SUBJECT, 10),
    (State.ANSWERED, Act.OBJECT): Move(State.OBJECTED, SUBJECT, 10),
    (State.RECOMMENDED, Act.OBJECT): Move(State.OBJECTED, SUBJECT, 10),
    (State.OBJECTED, Act.REPLY): Move(State.ANSWERED, OFFICER, 10),
    (State.OBJECTED, Act.DROP): Move(State.DISMISSED, OFFICER),
    (State.NOTICED, Act.RECOMMEND): Move(State.RECOMMENDED, OFFICER, 10),
    (State.ANSWERED, Act.RECOMMEND): Move(State.RECOMMENDED, OFFICER, 10),
    (State.DECIDED, Act.APPEAL): Move(State.APPEALED, SUBJECT, 20),
    (State.SETTLED, Act.APPEAL): Move(State.APPEALED, SUBJECT, 20),
    (State.APPEALED, Act.UPHOLD): Move(State.UPHELD, DECIDER, None, HEARD),
    (State.APPEALED, Act.REVERSE): Move(State.REVERSED, DECIDER, None, HEARD),
}
STEPS = {
    Kind.REVIEW: REVIEW,
    Kind.CHALLENGE: CHALLENGE,
    Kind.LISTING: LISTING,
    Kind.RECOGNITION: RECOGNITION,
    Kind.REPAIR: RECOGNITION,
    Kind.INVALIDATION: INVALIDATION,
}
OPENERS = {
    Kind.REVIEW: Move(State.OPEN, (Actor.OFFICER,), 10),
    Kind.CHALLENGE: Move(State.OPEN, (Actor.PUBLIC,), 3),
    Kind.LISTING: Move(State.OPEN, (Actor.OFFICER, Actor.SYSTEM), 10),
    Kind.RECOGNITION: Move(State.OPEN, (Actor.OFFICER, Actor.SYSTEM), 20),
    Kind.REPAIR: Move(State.OPEN, (Actor.SUBJECT,), 3),
    Kind.INVALIDATION: Move(State.OPEN, (Actor.SYSTEM,), 20),
}
if set(STEPS) != set(Kind) or set(OPENERS) != set(Kind):
    raise RuntimeError("every kind of case needs its steps and its opener")

PUBLIC_KINDS = frozenset({Kind.CHALLENGE, Kind.INVALIDATION})
"""Kinds whose page anyone may open. A proposed listing is nobody's business until it is decided (R4.27)."""


def move(kind: Kind, state: State, act: Act) -> Move | None:
    """Where `act` leads from `state`, or None when it is not allowed there."""
    return STEPS[kind].get((state, act))


class Outcome(StrEnum):
    """What came of a challenge or an invalidation."""

    CORRECTED = "corrected"
    UPHELD = "upheld"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    REPLACED = "replaced"


JUSTIFIED = frozenset({Outcome.CORRECTED, Outcome.UPHELD, Outcome.PARTLY})


WORDLESS = frozenset(
    {Act.OPEN, Act.JOIN, Act.ACCEPT, Act.TAKE, Act.ACKNOWLEDGE, Act.DELIVER, Act.CONFIRM, Act.RESTORE, Act.SETTLE}
)
"""Acts that need no reason; every other one says why."""
PREPARES = {
    Act.CONFIRM: Act.PROPOSE,
    Act.DECIDE: Act.RECOMMEND,
    Act.DISMISS: Act.RECOMMEND,
    Act.UPHOLD: Act.DECIDE,
    Act.REVERSE: Act.DECIDE,
}
"""Whose act a decision is about."""
if set(PREPARES) != DECISIONS:
    raise RuntimeError("every decision is about somebody's proposal")
APPEAL_DAYS = 60
"""As for administrative review (R4.27a)."""


@dataclass(frozen=True)
class Person:
    """Somebody about to act: opaque id, capacities in this case, and what they did in it before."""

    id: str
    actors: frozenset[Actor]
    did: frozenset[Act] = frozenset()
    belongs_to_subject: bool = False


class Bar(StrEnum):
    """Why a person may not take a step."""

    NOT_ALLOWED = "not_allowed"
    NOT_YOURS = "not_yours"
    SAME_PERSON = "same_person"
    OWN_CASE = "own_case"


def bar(kind: Kind, state: State, act: Act, person: Person) -> Bar | None:
    """What stops `person` from taking `act` now; None when nothing does."""
    found = move(kind, state, act)
    if found is None:
        return Bar.NOT_ALLOWED
    if not person.actors & set(found.actors):
        return Bar.NOT_YOURS
    if person.did & set(found.barred_by):
        return Bar.SAME_PERSON
    if person.belongs_to_subject and not {Actor.SUBJECT, Actor.PUBLIC} & set(found.actors):
        return Bar.OWN_CASE
    return None


def acts(kind: Kind, state: State, person: Person) -> tuple[Act, ...]:
    """The acts this person may take now, in the order of the table: the buttons of the page."""
    return tuple(act for (at, act) in STEPS[kind] if at is state and bar(kind, state, act, person) is None)


class Method(StrEnum):
    """How a notice reached its addressee."""

    IN_PERSON = "in_person"
    POST = "post"
    PORTAL = "portal"


ADDRESS_DAYS = 5
"""A postal address must have stood on record for so many days: the day before, anybody may have changed it."""
REPLY_DAYS = 5
DECISION_DAYS = 30


@dataclass(frozen=True)
class Exhibit:
    """One piece of evidence: whose code number it bears, the digest of its bytes, whether it still stands."""

    subject_code: str
    digest: str
    withdrawn: bool = False


@dataclass(frozen=True)
class Dossier:
    """Everything due process asks about a listing case, read under lock."""

    subject_code: str
    subject_name: str
    current_code: str
    current_name: str
    is_organization: bool
    exhibits: tuple[Exhibit, ...] = ()
    notice_code: str = ""
    delivered_on: date | None = None
    proof: str = ""
    method: Method | None = None
    address_since: date | None = None
    window_ends: date | None = None
    objected_on: tuple[date, ...] = ()
    objection_open: bool = False
    answered_at: datetime | None = None
    decided_at: datetime | None = None
    prepared_by: frozenset[str] = frozenset()
    decided_by: str = ""
    state: State = State.OPEN


class Lack(StrEnum):
    """What a black listing still lacks (I8, V32, V33)."""

    EVIDENCE = "evidence"
    OTHER_CODE = "other_code"
    NOTICE = "notice"
    PROOF = "proof"
    ADDRESS = "address"
    WINDOW = "window"
    OBJECTION = "objection"
    ANSWER_LATE = "answer_late"
    SAME_PERSON = "same_person"
    CHANGED_SUBJECT = "changed_subject"
    NOT_ORGANIZATION = "not_organization"


def lacks(dossier: Dossier, on: date) -> tuple[Lack, ...]:
    """What due process still asks for before a listing may be decided or settled on `on`; all of it at once."""
    standing = [exhibit for exhibit in dossier.exhibits if not exhibit.withdrawn]
    codes = {exhibit.subject_code for exhibit in standing} | ({dossier.notice_code} - {""})
    since = dossier.address_since
    fresh = dossier.method is Method.POST and (
        since is None or dossier.delivered_on is None or (dossier.delivered_on - since).days < ADDRESS_DAYS
    )
    answered, decided = dossier.answered_at, dossier.decided_at
    tests = (
        (Lack.NOT_ORGANIZATION, not dossier.is_organization),
        (
            Lack.CHANGED_SUBJECT,
            (dossier.subject_code, dossier.subject_name) != (dossier.current_code, dossier.current_name),
        ),
        (Lack.EVIDENCE, not any(exhibit.digest for exhibit in standing)),
        (Lack.OTHER_CODE, bool(codes - {dossier.subject_code})),
        (Lack.NOTICE, dossier.delivered_on is None or dossier.window_ends is None),
        (Lack.PROOF, dossier.delivered_on is not None and not dossier.proof),
        (Lack.ADDRESS, fresh),
        (Lack.WINDOW, dossier.window_ends is not None and on <= dossier.window_ends),
        (Lack.OBJECTION, dossier.objection_open),
        (Lack.ANSWER_LATE, answered is not None and decided is not None and answered > decided),
        (Lack.SAME_PERSON, bool(dossier.decided_by) and dossier.decided_by in dossier.prepared_by),
    )
    return tuple(code for code, found in tests if found)


TOLERANCE_S = 2 * 3600


@dataclass(frozen=True)
class Clock:
    """One look at the clocks: ours, the database's, and how long this machine has been up (`boot` names the start)."""

    wall: datetime
    database: datetime
    boot: str
    uptime_s: int


class ClockFault(StrEnum):
    DISAGREE = "disagree"
    BACK = "back"
    JUMPED = "jumped"


def clock_fault(now: Clock, last: Clock | None) -> ClockFault | None:
    """Whether the time since the `last` good look is doubtful by more than two hours (T59, F12); None when it is not.

    What the machine was up is certain; what passed beyond that, over a restart, nobody here can know.
    """
    if abs((now.wall - now.database).total_seconds()) > TOLERANCE_S:
        return ClockFault.DISAGREE
    if last is None:
        return None
    passed = (now.wall - last.wall).total_seconds()
    certain = now.uptime_s - last.uptime_s if now.boot == last.boot else now.uptime_s
    if passed < -TOLERANCE_S:
        return ClockFault.BACK
    return ClockFault.JUMPED if passed - certain > TOLERANCE_S else None
