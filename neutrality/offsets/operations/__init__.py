"""The verbs of the offsets room. Each is one transaction with one trail entry, written last."""

from neutrality.offsets.operations.amending import amend_project
from neutrality.offsets.operations.blocks import (
    NumbersTaken,
    SerialRefused,
    issue_block,
    register_project,
    set_operator,
)
from neutrality.offsets.operations.clearing import clear
from neutrality.offsets.operations.compensating import compensate
from neutrality.offsets.operations.feeds import hand_in, read, read_file, read_waiting, withdraw_reading
from neutrality.offsets.operations.holdings import (
    NotNow,
    accept,
    ask,
    close,
    declare,
    offer,
    order,
    withdraw_offer,
)
from neutrality.offsets.operations.locks import lock, release
from neutrality.offsets.operations.proofs import check_proof, record_proof, reject_proof
from neutrality.offsets.operations.reserving import expire_due, reserve, unreserve, use
from neutrality.offsets.operations.retiring import retire
from neutrality.offsets.operations.shelving import beneficiary_code, count
from neutrality.offsets.operations.surrendering import surrender
from neutrality.offsets.operations.twinning import decide_twin, find_twins
from neutrality.offsets.operations.voids import confirm_void, drop_void, propose_void

__all__ = [
    "NotNow",
    "NumbersTaken",
    "SerialRefused",
    "accept",
    "amend_project",
    "ask",
    "beneficiary_code",
    "check_proof",
    "clear",
    "close",
    "compensate",
    "confirm_void",
    "count",
    "decide_twin",
    "declare",
    "drop_void",
    "expire_due",
    "find_twins",
    "hand_in",
    "issue_block",
    "lock",
    "offer",
    "order",
    "propose_void",
    "read",
    "read_file",
    "read_waiting",
    "record_proof",
    "register_project",
    "reject_proof",
    "release",
    "reserve",
    "retire",
    "set_operator",
    "surrender",
    "unreserve",
    "use",
    "withdraw_offer",
    "withdraw_reading",
]
