"""The law as dated data: rule packs, the official working-day calendar, the administrative divisions.

Nouns: rulebook, source, unit family, size class, deadline, holiday, region. Stands on the trail.
A rulebook is a version that is never changed; the one in force is the latest not after the day (R2.26).
"""
