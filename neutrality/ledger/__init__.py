"""The ledger: where every numbered unit lies. One unit lies in one place; an ended unit stays ended.

Nouns: Place (a code; ending or not), Transfer (insert-only; moves a span of numbers), Lot (where each span lies now).
The database itself moves the lots when a transfer is inserted, and refuses every other way to touch them.
"""
