"""The trail: who did what, when. An insert-only log under a hash tree (RFC 6962) that anyone can check.

Nouns: Entry (one per operation, written in its transaction), Checkpoint (size and root of the tree at a moment).
Stands on floor 0 only and refers to everything by plain text, so that it outlives what it tells of.
"""
