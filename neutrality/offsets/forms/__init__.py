"""Forms of the offsets room: input becomes typed values, nothing is saved here."""

from neutrality.offsets.forms.browsing import BrowseForm, SerialForm
from neutrality.offsets.forms.holding import (
    AskForm,
    DonateForm,
    FreezeForm,
    HandoverForm,
    OfferForm,
    PledgeForm,
    ReleaseForm,
    RetireForm,
    StepForm,
    SurrenderForm,
)
from neutrality.offsets.forms.proving import DecideForm, ProofForm
from neutrality.offsets.forms.reserving import ClearForm, ReserveForm, UseForm
from neutrality.offsets.forms.running import (
    AmendProjectForm,
    BlockForm,
    CompensateForm,
    FileForm,
    ProjectForm,
    VoidForm,
)
from neutrality.offsets.forms.twinning import TwinForm

__all__ = [
    "AmendProjectForm",
    "AskForm",
    "BlockForm",
    "BrowseForm",
    "ClearForm",
    "CompensateForm",
    "DecideForm",
    "DonateForm",
    "FileForm",
    "FreezeForm",
    "HandoverForm",
    "OfferForm",
    "PledgeForm",
    "ProjectForm",
    "ProofForm",
    "ReleaseForm",
    "ReserveForm",
    "RetireForm",
    "SerialForm",
    "StepForm",
    "SurrenderForm",
    "TwinForm",
    "UseForm",
    "VoidForm",
]
