"""Tables of the offsets room, by topic."""

from neutrality.offsets.models.amendments import ProjectAmendment
from neutrality.offsets.models.cancellations import Proof, Retirement, VoidedPart, VoidNotice
from neutrality.offsets.models.compensations import Compensation
from neutrality.offsets.models.feeds import (
    AmountChoice,
    BadRow,
    EventChoice,
    ProjectVersion,
    PublishedCount,
    PublishedRun,
    Reading,
    RegistryFile,
)
from neutrality.offsets.models.holdings import Handover, HandoverStep, Offer
from neutrality.offsets.models.locks import Lock
from neutrality.offsets.models.registries import Block, Project, Registry, SerialLine, UnitKind
from neutrality.offsets.models.reservations import Clearance, Reservation
from neutrality.offsets.models.shelves import (
    Beneficiary,
    BlockCard,
    Mark,
    ProjectCount,
    RetirementCard,
    Row,
    Shelf,
    Tally,
)
from neutrality.offsets.models.surrenders import Surrender
from neutrality.offsets.models.twins import Twin, TwinDecision

__all__ = [
    "AmountChoice",
    "BadRow",
    "Beneficiary",
    "Block",
    "BlockCard",
    "Clearance",
    "Compensation",
    "EventChoice",
    "Handover",
    "HandoverStep",
    "Lock",
    "Mark",
    "Offer",
    "Project",
    "ProjectAmendment",
    "ProjectCount",
    "ProjectVersion",
    "Proof",
    "PublishedCount",
    "PublishedRun",
    "Reading",
    "Registry",
    "RegistryFile",
    "Reservation",
    "Retirement",
    "RetirementCard",
    "Row",
    "SerialLine",
    "Shelf",
    "Surrender",
    "Tally",
    "Twin",
    "TwinDecision",
    "UnitKind",
    "VoidNotice",
    "VoidedPart",
]
