"""Plain makers of policies, decided cases and entries."""

from typing import Any

from accounts.models import Membership
from accounts.tests.factories import make_member, make_organization
from neutrality.oversight import operations as oversight
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Act
from neutrality.oversight.tests import factories as cases
from neutrality.standing import operations
from neutrality.standing.models import Listing, Policy
from neutrality.standing.tests.policies import CONTENT


def make_policy() -> Policy:
    """The shipped policy, published."""
    return operations.publish_policy(content=CONTENT, by=None, at=cases.at(1, month=1))


def make_officers() -> tuple[Any, Any]:
    """Two officers of one authority in Sichuan."""
    first = cases.make_officer()
    return first, cases.make_officer(Membership.objects.get(user=first).organization)


def make_decided(first: Any, second: Any, subject: Any = None, **over: Any) -> Case:
    """A case of the black list, decided with due process on 20 May 2026."""
    cases.make_calendar()
    make_policy()
    case = cases.prepare(cases.make_case(subject=subject or make_organization()), first)
    cases.recommend(case, first, **over)
    cases.decide(case, second)
    return case


def settle(case: Case, moment: Any = None) -> Listing:
    moment = moment or cases.at(20, 6)
    return operations.settle(case=case, clock=cases.good_clock(moment), at=moment)


def make_repaired(listing: Listing, first: Any, second: Any) -> Case:
    """An application for repair of 21 August 2026, granted by two on the 25th; not yet put into effect."""
    owner = make_member(organization=listing.organization).user
    day = cases.at(21, month=8)
    case = operations.apply_for_repair(listing=listing, text="已补足 44 吨", by=owner, at=day)
    oversight.advance(case=case, act=Act.INVESTIGATE, by=first, at=day, text="已核对")
    oversight.recommend(case=case, text="同意修复", content={}, by=first, at=day)
    moment = cases.at(25, month=8)
    oversight.decide(case=case, text="同意", clock=cases.good_clock(moment), by=second, at=moment)
    return case


def make_listing(subject: Any = None, **over: Any) -> Listing:
    """An entry of the black list of 20 May 2026."""
    return settle(make_decided(*make_officers(), subject=subject, **over))
