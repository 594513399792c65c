"""The subject of the portal: activities that settle their carbon account in public.

Floors, lowest first; a room imports only from lower floors (a test holds this):

    0  quantities, periods, fields, constraints, appendonly, refusals, codes, keys, wording, search
    1  trail        who did what, when: an insert-only log anyone can check
    2  ledger       where every numbered unit lies | rulebook  the law as dated data | evidence  files that prove
    3  accounts     people, organizations, roles (beside this package)
    4  activities   an activity and its plan
    5  inventory    what it emitted | planting  what was planted for it
    6  offsets      what was cancelled for it
    7  evaluation   is the claim sound?
    8  disclosure   what the public sees
    9  oversight    reviews, challenges, cases
    10 standing     scores, green and black lists
    11 opendata     the same for machines
    12 portal       the shell (beside this package); imported by nobody
"""
