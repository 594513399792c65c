"""Are two projects of two registries one and the same? Points for and against, with reasons; a person decides.

Names are compared by their own words: generic words ("project", "grouped", 项目) are dropped, words for the
kind of activity become one word in both languages, phases and unit numbers stand apart, and a Chinese name is met
by its pinyin. Pure: pinyin comes with the facts.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

LIKELY = 6
"""Points from which a pair is shown to an operator; chosen on the training half of the labelled pairs."""

STOP = frozenset(
    """
    a an the of for and or in at on de la el los las del do da dos das et des le les du y e no nr
    grouped group bundled bundle small large scale programme program project projects proyecto projeto
    projet activity activities initiative china carbon emission emissions reduction reductions ghg greenhouse
    gas gases co2 vcs cdm ver vcu gs ccer offset offsets credit credits removal removals sequestration
    climate voluntary domestic plant station site sites based county city province prefecture autonomous
    district township state region department municipality xian shi sheng xiangmu ltd improvement
    recovery avoidance mw kw kwh ha capacity installed grid connected connection company xiang zhen qu
    zhou zizhizhou zizhixian poa cpa vpa component under through by with from to using its
    """.split()  # noqa: SIM905 (a list of words is read as words)
)
HAN_STOP = re.compile(
    "自愿减排|温室气体|国家核证|碳汇|碳减排|减排量|减排|项目|工程|有限公司|有限责任公司|集团|公司|"
    "自治县|自治州|县|市|省|区|镇|乡|州"
)
# One word for one kind of activity, in both languages; the longest spelling is met first.
KINDS = {
    "wind": (
        "wind power",
        "wind farm",
        "windfarm",
        "wind energy",
        "wind",
        "eolica",
        "eolico",
        "风力发电",
        "风电场",
        "风电",
    ),
    "solar": (
        "solar photovoltaic",
        "photovoltaic",
        "solar power",
        "solar pv",
        "solar",
        "fotovoltaica",
        "光伏发电",
        "光伏",
    ),
    "hydro": ("run of river", "hydroelectric", "hydropower", "hydro power", "hydro", "水力发电", "水电站", "水电"),
    "forest": ("afforestation", "reforestation", "tree planting", "forestacion", "reforestacion", "造林", "植树造林"),
    "care": ("improved forest management", "forest management", "ifm", "森林经营", "森林抚育"),
    "redd": ("redd+", "redd", "avoided deforestation", "forest conservation", "森林保护"),
    "landfill": ("landfill gas", "landfill", "lfg", "填埋气", "垃圾填埋", "relleno sanitario"),
    "biogas": ("biogas digester", "biogas", "biodigester", "methane digester", "沼气"),
    "stove": (
        "improved cookstoves",
        "cookstoves",
        "cookstove",
        "cook stoves",
        "clean cooking",
        "stoves",
        "节能炉灶",
        "炉灶",
    ),
    "heat": ("waste heat recovery", "waste heat", "余热余压", "余热发电", "余热利用", "余热"),
    "mangrove": ("mangroves", "mangrove", "manglar", "红树林"),
    "biochar": ("biochar", "biocarbon", "生物炭"),
    "rice": ("rice paddy", "paddy rice", "rice", "稻田", "水稻"),
    "grass": ("grassland", "grazing", "pasture", "草原", "草地"),
    "ods": ("ozone depleting substances", "ods", "refrigerant", "refrigerants"),
    "water": ("safe drinking water", "clean water", "water filters", "water filter", "borehole", "boreholes"),
    "mine": ("coal mine methane", "coal mine", "cmm", "vam", "煤层气", "瓦斯"),
}
SPELLINGS = sorted(((text, kind) for kind, texts in KINDS.items() for text in texts), key=lambda pair: -len(pair[0]))
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
HAN_NUMBERS = dict(zip("一二三四五六七八九", "123456789", strict=True))
PHASE = re.compile(r"([一二三四五六七八九])期|第([一二三四五六七八九])|(\d+)期")
MARKED = re.compile(r"\b(?:phase|stage|fase|etapa|unit|no|number|vpa|cpa|instance|block)[\s.#-]*(\d+|i{1,3}|iv|vi?)\b")
SIZES = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:mw|kw|mwp|ha|km|t|tpd)\b")
METHOD = re.compile(r"\b[a-z]{1,6}(?:[-.][a-z]{1,4}){0,2}[-. ]?(?:\d{1,4}|[ivx]{1,4}[-.]?[a-z]{1,2})\b")
# Methods that the national scheme took over from the mechanism of the Kyoto Protocol, under both names.
SAME_METHOD = {"cm001": "acm0002", "cm003": "acm0001", "cm072": "acm0022", "arcm001": "aracm0003", "cms026": "amsiiid"}
COMPANY = frozenset(
    "ltd limited inc llc co corp corporation sa sas ltda gmbh pvt private plc company group bv ag".split()  # noqa: SIM905
)


class Reason(StrEnum):
    """Why points were given or taken; the numbers are below."""

    SAME_NAME = "same_name"
    ALIKE_NAME = "alike_name"
    SHARED_NAME = "shared_name"
    OTHER_NAME = "other_name"
    OWN_WORDS = "own_words"
    SAME_KIND = "same_kind"
    OTHER_KIND = "other_kind"
    SAME_NUMBER = "same_number"
    OTHER_NUMBER = "other_number"
    OTHER_COUNTRY = "other_country"
    SAME_PLACE = "same_place"
    OTHER_PLACE = "other_place"
    SAME_METHOD = "same_method"
    OTHER_METHOD = "other_method"
    SAME_DEVELOPER = "same_developer"
    OTHER_DEVELOPER = "other_developer"
    YEARS_MEET = "years_meet"
    YEARS_APART = "years_apart"
    SAME_TONNES = "same_tonnes"
    OTHER_TONNES = "other_tonnes"


POINTS = {
    Reason.SAME_NAME: 6,
    Reason.ALIKE_NAME: 4,
    Reason.SHARED_NAME: 0,
    Reason.OTHER_NAME: -6,
    Reason.OWN_WORDS: -7,
    Reason.SAME_KIND: 1,
    Reason.OTHER_KIND: -6,
    Reason.SAME_NUMBER: 1,
    Reason.OTHER_NUMBER: -12,
    Reason.OTHER_COUNTRY: -20,
    Reason.SAME_PLACE: 2,
    Reason.OTHER_PLACE: -4,
    Reason.SAME_METHOD: 2,
    Reason.OTHER_METHOD: -1,
    Reason.SAME_DEVELOPER: 2,
    Reason.OTHER_DEVELOPER: -1,
    Reason.YEARS_MEET: 1,
    Reason.YEARS_APART: -3,
    Reason.SAME_TONNES: 2,
    Reason.OTHER_TONNES: -2,
}


@dataclass(frozen=True)
class Described:
    """A project as its registry tells it; `spelt`: the pinyin of the Chinese name, syllables apart. Empty: unknown."""

    name_zh: str = ""
    name_en: str = ""
    spelt: str = ""
    country: str = ""
    place: str = ""
    method: str = ""
    developer: str = ""
    years: tuple[int, int] | None = None
    tonnes: int | None = None


@dataclass(frozen=True)
class Marks:
    """What a description is recognised by."""

    words: frozenset[str]
    spelt: frozenset[str]
    han: frozenset[str]
    kinds: frozenset[str]
    numbers: frozenset[str]
    places: frozenset[str]
    methods: frozenset[str]
    developer: frozenset[str]
    facts: Described = field(compare=False, default=Described())


@dataclass(frozen=True)
class Comparison:
    points: int
    reasons: tuple[Reason, ...]

    @property
    def likely(self) -> bool:
        return self.points >= LIKELY


def plain(text: str) -> str:
    """Lower case without accents and full-width forms."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


SIGNS = re.compile(r"[\W_]+")
"""Brackets and the like are no part of a word; left in one, they also stop the search for it."""


def marks(facts: Described) -> Marks:
    latin, kinds = _kinds(SIZES.sub(" ", plain(facts.name_en)))
    chinese, more = _kinds(plain(facts.name_zh))
    numbers = {ROMAN.get(found, found.lstrip("0") or "0") for found in MARKED.findall(latin)}
    latin = MARKED.sub(" ", latin)
    numbers |= {HAN_NUMBERS.get("".join(found), "".join(found)) for found in PHASE.findall(chinese)}
    chinese = SIGNS.sub(" ", HAN_STOP.sub(" ", PHASE.sub(" ", chinese)))
    tokens = re.findall(r"[a-z]+|\d+", latin)
    numbers |= set(re.findall(r"\b[a-z]{1,4}\d{1,4}\b", latin))
    numbers |= {ROMAN.get(token, token) for token in tokens if token in ROMAN or (token.isdigit() and len(token) < 4)}
    words = {token for token in tokens if token not in STOP and token not in ROMAN and len(token) > 1}
    words -= {token for token in words if token.isdigit() and len(token) < 4}
    words = words or {token for token in tokens if token.isalpha()}  # a name of generic words alone
    return Marks(
        frozenset(words),
        _spelt(facts.spelt),
        frozenset(run[i : i + 2] for run in chinese.split() for i in range(max(len(run) - 1, 1))),
        frozenset(kinds | more),
        frozenset(numbers),
        frozenset(token for token in re.findall(r"[a-z]+|[\u4e00-\u9fff]+", plain(facts.place)) if token not in STOP),
        _methods(facts.method),
        frozenset(_letters(facts.developer) - COMPANY - STOP),
        facts,
    )


def _kinds(text: str) -> tuple[str, set[str]]:
    """The text without words for the kind of activity, and those kinds."""
    found = set()
    for spelling, kind in SPELLINGS:
        border = r"\b" if spelling[0].isascii() else ""
        end = border if spelling[-1].isalnum() else ""
        text, count = re.subn(border + re.escape(spelling) + end, " ", text)
        if count:
            found.add(kind)
    return text, found


def _spelt(text: str) -> frozenset[str]:
    """Two to four neighbouring syllables as one word, as names are written in Latin letters."""
    parts = SIGNS.sub(" ", plain(text)).split()
    return frozenset("".join(parts[i : i + n]) for n in (2, 3, 4) for i in range(len(parts) - n + 1)) | frozenset(parts)


def _letters(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]{2,}|[\u4e00-\u9fff]{2,}", plain(text)))


def _methods(text: str) -> frozenset[str]:
    cut = re.sub(r"\bv(?:ersion|er)?[\s.]*\d+(?:\.\d+)*", " ", plain(text))
    codes = {re.sub(r"[^a-z0-9]", "", code) for code in METHOD.findall(cut)}
    return frozenset(SAME_METHOD.get(code, code) for code in codes if len(code) > 3)


def compare(one: Marks, other: Marks) -> Comparison:
    """Points for and against, with their reasons. The order of the two does not matter."""
    reasons = [*_names(one, other), *_sites(one, other), *_makers(one, other)]
    return Comparison(sum(POINTS[reason] for reason in reasons), tuple(reasons))


def _names(one: Marks, other: Marks) -> list[Reason]:
    share, own = _shared(one, other)
    found = [Reason.OWN_WORDS] if own else []
    if share >= 80:
        found.append(Reason.SAME_NAME)
    elif share >= 50:
        found.append(Reason.ALIKE_NAME)
    else:
        found.append(Reason.SHARED_NAME if share >= 25 else Reason.OTHER_NAME)
    if one.kinds and other.kinds:
        found.append(Reason.SAME_KIND if one.kinds & other.kinds else Reason.OTHER_KIND)
    if one.numbers or other.numbers:
        found.append(Reason.SAME_NUMBER if one.numbers == other.numbers else Reason.OTHER_NUMBER)
    return found


def _shared(one: Marks, other: Marks) -> tuple[int, bool]:
    """Percent of the shorter name found in the longer one, the best of the scripts; and whether each has words that the
    other lacks."""
    ways = []
    if one.words and other.words:
        ways.append(_overlap(one.words, other.words))
    if one.han and other.han:
        ways.append(_overlap(one.han, other.han))
    for latin, chinese in ((one, other), (other, one)):
        if latin.words and chinese.spelt and not (one.han and other.han):
            met = {word for word in latin.words if word in chinese.spelt or _near(word, chinese.spelt)}
            ways.append((100 * len(met) // len(latin.words), met != latin.words))
    return max(ways, default=(0, False), key=lambda way: (way[0], not way[1]))


def _overlap(one: frozenset[str], other: frozenset[str]) -> tuple[int, bool]:
    met = {word for word in one if word in other or _near(word, other)}
    back = {word for word in other if word in one or _near(word, one)}
    share = 100 * min(len(met), len(back)) // min(len(one), len(other))
    return share, bool(one - met and other - back)


def _near(word: str, words: frozenset[str]) -> bool:
    """Whether a word of five letters or more is there but for one letter, or for its ending."""
    if len(word) < 5 or not word.isascii():
        return False
    return any(_one_off(word, each) or word[:6] == each[:6] for each in words if len(each) >= 5)


def _one_off(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, sign in enumerate(one) if other[i] != sign), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2][::-1] == other[at : at + 2] and one[at + 2 :] == other[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped


def _sites(one: Marks, other: Marks) -> list[Reason]:
    found = []
    if one.facts.country and other.facts.country and one.facts.country != other.facts.country:
        found.append(Reason.OTHER_COUNTRY)
    if one.places and other.places:
        found.append(Reason.SAME_PLACE if one.places & other.places else Reason.OTHER_PLACE)
    if one.methods and other.methods:
        found.append(Reason.SAME_METHOD if one.methods & other.methods else Reason.OTHER_METHOD)
    return found


def _makers(one: Marks, other: Marks) -> list[Reason]:
    found = []
    if one.developer and other.developer:
        same = _overlap(one.developer, other.developer)[0] >= 50
        found.append(Reason.SAME_DEVELOPER if same else Reason.OTHER_DEVELOPER)
    mine, theirs = one.facts.years, other.facts.years
    if mine and theirs:
        found.append(Reason.YEARS_MEET if mine[0] <= theirs[1] and theirs[0] <= mine[1] else Reason.YEARS_APART)
    if one.facts.tonnes and other.facts.tonnes:
        low, high = sorted((one.facts.tonnes, other.facts.tonnes))
        if high * 100 <= low * 115:
            found.append(Reason.SAME_TONNES)
        elif high > low * 3:
            found.append(Reason.OTHER_TONNES)
    return found
