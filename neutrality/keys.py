"""Keys made with a form and sent with it: what is sent twice counts once."""

import uuid


def new_key() -> str:
    """A fresh key for a hidden field; the operation keeps it beside what it wrote."""
    return str(uuid.uuid4())
