"""Standing: scores, the green list and the black list (floor 9)

Nouns: Policy (dated public method), Score (points with reasons), Listing (an entry with its term), Ending (why it ended
early). A worker scores and proposes; people decide in a case of oversight; a sweeper writes down what they decided.
What is public on a day is asked in one place, `queries.listed`. Stands on oversight and everything below.
"""
