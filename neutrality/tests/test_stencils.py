"""Stencils: what is printed once says what would be printed anew, and nothing a reader types is a blank."""

import pytest
from django.template import Context, Template

from neutrality.stencils import Kept, blank, cut

WORDS = Template("<p title='{{ typed }}'>{{ typed }}</p>{% for row in rows %}<b>{{ row }}</b>{% endfor %}{{ end }}")


def printed(**values):
    return WORDS.render(Context(values))


def test_a_filled_stencil_says_what_the_template_says():
    stencil = cut(printed(typed="<a>", rows=[blank("row")], end=blank("end")))
    assert stencil.filled(row="1", end="2") == printed(typed="<a>", rows=["1"], end="2")
    assert cut("without").filled() == "without"


def test_a_blank_without_a_text_is_an_error():
    with pytest.raises(KeyError):
        cut(printed(end=blank("end"))).filled(other="2")


@pytest.mark.parametrize("typed", ["end", "[end]", "[0123456789abcdef0123456789abcdef end]", "{end}", "%s", "{0}"])
def test_what_is_typed_is_no_blank(typed):
    assert cut(printed(typed=typed, end=blank("end"))).filled(end="2") == printed(typed=typed, end="2")


def test_the_oldest_goes_when_there_is_no_room():
    made, kept = [], Kept(2)
    for key in (1, 2, 1, 3, 1):
        kept.get(key, lambda key=key: made.append(key) or f"of {key}")
    assert made == [1, 2, 3, 1]
    assert len(kept.things) == 2
