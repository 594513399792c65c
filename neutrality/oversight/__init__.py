"""Oversight: reviews, public challenges, cases and their clocks (floor 8)

Nouns: Case, Step (what was done in it, by whom, leading where), Exhibit (evidence), Voice (one challenge from the
public), Beat (one look at the clocks). All insert-only: the state of a case is that of its last step. Which steps exist
stands in one dictionary, `rules.STEPS`. Stands on disclosure, evaluation, inventory, offsets, activities.
"""
