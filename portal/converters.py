"""What a public code looks like in an address."""


class PublicCode:
    """A7K2-M9QX: two groups of four, as `neutrality.codes` makes them."""

    regex = "[0-9A-Z]{4}-[0-9A-Z]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Language:
    """zh or en, where an address fixes the language of what lies there: a document, a badge."""

    regex = "zh|en"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
