"""Open data: what is public, for machines. Owns no table; reads what lies below."""
