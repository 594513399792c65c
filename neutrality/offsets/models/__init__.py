"""Tables of the offsets room, by topic."""

from neutrality.offsets.models.cancellations import Proof, Retirement, VoidedPart, VoidNotice
from neutrality.offsets.models.compensations import Compensation
from neutrality.offsets.models.feeds import (
    BadRow,
    ProjectVersion,
    PublishedCount,
    PublishedRun,
    Reading,
    RegistryFile,
)
from neutrality.offsets.models.holdings import Handover, Offer
from neutrality.offsets.models.locks import Lock
from neutrality.offsets.models.registries import Block, Project, Registry, SerialLine, UnitKind

__all__ = [
    "BadRow",
    "Block",
    "Compensation",
    "Handover",
    "Lock",
    "Offer",
    "Project",
    "ProjectVersion",
    "Proof",
    "PublishedCount",
    "PublishedRun",
    "Reading",
    "Registry",
    "RegistryFile",
    "Retirement",
    "SerialLine",
    "UnitKind",
    "VoidNotice",
    "VoidedPart",
]
