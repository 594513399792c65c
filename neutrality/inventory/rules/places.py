"""Places as people write them, and the ground between them (pure).

A place is found by its names in both languages, by airports and their codes, by districts and counties inside it, and
by addresses that begin with it. What could be several places is a question, what is none of them is unknown: nothing is
guessed. Distances are great circles between cities, in steps of 100 m.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from neutrality.inventory.rules.lines import folded

EARTH_KM = 6371
DOMESTIC = "China"
OUR_RAILS = frozenset({DOMESTIC, "Hong Kong, China"})
CITY_ENDINGS = ("市", "自治州", "地区", "盟", "县", "区", "州")
STATION_ENDINGS = ("火车站", "高铁站", "东站", "西站", "南站", "北站", "站", "国际机场", "机场", "航站楼")
LONGEST_WRITTEN = 80
SHORTEST_CITY = 2
LATIN_ENDINGS = re.compile(r"\s+(international airport|airport|city|shi|railway station|station)$")
SEPARATORS = re.compile(r"\s*[,，、;；/|·()（）\[\]-]\s*")
OUTER = re.compile(r"^[\s,，.。:：]+|[\s,，.。:：]+$")
COUNTRY_PREFIXES = ("中华人民共和国", "中国")
COUNTRIES = {
    "prc": DOMESTIC,
    "p.r. china": DOMESTIC,
    "pr china": DOMESTIC,
    "uk": "United Kingdom",
    "england": "United Kingdom",
    "usa": "United States",
    "us": "United States",
    "korea": "South Korea",
    "united arab emirates": "UAE",
    "英国": "United Kingdom",
    "美国": "United States",
    "日本": "Japan",
    "韩国": "South Korea",
    "法国": "France",
    "德国": "Germany",
}


@dataclass(frozen=True)
class Place:
    """A city. `airports` are codes, `aliases` other names that stand for it; `province` two digits in China."""

    name_zh: str
    name_en: str
    country: str
    province: str
    lat: Decimal
    lon: Decimal
    airports: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    land: str = ""  # "" where it is not known

    @property
    def domestic(self) -> bool:
        return self.country == DOMESTIC

    @property
    def on_our_rails(self) -> bool:
        """Whether its trains are those the Chinese factors are about."""
        return self.country in OUR_RAILS

    @property
    def code(self) -> str:
        """What tells it from every other place of the table."""
        return self.name_zh or f"{self.name_en}, {self.country}"


@cache
def great_circle_km(first: Place, second: Place) -> Decimal:
    """Distance over the ground in km, one decimal place (haversine, a sphere of 6,371 km)."""
    up, along = math.radians(second.lat - first.lat), math.radians(second.lon - first.lon)
    cosines = math.cos(math.radians(first.lat)) * math.cos(math.radians(second.lat))
    half = math.sin(up / 2) ** 2 + cosines * math.sin(along / 2) ** 2
    return Decimal(round(20 * EARTH_KM * math.asin(min(1, math.sqrt(half))))).scaleb(-1)


def flat(text: str) -> str:
    """A place name as it is looked up: one width, one case, no apostrophes, accents or outer marks."""
    wide = unicodedata.normalize("NFKD", text[: LONGEST_WRITTEN * 4])
    plain = "".join(sign for sign in wide if not unicodedata.combining(sign))
    return OUTER.sub("", folded(unicodedata.normalize("NFKC", plain).replace("'", "").replace("’", "")))


@dataclass(frozen=True)
class Within:
    """A district or county by its names, and the city whose place stands for it."""

    names: tuple[str, ...]
    city: Place


class Gazetteer:
    """Places by every name people use for them."""

    def __init__(
        self,
        places: Iterable[Place],
        provinces: Mapping[str, str],
        within: Iterable[Within] = (),
        capitals: Mapping[str, Place] | None = None,
    ):
        """`provinces`: names of provinces to their two digits; `capitals`: by those digits."""
        self.places = {place.code: place for place in places}
        self.provinces = {flat(name): digits for name, digits in provinces.items()}
        self.capitals = dict(capitals or {})
        self.names: dict[str, list[Place]] = {}
        self.parts: dict[str, list[Place]] = {}
        for place in self.places.values():
            for name in (place.name_zh, place.name_en, *place.airports, *place.aliases):
                _add(self.names, name, place)
        for part in within:
            for name in part.names:
                _add(self.parts, name, part.city)
        self.lengths = sorted({len(name) for name in self.names if not name.isascii()}, reverse=True)
        self.countries = {flat(place.country): place.country for place in self.places.values()} | COUNTRIES

    def find(self, text: str) -> tuple[Place, ...]:
        """What a person may mean: one is an answer, several are a question, none is unknown."""
        if len(text) > LONGEST_WRITTEN or self.is_province(text):
            return ()
        name = flat(text)
        for prefix in COUNTRY_PREFIXES:
            name = name.removeprefix(prefix).lstrip(" ,，") or name
        return self._named(name) or self._in_province(name) or self._listed(name) or self._address(name)

    def is_province(self, text: str) -> bool:
        """Whether only a province was named: no city, no guess."""
        return flat(text) in self.provinces and not self.names.get(flat(text))

    def capital(self, text: str) -> Place | None:
        """The capital of the province named, to be offered, never taken."""
        return self.capitals.get(self.provinces.get(flat(text), ""))

    def spelling(self, place: Place) -> str:
        """A name that means this place and no other."""
        names = (place.name_zh, *place.aliases, place.name_en, *place.airports, f"{place.name_en}, {place.country}")
        return next((name for name in names if name and self.find(name) == (place,)), place.code)

    def _named(self, name: str) -> tuple[Place, ...]:
        """By the whole name, then without its ending; each time cities and airports before what lies in a city."""
        for form in _forms(name):
            for known in (self.names, self.parts):
                if known.get(form):
                    return tuple(known[form])
        return ()

    def _in_province(self, name: str) -> tuple[Place, ...]:
        """A province, then the city: 四川省绵阳市, 江苏 Suzhou."""
        for province in sorted(self.provinces, key=len, reverse=True):
            rest = name.removeprefix(province).strip(" ,，")
            if rest != name and rest:
                found = self._named(rest) or self._address(rest)
                return tuple(place for place in found if place.province == self.provinces[province])
        return ()

    def _listed(self, name: str) -> tuple[Place, ...]:
        """Names side by side that agree: Chengdu, Sichuan, China; CTU 成都双流; London (UK). One that is not understood
        may change what is meant (Paris, Texas), so nothing is found; the rest of a Chinese address may stay unread."""
        words = [word for word in SEPARATORS.split(name) if word]
        words = words if len(words) > 1 else name.split()
        if len(words) < 2:
            return ()
        found, provinces, countries = [], set(), set()
        for word in words:
            places = self._named(word) or self._address(word)
            if word in self.countries and not places:
                countries.add(self.countries[word])
            elif word in self.provinces and word not in self.names:
                provinces.add(self.provinces[word])
            elif places:
                found.append(set(places))
            elif word.isascii():
                return ()
        common = set.intersection(*found) if found else set()
        fitting = {place for place in common if not provinces or place.province in provinces}
        fitting = {place for place in fitting if not countries or place.country in countries}
        return tuple(sorted(fitting, key=lambda place: place.code))

    def _address(self, name: str) -> tuple[Place, ...]:
        """An address counts as the city it begins with: 成都市武侯区, 北京海淀; two cities side by side are none."""
        for length in self.lengths:
            head, rest = name[:length], SEPARATORS.sub("", name[length:]).strip()
            if length >= SHORTEST_CITY and rest and head in self.names and not head.isascii():
                other = self._named(rest)
                return tuple(self.names[head]) if not other or set(other) & set(self.names[head]) else ()
        return ()


def _add(known: dict[str, list[Place]], name: str, place: Place) -> None:
    found = known.setdefault(flat(name), [])
    if name and place not in found:
        found.append(place)


def _forms(name: str) -> list[str]:
    """The name, and without the endings of cities, stations and airports."""
    forms = [name, LATIN_ENDINGS.sub("", name)]
    for ending in STATION_ENDINGS:
        forms += [form.removesuffix(ending) for form in forms[:2] if form.endswith(ending)]
    forms += [form.removesuffix(ending) for form in tuple(forms) for ending in CITY_ENDINGS if form.endswith(ending)]
    return [form for form in dict.fromkeys(forms) if form]
