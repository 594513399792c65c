"""New forests planted for an activity: where, what, how much grew, who says so (R1.22 to R1.27).

Nouns: plot (a piece of land by its corners), planting (the public commitment), survey (a yearly look at it by the
organizer), verification (a competent body's decision on a survey). Promised until verified; late growth never counts.
Stands on activities, evidence, accounts. The offset registry stands on it: it asks which land is taken.
"""
