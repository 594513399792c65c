"""Offset units: which registries exist, where each numbered unit lies, and what was cancelled for whom.

Nouns: registry, unit kind, project, block (a run of numbered units), offer, handover (a change of owner), retirement
(a cancellation for one activity), proof (a cancellation made in an outside registry), void notice.
Stands on the ledger (where a unit lies is what it is), evidence, rulebook, accounts, activities.
"""
