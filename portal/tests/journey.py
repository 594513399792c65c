"""People of a browser journey: each in a window of their own, logged in, clicking what stands on the pages."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass
class Traveller:
    """Somebody of the cast in front of the portal."""

    page: Any
    base: str

    def go(self, path: str) -> "Traveller":
        """Open an address of the portal; it must be there."""
        answer = self.page.goto(self.base + path)
        assert answer.status == 200, f"{path} answered {answer.status}"
        return self

    def fill(self, **values: str) -> "Traveller":
        """Type, choose, tick: by the kind of each named field."""
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name}']:not([type=hidden])").first
            kind = field.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                self._choose(field, value)
            elif kind in ("checkbox", "radio"):
                self.page.check(f"main [name='{name}'][value='{value}']")
            else:
                field.fill(value)
        return self

    def tick_all(self) -> "Traveller":
        """Tick every box of the page, having read them."""
        for box in self.page.locator("main input[type=checkbox]").all():
            box.check()
        return self

    def _choose(self, field: Any, wanted: str) -> None:
        """The option of that value, or the first whose words hold it."""
        options = [(option.get_attribute("value"), option.inner_text()) for option in field.locator("option").all()]
        found = [value for value, words in options if wanted == value or wanted in words]
        assert found, f"{wanted!r} is not among {options}"
        field.select_option(found[0])

    def press(self, text: str) -> "Traveller":
        """Press the button, or follow the link, that says `text`."""
        spoken = self.page.locator("main").get_by_role("button", name=text)
        (spoken if spoken.count() else self.page.locator("main").get_by_role("link", name=text)).first.click()
        return self

    def send(self) -> "Traveller":
        """Press the form's own button."""
        self.page.locator("main form[method=post] button:not([name])").first.click()
        return self

    @property
    def path(self) -> str:
        """Where the person is now."""
        return self.page.url.removeprefix(self.base)

    def reads(self, *texts: str) -> None:
        """Every text stands on the page, and the page did not refuse."""
        said = self.page.locator("body").inner_text()
        for text in texts:
            assert text in said, f"{text!r} is not on {self.path}:\n{said}"

    def never_reads(self, *texts: str) -> None:
        """None of the texts stands on the page; that it is the right page `reads` must have shown."""
        said = self.page.locator("body").inner_text()
        for text in texts:
            assert text not in said, f"{text!r} stands on {self.path}"


def arrive(new_page: Any, base: str, cast: Any, name: str, locale: str = "en-GB", **viewport: Any) -> Traveller:
    """The member of the cast called `name`, in a window of their own."""
    page = new_page(locale=locale, **viewport)
    if name != "anonymous":
        cookie = cast.client(name).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": base}])
    return Traveller(page, base)
