"""Two thousand labelled pairs of projects: how many twins are found, and how many of the found are twins.

Where the pairs come from. Facts of 328 real projects (`projects.csv`, with their source) and, since none of those has a
Chinese name, projects of invented sites in real Chinese counties (`seeds/regions.csv`). A seed and the rules below make
1,000 twins (one project as another registry would tell it: other script, generic words, order, accents, a slip of the
pen, the method of another programme, the developer or a buyer, missing place, years, tonnes) and 1,000 that are none
(another phase, another site of the same owner, the same mountain in another county, another instance of one programme,
the same county with another owner, any two of one country and kind), beside pairs written by hand.

Halves. A project and everything made of it falls into one half by the digest of its name; the points and the threshold
of the rules were chosen while looking at the training half only. Both halves are printed.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pypinyin import lazy_pinyin

from neutrality.offsets.rules import twins
from neutrality.offsets.rules.twins import Described

ROWS = 2000
SEED = 20260501
HERE = Path(__file__).parent
SITES = ("青龙 白云 金沙 老鹰 马鞍 石门 长冲 大坪 龙潭 凤凰 双河 红岩 黑石 野猫 九龙 天池 牛栏 羊角 三岔 清水").split()  # noqa: SIM905
KINDS = (
    ("风力发电", "wind power", "ACM0002", "CM-001-V01"),
    ("光伏发电", "solar photovoltaic", "ACM0002", "CM-001-V01"),
    ("水电站", "hydropower", "ACM0002", "CM-001-V01"),
    ("造林", "afforestation", "AR-ACM0003", "AR-CM-001-V01"),
    ("森林经营", "forest management", "VM0010", "AR-CM-003-V01"),
    ("填埋气发电", "landfill gas", "ACM0001", "CM-003-V01"),
    ("户用沼气", "biogas digester", "AMS-III.D.", "CMS-026-V01"),
    ("余热发电", "waste heat recovery", "ACM0012", "CM-005-V01"),
)
MAKERS = "华能 大唐 国电投 三峡 龙源 中广核 协鑫 林海 绿源 青禾 晨曦 远景".split()  # noqa: SIM905
BUYERS = ("South Pole Carbon Asset Management", "Climate Bridge Ltd", "Vitol S.A.", "EcoAct", "Allcot AG", "Numerco")
ENGLISH = {
    "improved": "enhanced",
    "project": "initiative",
    "forest": "woodland",
    "community": "communities",
    "restoration": "restoring",
    "energy": "power",
}
BY_HAND = (
    # (twins?, one, other)
    (True, Described(name_en="Rimba Raya Biodiversity Reserve Project", country="ID", method="VM0004"),
     Described(name_en="Rimba Raya REDD", country="ID", method="VM0004 v1.0")),
    (True, Described(name_zh="内蒙古辉腾锡勒风电场一期", spelt="nei meng gu hui teng xi le feng dian chang yi qi",
                     country="CN", method="CM-001-V01"),
     Described(name_en="Huitengxile Wind Farm Phase I", country="CN", method="ACM0002")),
    (False, Described(name_en="Huitengxile Wind Farm Phase I", country="CN", method="ACM0002", developer="Longyuan"),
     Described(name_en="Huitengxile Wind Farm Phase II", country="CN", method="ACM0002", developer="Longyuan")),
    (False, Described(name_en="Mount Kenya Cookstoves, Nyeri County", country="KE", developer="Eco2"),
     Described(name_en="Mount Kenya Cookstoves, Embu County", country="KE", developer="Eco2")),
    (False, Described(name_zh="乌蒙山威宁县造林项目", spelt="wu meng shan wei ning xian zao lin", country="CN"),
     Described(name_zh="乌蒙山赫章县造林项目", spelt="wu meng shan he zhang xian zao lin", country="CN")),
    (False, Described(name_en="A-Gas 1-2022", country="US", developer="A-Gas US Inc."),
     Described(name_en="A-Gas 2-2022", country="US", developer="A-Gas US Inc.")),
    (False, Described(name_en="GS12856-VPA-1 Unlocking Communities Cookstoves", country="HT"),
     Described(name_en="GS12856-VPA-2 Unlocking Communities Cookstoves", country="HT")),
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    one: Described
    other: Described
    same: bool
    rule: str
    root: str
    """The project the pair is made of: it decides the half."""

    @property
    def training(self) -> bool:
        return hashlib.sha256(self.root.encode()).digest()[0] % 2 == 0


def real() -> list[Described]:
    with (HERE / "projects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return [
        Described(
            name_en=row["name"],
            country=row["country"],
            place=row["place"],
            method=row["method"],
            developer=row["developer"],
            years=(int(row["first"]), int(row["last"] or int(row["first"]) + 10)) if row["first"] else None,
            tonnes=int(row["tonnes"]) if row["tonnes"] else None,
        )
        for row in rows
    ]


def chinese(rng: Random, count: int) -> list[Described]:
    """Projects of invented sites in real counties, told by a registry in Chinese."""
    with (HERE.parent / "seeds" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    counties = [row["name_zh"] for row in rows if row["name_zh"].endswith("县") and len(row["name_zh"]) in (3, 4)]
    provinces = {row["code"][:2]: row["name_zh"] for row in rows if row["parent"] == "100000"}
    places = {row["name_zh"]: provinces.get(row["code"][:2], "") for row in rows}
    found = []
    for _number in range(count):
        county, (kind, _english, _cdm, method) = rng.choice(counties), rng.choice(KINDS)
        first = rng.randint(2008, 2020)
        found.append(
            Described(
                name_zh=f"{county}{rng.choice(SITES)}{kind}项目",
                country="CN",
                place=places[county],
                method=method,
                developer=f"{rng.choice(MAKERS)}{rng.choice(['新能源', '生态', '环境'])}有限公司",
                years=(first, first + rng.choice([7, 10, 20])),
                tonnes=rng.randint(5, 300) * 1000,
            )
        )
    return found


def spelt(facts: Described) -> Described:
    """With pinyin of the name and of the province, as the portal knows both names of a province."""
    place = "".join(lazy_pinyin(facts.place.removesuffix("省"))) if facts.name_zh else ""
    name = " ".join(lazy_pinyin(facts.name_zh)) if facts.name_zh else ""
    return replace(facts, spelt=name, place=f"{facts.place} {place}".strip())


def translated(facts: Described, rng: Random) -> Described:
    """A Chinese project as a foreign registry tells it: names in pinyin, the kind in English, the method of the CDM."""
    kind = next(kind for kind in KINDS if kind[0] in facts.name_zh)
    county, rest = facts.name_zh.split("县", 1)
    site = rest.split(kind[0])[0]
    county_en, site_en = ("".join(lazy_pinyin(text)).capitalize() for text in (county, site))
    shapes = (
        f"{county_en} {site_en} {kind[1]} project",
        f"{site_en} {kind[1].title()} Project in {county_en} County",
        f"{county_en.upper()} COUNTY {site_en.upper()} {kind[1].upper()}",
        f"{rng.randint(10, 99)} MW {kind[1]} at {site_en}, {county_en} County, China",
    )
    province = "".join(lazy_pinyin(facts.place.removesuffix("省"))).capitalize()
    return replace(facts, name_zh="", name_en=rng.choice(shapes), place=rng.choice(["", province]), method=kind[2])


def retold(facts: Described, rng: Random) -> Described:
    """The same project as another registry would tell it."""
    if facts.name_zh and rng.random() < 0.6:
        told = translated(facts, rng)
    elif facts.name_zh:
        told = replace(facts, name_zh=_renamed_zh(facts.name_zh, rng))
    else:
        told = replace(facts, name_en=_renamed(facts.name_en, rng))
    if rng.random() < 0.35:
        told = replace(told, developer=rng.choice([*BUYERS, ""]))
    elif told.developer and rng.random() < 0.4:
        told = replace(told, developer=told.developer.split(",")[0].replace("Limited", "Ltd"))
    if rng.random() < 0.3:
        told = replace(told, place="")
    if rng.random() < 0.3:
        told = replace(told, method=rng.choice(["", f"{told.method} version {rng.randint(1, 20)}.0"]))
    if told.years:
        most = min(2, told.years[1] - told.years[0])
        shift = rng.randint(-most, most)
        told = replace(told, years=None if rng.random() < 0.2 else (told.years[0] + shift, told.years[1] + shift))
    if told.tonnes:
        told = replace(told, tonnes=None if rng.random() < 0.25 else told.tonnes * rng.randint(93, 108) // 100)
    return told


def _renamed(name: str, rng: Random) -> str:
    words = name.split()
    if rng.random() < 0.3:
        words = [ENGLISH.get(word.lower(), word) for word in words]
    if rng.random() < 0.3 and len(words) > 2:
        words = [word for word in words if word.lower() not in ("project", "program", "the", "of", "carbon")] or words
    if rng.random() < 0.25 and len(words) > 3:
        cut = rng.randrange(1, len(words))
        words = words[cut:] + words[:cut]
    if rng.random() < 0.25:
        at = rng.randrange(len(words))
        if len(words[at]) > 5 and words[at].isalpha():
            i = rng.randrange(1, len(words[at]) - 1)
            words[at] = words[at][:i] + words[at][i + 1 :]
    shape: Callable[[str], str] = rng.choice([str, str.upper, str.lower, str.title, twins.plain])
    tail = rng.choice(["", "", " Project", " Grouped Project", " (VCS)", " - Carbon Programme"])
    return shape(" ".join(words)) + tail


def _renamed_zh(name: str, rng: Random) -> str:
    tails = ("自愿减排项目", "工程", "碳汇项目", "项目（VCS）", "")
    return name.removesuffix("项目") + rng.choice(tails)


def other_phase(facts: Described, rng: Random) -> tuple[Described, Described]:
    """Two phases of one project: everything else agrees."""
    if facts.name_zh:
        base = facts.name_zh.removesuffix("项目")
        two = [replace(facts, name_zh=f"{base}{sign}期项目") for sign in rng.sample("一二三", 2)]
        return two[0], (translated_phase(two[1], rng) if rng.random() < 0.4 else two[1])
    first, second = rng.sample(["I", "II", "III"], 2)
    return (
        replace(facts, name_en=f"{facts.name_en} Phase {first}"),
        replace(facts, name_en=f"{_renamed(facts.name_en, rng)} Phase {second}"),
    )


def translated_phase(facts: Described, rng: Random) -> Described:
    sign = facts.name_zh.removesuffix("期项目")[-1]
    told = translated(facts, rng)
    return replace(told, name_en=f"{told.name_en} Phase {'一二三'.index(sign) + 1}")


def other_site(facts: Described, rng: Random, pool: list[Described]) -> tuple[Described, Described] | None:
    """Another site of the same owner with the same method."""
    if facts.name_zh:
        kind = next(kind for kind in KINDS if kind[0] in facts.name_zh)
        county = facts.name_zh.split("县")[0]
        site = rng.choice([site for site in SITES if site not in facts.name_zh])
        other = replace(
            facts, name_zh=f"{county}县{site}{kind[0]}项目", tonnes=(facts.tonnes or 1) * rng.randint(5, 20) // 10
        )
        return facts, (translated(other, rng) if rng.random() < 0.5 else other)
    owned = [one for one in pool if one.developer == facts.developer and one.name_en != facts.name_en]
    return (facts, rng.choice(owned)) if owned and facts.developer else None


def other_county(facts: Described, rng: Random, pool: list[Described]) -> tuple[Described, Described] | None:
    """The same site name in another county."""
    if not facts.name_zh:
        return None
    other = rng.choice([one for one in pool if one.name_zh and one.name_zh[:2] != facts.name_zh[:2]])
    county, (_old, rest) = other.name_zh.split("县")[0], facts.name_zh.split("县", 1)
    told = replace(facts, name_zh=f"{county}县{rest}", place=other.place)
    return facts, (translated(told, rng) if rng.random() < 0.5 else told)


def other_owner(facts: Described, rng: Random, pool: list[Described]) -> tuple[Described, Described] | None:
    """Any other project of the country, of the same method where there is one."""
    near = [one for one in pool if one.country == facts.country and one != facts]
    near = [one for one in near if one.method == facts.method] or near
    return (facts, rng.choice(near)) if near else None


def other_instance(facts: Described, rng: Random) -> tuple[Described, Described]:
    """Two instances of one programme."""
    one, two = rng.sample(range(1, 30), 2)
    name = facts.name_en or translated(facts, rng).name_en
    return (
        replace(facts, name_zh="", name_en=f"GS{rng.randint(1000, 9999)}-VPA-{one} {name}"),
        replace(facts, name_zh="", name_en=f"{name} VPA {two}"),
    )


def pairs(count: int) -> Iterator[Pair]:
    """`count` labelled pairs, half of them twins; those by hand come on top, all in the half for testing."""
    rng = Random(SEED)
    pool = real() + chinese(rng, 300)
    seen = set()
    for _number in range(count // 2):
        facts = rng.choice(pool)
        yield _pair(facts, retold(facts, rng), True, "twin", facts)
    made = 0
    makers: list[tuple[str, Callable[[Described], tuple[Described, Described] | None]]] = [
        ("other phase", lambda facts: other_phase(facts, rng)),
        ("other site of the owner", lambda facts: other_site(facts, rng, pool)),
        ("same name, other county", lambda facts: other_county(facts, rng, pool)),
        ("other instance", lambda facts: other_instance(facts, rng)),
        ("any other of the country", lambda facts: other_owner(facts, rng, pool)),
    ]
    while made < count // 2:
        name, make = makers[rng.randrange(len(makers))]
        facts = rng.choice(pool)
        two = make(facts)
        if two is None or two in seen:
            continue
        seen.add(two)
        made += 1
        yield _pair(*two, False, name, facts)


def _pair(one: Described, other: Described, same: bool, rule: str, root: Described) -> Pair:
    return Pair(spelt(one), spelt(other), same, rule, root.name_zh or root.name_en)


def ours(pair: Pair) -> bool:
    return twins.compare(twins.marks(pair.one), twins.marks(pair.other)).likely


def naive(pair: Pair) -> bool:
    """What a first version does: names alike by their trigrams (half of them shared), country not another."""
    one, other = (_trigrams(facts.name_en or facts.name_zh) for facts in (pair.one, pair.other))
    same_country = not (pair.one.country and pair.other.country) or pair.one.country == pair.other.country
    return same_country and len(one & other) * 2 >= len(one | other)


def _trigrams(text: str) -> set[str]:
    padded = f"  {text.lower()} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def tally(some: list[Pair], judge: Callable[[Pair], bool]) -> dict[str, float]:
    said = [(judge(pair), pair.same) for pair in some]
    right, called = sum(a and b for a, b in said), sum(a for a, _ in said)
    true = sum(b for _, b in said)
    recall, precision = right / max(true, 1), right / max(called, 1)
    f1 = 2 * recall * precision / max(recall + precision, 0.0001)
    return {"pairs": len(some), "recall": round(recall, 4), "precision": round(precision, 4), "f1": round(f1, 4)}


@dataclass
class Report:
    rows: int

    def figures(self) -> dict[str, object]:
        every = list(pairs(self.rows))
        hand = [Pair(one, other, same, "by hand", "") for same, one, other in BY_HAND]
        halves = {
            "train": [pair for pair in every if pair.training],
            "test": [pair for pair in every if not pair.training],
        }
        found: dict[str, object] = {"bench": "twins", "rows": len(every), "threshold": twins.LIKELY, "seed": SEED}
        for name, some in (*halves.items(), ("by_hand", hand)):
            found[name] = {"ours": tally(some, ours), "naive": tally(some, naive)}
        kinds = sorted({pair.rule for pair in every})
        test = halves["test"]
        found["wrong_by_rule"] = {
            kind: [sum(ours(p) != p.same for p in test if p.rule == kind), sum(p.rule == kind for p in test)]
            for kind in kinds
        }
        mine, theirs = (tally(test, judge) for judge in (ours, naive))
        return found | {"of_limit": mine["f1"], "of_peer": round(mine["f1"] / theirs["f1"], 4)}

    def print(self) -> None:
        found = self.figures()
        print(f"twins: {found['rows']} labelled pairs, half of them twins; ours beside names alike by trigrams")
        for name in ("train", "test", "by_hand"):
            for judge, one in found[name].items():  # type: ignore[attr-defined]
                figures = f"recall {one['recall']:.3f}   precision {one['precision']:.3f}   of {one['pairs']}"
                print(f"  {name:<8}{judge:<7}{figures}")
        print(f"  wrong in the test half, by rule: {found['wrong_by_rule']}")
        print(json.dumps(found, ensure_ascii=False))


def run(rows: int) -> Report:
    return Report(rows)
