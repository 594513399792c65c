"""Open data: the public record for machines. Owns no table; what a page shows, a dataset says with the same words.

Nouns: dataset (named columns, a licence, rows in a fixed order), page of a dataset (a keyset, flat in depth).
"""
