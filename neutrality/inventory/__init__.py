"""What an activity emitted: emission factors, the calculation, and the frozen figures (floor 5).

Nouns: Publication, Factor, FactorVersion, Gwp (the library); Inventory, Line, Result, Seal (the account).
Stands on activities, accounts, rulebook, evidence, trail. `rules` is a package of pure modules: units, lines,
calculation, electricity, uncertainty, explanation, dossier.
"""
