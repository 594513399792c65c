"""The same digits in both languages on every page: amounts, days, serial numbers (F24)."""

import re

import pytest
from django.urls import reverse

from portal.tests import doors
from portal.tests.test_accessible import visitor

pytestmark = pytest.mark.django_db

DIGITS = re.compile(
    r"<data value=\"([^\"]*)\"[^>]*>([^<]*)<|<time[^>]*>([^<]*)<|class=\"[^\"]*\bcode\b[^\"]*\"[^>]*>([^<]*)<"
)


def digits(client, address: str, language: str) -> list[tuple[str, ...]]:
    """Machine values and printed figures, days and codes of a page, in order."""
    body = client.get(address, headers={"accept-language": language}).content.decode()
    return sorted(tuple(text.strip() for text in found) for found in DIGITS.findall(body))


@pytest.mark.long
def test_every_page_shows_the_same_digits_in_both_languages(cast):
    world = doors.world(cast)
    compared, wrong, clients = 0, [], {name: cast.client(name) for name in doors.CAST}
    for name, (arguments, row) in sorted(doors.table().items()):
        member = visitor(row)
        if member is None or not doors.is_page(name):
            continue
        address = reverse(name, kwargs={key: doors.value(world, path) for key, path in arguments.items()})
        chinese, english = (digits(clients[member], address, language) for language in ("zh-hans", "en"))
        compared += len(chinese)
        if chinese != english:
            wrong.append(f"{name}: {set(chinese) ^ set(english)}")
    assert not wrong, "\n".join(wrong)
    assert compared > 200
