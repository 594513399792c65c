"""Lists of participants: distances against published ones, places never guessed, sums equal to the plain rule."""

from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neutrality.inventory import tally, trips
from neutrality.inventory.listreading import Column, way_key
from neutrality.inventory.rules import travel
from neutrality.inventory.rules.places import great_circle_km
from neutrality.inventory.tests import plain_journeys
from neutrality.inventory.tests.plain_journeys import terms

CHENGDU = trips.gazetteer().find("成都")[0]
FIELDS = ("origin", "mode", "people", "km", "sharing", "nights", "meals", "back", "cabin")


def columns(raws):
    """Rows as columns."""
    found = {}
    for name in travel.FIELDS:
        texts = [raw.get(name, "") for raw in raws]
        known = list(dict.fromkeys(texts))
        codes = np.array([known.index(text) for text in texts], dtype=np.int32)
        found[name] = Column(codes, known)
    return found


def settle(*rows, infer=False, answers=None, venue="成都"):
    raws = [dict(zip(FIELDS, row, strict=False)) for row in rows]
    return tally.settle(columns(raws), len(raws), terms(venue, infer=infer, answers=answers))


def wrong(found):
    return {(each.code, each.written, tuple(each.rows.tolist())) for each in found.wrong}


# One-way kilometres to Vienna as published for the EGU General Assembly 2019 (M. Klöwer), cities of our table. Their
# Tunis (1697.8 km) is left out: it is the middle of Tunisia, 340 km from the city.
EGU_KM = [
    ("Berlin", "524.1"),
    ("Cologne", "744.7"),
    ("Rome", "765.3"),
    ("Graz", "144.7"),
    ("Oslo", "1352.8"),
    ("Tokio", "9154.2"),
    ("Helsinki", "1441.1"),
    ("Budapest", "214.7"),
    ("Jerusalem", "2419.7"),
    ("Rio de Janeiro", "9856.7"),
    ("Santiago", "12487.9"),
    ("Singapore", "9710.1"),
    ("Bratislava", "55.2"),
    ("Bogota", "9664.4"),
    ("Luxembourg", "769.7"),
    ("Cairo", "2381.7"),
    ("Buenos Aires", "11793.2"),
    ("St Paul’s Bay", "1371.5"),
    ("Tehran", "3182.8"),
    ("Beirut", "2247.6"),
    ("Lima", "11250.7"),
    ("Almaty", "4624.5"),
    ("Montevideo", "11680.9"),
    ("Dakar", "4839.8"),
    ("San Jose, Costa Rica", "9956.4"),
    ("Kuwait City", "3410.2"),
    ("Faaa", "16377.5"),
    ("Macau", "8709.6"),
    ("Doha", "3979.0"),
]


@pytest.mark.parametrize(("city", "published"), EGU_KM)
def test_distances_agree_with_the_published_ones_of_egu_2019(city, published):
    """Theirs are on the ellipsoid, ours on a sphere (up to 0.3 % apart); their Vienna lies a few km from ours."""
    (place,), (vienna,) = trips.gazetteer().find(city), trips.gazetteer().find("Vienna")
    assert abs(travel.great_circle_km(place, vienna) - D(published)) < max(D(8), D(published) * D("0.0035"))


KNOWN_KM = [
    ("成都", "北京", 1519),
    ("成都", "上海", 1661),
    ("PEK", "广州市", 1889),
    ("Vienna", "Beijing", 7468),
    ("四川省绵阳市", "CTU", 115),
    ("乌鲁木齐", "上海", 3273),
    ("拉萨", "成都", 1251),
    ("东京", "LAX", 8815),
    ("悉尼", "伦敦", 16994),
]


@pytest.mark.parametrize(("first", "second", "km"), KNOWN_KM)
def test_known_distances(first, second, km):
    (one,), (two,) = trips.gazetteer().find(first), trips.gazetteer().find(second)
    assert abs(great_circle_km(one, two) - km) <= km * D("0.01")
    assert great_circle_km(one, two) == great_circle_km(two, one)
    assert great_circle_km(one, one) == 0


# --- the table of places


def test_places_lie_where_they_can():
    table = trips.gazetteer().places.values()
    chinese = [place for place in table if place.province and place.province not in ("71", "81", "82")]
    assert len(chinese) > 390
    assert [p.code for p in chinese if not (D("3.4") < p.lat < D("53.6") and D("73.4") < p.lon < D("135.1"))] == []
    assert [p.code for p in table if not (abs(p.lat) <= 90 and abs(p.lon) <= 180)] == []
    codes = [code for place in table for code in place.airports]
    assert len(codes) == len(set(codes)) > 440
    assert [code for code in codes if not (len(code) == 3 and code.isascii() and code.isupper())] == []


def test_every_prefecture_of_china_is_there_and_every_province_has_a_capital():
    regions = trips._rows("regions.csv")
    provinces = {row["code"] for row in regions if row["parent"] == trips.COUNTRY} - {"990000"}
    municipal = {"110000", "120000", "310000", "500000", "710000", "810000", "820000"}
    prefectures = [row for row in regions if row["parent"] in provinces - municipal]
    assert [row["name_zh"] for row in prefectures if len(trips.gazetteer().find(row["name_zh"])) != 1] == []
    assert {code[:2] for code in provinces} == set(trips.gazetteer().capitals)


def test_a_place_can_be_spelt_so_that_it_is_found_again():
    gazetteer = trips.gazetteer()
    assert [p.code for p in gazetteer.places.values() if gazetteer.find(gazetteer.spelling(p)) != (p,)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("北京市", ["北京"]),
        ("四川省成都市", ["成都"]),
        ("  chengdu ", ["成都"]),
        ("ＣＴＵ", ["成都"]),
        ("TFU", ["成都"]),
        ("PKX", ["北京"]),
        ("NAY", ["北京"]),
        ("巫家坝机场", ["昆明"]),
        ("昆明长水国际机场", ["昆明"]),
        ("成都东站", ["成都"]),
        ("成都市武侯区科华路", ["成都"]),
        ("双流", ["成都"]),
        ("昆山市", ["苏州"]),
        ("西昌", ["凉山"]),
        ("Xi’an", ["西安"]),
        ("Chengdu, Sichuan, China", ["成都"]),
        ("Suzhou, Anhui", ["宿州"]),
        ("London (UK)", ["伦敦"]),
        ("苏州", ["苏州"]),
        ("Suzhou", ["苏州", "宿州"]),
        ("江苏 Suzhou", ["苏州"]),
        ("朝阳", ["北京", "朝阳", "长春"]),
        ("朝阳区", ["北京", "长春"]),
        ("辽宁朝阳", ["朝阳"]),
        ("San Jose", ["圣何塞", "圣荷西"]),
        ("吉林市", ["吉林市"]),
        ("吉林", []),
        ("海南", []),
        ("北京 上海", []),
        ("Paris, Texas", []),
        ("某某村", []),
        ("x" * 10_000_000, []),
        ("", []),
    ],
)
def test_places_as_people_write_them(text, found):
    assert [place.name_zh for place in trips.gazetteer().find(text)] == found


@given(st.text(max_size=30))
def test_no_text_breaks_the_search(text):
    assert isinstance(trips.gazetteer().find(text), tuple)


# --- one list


def test_what_a_list_comes_to():
    found = settle(["北京", "高铁", "10", "", "", "10", "30"], ["上海", "飞机", "2"], ["绵阳", "自驾", "4", "", "4"])
    (beijing,), (mianyang,) = trips.gazetteer().find("北京"), trips.gazetteer().find("绵阳")
    rail = found.sums["cpcd.travel.hsr.pkm"]
    assert (rail.amount, rail.people) == (great_circle_km(beijing, CHENGDU) * D("1.2") * 20, 20)
    assert found.sums["cpcd.travel.air_domestic.pkm"].people == 4  # two people, both directions
    car = found.sums["cpcd.car.gasoline_compact.km"].amount
    assert car == great_circle_km(mianyang, CHENGDU) * D("1.5") * 2  # one car with four people
    assert (found.heads, found.rows, found.wrong) == (16, 3, ())
    assert found.sums[travel.LODGING].amount == 10


def test_other_mode_back_given_kilometres_abroad_class_and_on_foot():
    found = settle(
        ["北京", "飞机", "1", "", "", "", "", "G89"],
        ["某某村", "大巴", "3", "120"],
        ["东京", "NH947", "1", "", "", "", "", "", "公务舱"],
        ["东京", "flight", "1"],
        ["成都", "步行", "5"],
        ["某某村", "飞机", "1", "900"],
    )
    assert found.wrong == ()
    assert found.sums["cpcd.travel.air_domestic.pkm"].people == found.sums["cpcd.travel.hsr.pkm"].people == 1
    assert found.sums["cpcd.travel.coach_highway.pkm"].amount == D(720)
    abroad = {cabin: found.sums[way.factor].people for cabin, way in travel.ABROAD.items() if way.factor in found.sums}
    # where nobody knows that both ends are Chinese a flight is not taken for a domestic one
    assert abroad == {travel.Cabin.BUSINESS: 2, travel.Cabin.AVERAGE: 4}
    assert found.unmotorised == 10


def test_nothing_is_guessed_in_silence_and_everything_is_said_at_once():
    found = settle(
        ["Suzhou", "高铁"], ["吉林", "高铁"], ["某某村", "高铁"], ["某某村 ", "飞机"], ["", "高铁"], ["北京", ""],
        ["北京", "火箭"], ["北京", "高铁", "2.5"], ["北京", "高铁", "about 3"], ["", "", "", "", "", "", ""],
        ["北京", "自驾", "1", "", "0"], ["", "飞机", "1", "60000"], ["北京", "飞机", "NaN"], ["北京", "飞机", "1_000"],
        ["北京", "飞机", "1e400"], ["北京", "飞机", "-1"], ["北京", "飞机", "1", "1.448,5"],
        ["北京", "飞机", "2026-05-18"],
        ["北京", "飞机", "="], ["北京", "飞机", "\u2191"], ["北京", "飞机", "", "", "", "", "", "", "厨房"],
    )  # fmt: skip
    assert wrong(found) == {
        ("place_ambiguous", "Suzhou", (1,)),
        ("place_province", "吉林", (2,)),
        ("place_unknown", "某某村", (3, 4)),
        ("origin_missing", "", (5,)),
        ("mode_missing", "", (6,)),
        ("mode_unknown", "火箭", (7,)),
        ("people_not_whole", "2.5", (8,)),
        ("number_rough", "about 3", (9,)),
        ("sharing_below_one", "0", (11,)),
        ("km_too_far", "60000", (12,)),
        ("number_not_a_number", "NaN", (13,)),
        ("number_not_a_number", "1_000", (14,)),
        ("number_exponent", "1e400", (15,)),
        ("number_negative", "-1", (16,)),
        ("number_decimal_comma", "1.448,5", (17,)),
        ("number_a_day", "2026-05-18", (18,)),
        ("number_formula", "=", (19,)),
        ("number_merged", "\u2191", (20,)),
        ("cabin_unknown", "厨房", (21,)),
    }
    assert found.wrong[0].written == "某某村"  # the worst first
    assert found.sums == {}


def test_a_way_within_the_city_is_asked_for_and_never_nought():
    rows = [
        ["成都", "地铁", "80"],
        ["成都", "地铁", "80", "12"],
        ["Chengdu", "步行"],
        ["成都", "步行", "1", "", "", "", "", "地铁"],
    ]
    assert wrong(settle(*rows)) == {("km_missing", "", (1, 4))}
    assert settle(rows[1], rows[2]).sums["cpcd.metro.actual.pkm"].amount == D(80 * 12 * 2)


def test_an_answer_settles_a_spelling_for_all_its_rows():
    rows = [["Suzhou", "高铁", "10"], ["suzhou", "高铁", "10"], ["吉林", "高铁", "1"]]
    asked = settle(*rows).wrong
    assert [(each.written, len(each.rows)) for each in asked] == [("Suzhou", 2), ("吉林", 1)]
    assert [[place.name_zh for place in each.candidates] for each in asked] == [["苏州", "宿州"], ["长春"]]
    found = settle(*rows, answers={"Suzhou": "宿州", "吉林": "长春"})
    assert found.wrong == ()
    assert {place.name_zh for place in found.places} == {"宿州", "长春"}


def test_a_mode_is_inferred_only_when_asked():
    found = settle(["北京", ""], ["绵阳", ""], infer=True)
    assert set(found.sums) == {"cpcd.travel.air_domestic.pkm", "cpcd.travel.hsr.pkm"}


# --- the same as the plain rule, to the last digit

ORIGINS = ("北京", "绵阳", "乌鲁木齐", "东京", "Zurich", "成都", "某某村", "")
MODES = ("高铁", "飞机", "自驾", "电动车", "大巴", "步行", "")
NUMBERS = st.one_of(
    st.just(""),
    st.integers(1, 9).map(str),
    st.integers(1, 1_000_000).map(str),
    st.sampled_from(["１２", "1,448", " 7 "]),
)
PLACES2 = st.one_of(st.just(""), st.decimals(0, 50_000, places=2).map(str), st.sampled_from(["0", "1,448.5"]))
ROW = st.fixed_dictionaries(
    {
        "origin": st.sampled_from(ORIGINS),
        "mode": st.sampled_from(MODES),
        "back": st.sampled_from(MODES),
        "cabin": st.sampled_from(("", "经济舱", "头等舱", "一等座")),
        "people": NUMBERS,
        "km": PLACES2,
        "sharing": st.one_of(st.just(""), st.integers(1, 7).map(str), st.sampled_from(["3", "1.5"])),
        "nights": PLACES2,
        "meals": PLACES2,
    }
)


def readable(raw):
    """The row with kilometres where its place alone says nothing."""
    return raw if raw["km"] or raw["origin"] not in ("某某村", "") else raw | {"km": "12.34"}


def starts_at(origin, terms):
    """Whether somebody starts in the city of the activity."""
    return terms.venue in terms.gazetteer.find(origin)


def said(venue):
    """The last of what is offered, for every way that is doubtful."""
    (where,) = trips.gazetteer().find(venue)
    found = [place for origin in ORIGINS for place in trips.gazetteer().find(origin)]
    doubts = {(place, mode): travel.doubt(place, where, mode) for place in found for mode in travel.Mode}
    return {
        way_key(place.code, mode.value): travel.offered(doubt, mode)[-1].value
        for (place, mode), doubt in doubts.items()
        if doubt
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(ROW.map(readable), max_size=30), st.sampled_from(("成都", "Vienna")))
def test_the_sums_are_those_of_the_plain_rule_to_the_last_digit(raws, venue):
    with_venue = terms(venue, infer=True, answers=said(venue))
    raws = [raw if raw["km"] or not starts_at(raw["origin"], with_venue) else raw | {"km": "7.5"} for raw in raws]
    found = tally.settle(columns(raws), len(raws), with_venue)
    assert found.wrong == ()
    assert {code: each.amount for code, each in found.sums.items()} == plain_journeys.sums(raws, with_venue)


def test_the_comparison_would_notice_a_ten_thousandth():
    raws = [{"origin": "北京", "mode": "自驾", "people": "1", "sharing": "3"}]
    expected = plain_journeys.sums(raws, terms())
    found = tally.settle(columns(raws), 1, terms())
    found.legs[0][1][0] += 1
    found.sums.clear()
    tally._add_up(found)
    assert {code: each.amount for code, each in found.sums.items()} != expected


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=20), st.decimals(D("0.000001"), 500, places=6))
def test_a_row_weighs_what_a_line_would(amounts, value):
    found = tally._times(np.array([amount // 10**6 for amount in amounts], dtype=np.int64), value)
    for amount, kg in zip(amounts, found.tolist(), strict=True):
        exact = D(amount // 10**6).scaleb(-4) * value
        assert D(kg).scaleb(-4) == exact.quantize(D("0.0001"), "ROUND_HALF_UP")


# --- nobody alone is shown


@given(st.lists(st.integers(1, 12), max_size=12))
def test_no_group_shown_is_smaller_than_five_and_none_can_be_told_from_the_rest(sizes):
    groups = [travel.Group(f"p{n}", size, D(size)) for n, size in enumerate(sizes)]
    shown = travel.gathered(groups)
    assert all(group.people >= travel.FEW for group in shown)
    assert sum(group.people for group in shown) in (sum(sizes), 0)
    assert bool(shown) == (sum(sizes) >= travel.FEW)
    rest = [group for group in shown if not group.place]
    named = {group.place for group in shown if group.place}
    assert all(group.people >= travel.FEW for group in groups if group.place in named)
    assert bool(rest) == any(size < travel.FEW for size in sizes) or not shown


def test_kilometres_of_a_small_group_are_rounded_up_to_full_thousands():
    few, enough = travel.Sum(D("230.4"), 4, 1), travel.Sum(D("230.4"), 5, 1)
    assert travel.shown_amount(few, per_km=True) == 1000
    assert travel.shown_amount(enough, per_km=True) == D("230.4")
    assert travel.shown_amount(few, per_km=False) == D("230.4")


def test_groups_by_place_add_up_to_the_rows():
    found = settle(
        ["北京", "高铁", "7", "", "", "2", "3"], ["上海", "飞机", "5"], ["绵阳", "自驾", "1"], ["德阳", "自驾", "4"]
    )
    values = {code: D("0.0829") for code in travel.factors()}
    shown = tally.groups(found, values)
    assert [(group.place, group.people) for group in shown] == [("北京", 7), ("上海", 5), ("", 5)]
    assert sum(group.kg for group in shown) == D(int(tally.row_kg(found, values).sum())).scaleb(-4)
