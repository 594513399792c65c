"""The demonstration: a small invented province with people for every role. Loaded in demonstration mode only.

Every module here with a function ``load(at)`` is a chapter; chapters run in the order of their names and may run again.
"""
