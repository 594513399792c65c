"""Django's PostgreSQL, with another look at pooled connections."""
