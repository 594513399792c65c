"""Ways that cannot be are asked once for each place and mode, and never guessed."""

from neutrality.inventory import trips
from neutrality.inventory.tests.test_travel import settle


def test_every_country_lies_on_a_land_and_no_row_is_idle():
    rows = trips._rows("lands.csv")
    assert {row["country"] for row in rows} == {place.country for place in trips.gazetteer().places.values()}
    lands = {
        name: trips.gazetteer().find(name)[0].land for name in ("成都", "海口", "London", "Tokyo", "台北", "Honolulu")
    }
    assert lands == {
        "成都": "eurasia-africa",
        "海口": "eurasia-africa",
        "London": "eurasia-africa",
        "Tokyo": "japan",
        "台北": "taiwan",
        "Honolulu": "hawaii",
    }


def test_a_way_that_cannot_be_is_asked_once_for_each_place_and_mode():
    rows = [
        ["东京", "高铁", "3"],
        ["Tokyo", "G89", "2", "", "", "", "", "高铁"],
        ["东京", "自驾"],
        ["东京", "飞机", "1", "", "", "", "", "高铁"],
        ["Moscow", "火车"],
        ["香港", "高铁"],
        ["海口", "自驾"],
        ["London", "大巴"],
    ]
    asked = {(each.code, each.way, tuple(each.rows.tolist())) for each in settle(*rows).wrong}
    assert asked == {
        ("way_over_sea", ("东京", "high_speed_rail"), (1, 2, 4)),
        ("way_over_sea", ("东京", "car"), (3,)),
        ("way_rail_abroad", ("莫斯科", "train"), (5,)),
    }
    answers = {"way:high_speed_rail:东京": "plane", "way:car:东京": "plane", "way:train:莫斯科": "train"}
    found = settle(*rows, answers=answers)
    assert found.wrong == ()
    assert found.sums["defra2025.air.intl_non_uk.average.norf.pkm"].people == 2 * (3 + 2 + 1 + 1)
    assert found.sums["cpcd.travel.rail_average.pkm"].people == 2


def test_a_blank_mode_is_never_inferred_over_the_sea_and_a_false_answer_is_none():
    asked = settle(["台北", ""], infer=True, venue="福州").wrong
    assert [(each.code, each.way) for each in asked] == [("way_over_sea", ("台北", "high_speed_rail"))]
    said = {"way:high_speed_rail:台北": "high_speed_rail"}
    assert settle(["台北", "高铁"], venue="福州", answers=said).wrong
    assert settle(["台北", ""], infer=True, venue="福州", answers={"way:high_speed_rail:台北": "plane"}).wrong == ()
