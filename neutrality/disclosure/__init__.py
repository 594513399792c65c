"""Disclosure: what the public sees. Figures freeze when published; the words about them are derived at each reading.

Nouns: Plan and Statement (insert-only snapshots with a digest), Withdrawal (with its reason; nothing disappears), and
the claim: a code that says what may be said now. Stands on everything up to evaluation.
"""
