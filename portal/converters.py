"""What a public code looks like in an address."""


class PublicCode:
    """A7K2-M9QX: two groups of four, as `neutrality.codes` makes them."""

    regex = "[0-9A-Z]{4}-[0-9A-Z]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
