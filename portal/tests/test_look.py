"""Colours that carry words keep WCAG AA, light and dark; the stylesheets reach outside for nothing."""

import re

import pytest

from portal.tests import texts

CSS = texts.ROOT / "static" / "css"
WORDS = 4.5
MARKS = 3.0  # borders of controls, bars, focus rings (WCAG 1.4.11)
PAIRS = [
    ("ink", "paper", 7.0),
    ("ink", "sheet", 7.0),
    ("ink", "shade", 7.0),
    ("ink", "amber-wash", 7.0),
    ("ink", "pine-wash", 7.0),
    ("ink", "vermilion-wash", 7.0),
    ("ink-soft", "paper", WORDS),
    ("ink-soft", "sheet", WORDS),
    ("ink-soft", "shade", WORDS),
    ("ink-soft", "amber-wash", WORDS),
    ("ink-soft", "pine-wash", WORDS),
    ("ink-soft", "vermilion-wash", WORDS),
    ("pine", "paper", WORDS),
    ("pine", "sheet", WORDS),
    ("pine", "shade", WORDS),
    ("pine", "pine-wash", WORDS),
    ("pine", "amber-wash", WORDS),
    ("pine", "vermilion-wash", WORDS),
    ("pine-deep", "paper", WORDS),
    ("on-pine", "pine", WORDS),
    ("on-pine", "pine-deep", WORDS),
    ("vermilion", "paper", WORDS),
    ("vermilion", "sheet", WORDS),
    ("vermilion", "vermilion-wash", WORDS),
    ("on-vermilion", "vermilion", WORDS),
    ("amber", "paper", WORDS),
    ("amber", "sheet", WORDS),
    ("amber", "amber-wash", WORDS),
    ("control", "paper", MARKS),
    ("control", "sheet", MARKS),
    ("rule-strong", "paper", MARKS),
    ("amber-bar", "paper", MARKS),
]


def channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(scheme: str) -> dict[str, str]:
    """The custom properties of the light scheme, with those of the dark laid over them."""
    source = (CSS / "house.css").read_text("utf-8")
    light, dark = source.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(scheme):
    known = colours(scheme)
    weak = {
        f"{front} on {back}": round(contrast(known[front], known[back]), 2)
        for front, back, least in PAIRS
        if contrast(known[front], known[back]) < least
    }
    assert not weak


def test_the_measure_of_contrast_is_right():
    """Published anchors: black on white is 21, #777777 on white is 4.48 and fails."""
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_stylesheets_stay_at_home():
    for path in CSS.glob("*.css"):
        source = path.read_text("utf-8")
        assert not re.search(r"url\(|@import|https?:", source), path.name


def test_colours_are_named_once():
    """A colour is written only where it gets its name, so that dark mode and print reach all of it."""
    for path in CSS.glob("*.css"):
        loose = [
            line.strip()
            for line in path.read_text("utf-8").splitlines()
            if re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", line) and not re.match(r"\s*--", line)
        ]
        assert not loose, (path.name, loose)


def names_in_styles() -> set[str]:
    """Class names the stylesheets dress."""
    source = "".join(path.read_text("utf-8") for path in CSS.glob("*.css"))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"/\*.*?\*/", "", source, flags=re.S)))


def test_no_style_is_left_over():
    """Every class the stylesheets dress is worn somewhere, whole or as a beginning that a value completes."""
    wearers = [path.read_text("utf-8") for path in texts.template_files()]
    wearers += [path.read_text("utf-8") for path in texts.python_files()]
    wearers += [path.read_text("utf-8") for path in (texts.ROOT / "static" / "js").glob("*.js")]
    worn = {name for text in wearers for name in re.findall(r"[a-zA-Z][\w-]*", text)}
    begun = {name.rpartition("-")[0] + "-" for name in names_in_styles() if "-" in name}
    completed = {
        start for start in begun if any(re.search(re.escape(start) + r"(\{\{|\{%|\{\})", text) for text in wearers)
    }
    left = {name for name in names_in_styles() - worn if name.rpartition("-")[0] + "-" not in completed}
    assert left <= {"nonfield", "errorlist"}, left  # Django writes these
