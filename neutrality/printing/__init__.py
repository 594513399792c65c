"""Printing: certificates as PDF, their type, their check codes. Shared ground, like the modules beside it.

Whoever has something to certify (offsets, disclosure) gathers plain texts; this package sets them, says which
characters its type lacks, and knows nothing of what they mean. Templates: templates/printing. Imports no room.
"""
