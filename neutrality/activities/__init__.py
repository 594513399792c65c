"""An activity and its carbon neutrality plan: what it is, what lies inside its boundary, what is promised, what is cut.

Nouns: activity (an event or an operating period), measure (a reduction), amendment (a change after the plan was
published). Stands on the rulebook, evidence and accounts. Its state moves only from draft to committed or cancelled;
everything later (held, accounted, settled) is computed upstairs from facts.
"""
