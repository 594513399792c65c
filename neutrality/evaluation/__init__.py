"""Evaluation: is the claim sound? (floor 6)

Nouns: SelfCommitment (the organizer answers for itself), Assignment (an evaluator invited), LineFinding (what it found
about a line), Evaluation (its signed opinion), Check and Finding (questions a machine asks). Each names the digest of
the one inventory it is about; a newer version is confirmed by none of them. Stands on inventory, offsets, activities.
"""
