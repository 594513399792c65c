"""The verbs of the planting room. Each is one transaction with one trail entry, written last."""

from neutrality.planting.operations.commitments import call_off, commit
from neutrality.planting.operations.land import Land, draw_project, examine, overlaps
from neutrality.planting.operations.surveys import report, verify

__all__ = ["Land", "call_off", "commit", "draw_project", "examine", "overlaps", "report", "verify"]
