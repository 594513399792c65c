"""Ratios and quartiles, and that few organizations are withheld."""

from decimal import Decimal as D

from neutrality.inventory.rules import likeness
from neutrality.inventory.rules.likeness import Ratio


def test_ratios_only_where_the_divisor_is_known():
    chengdu = likeness.Size(D("63114.3031"), people=500, days=2, lodging_kg=D(16050), room_nights=D(300))
    found = {code: value.quantize(D("0.0001")) for code, value in likeness.ratios(chengdu).items()}
    assert found == {Ratio.HEAD: D("126.2286"), Ratio.HEAD_DAY: D("63.1143"), Ratio.ROOM_NIGHT: D("53.5000")}
    assert likeness.ratios(likeness.Size(D(1), people=0, days=1, floor_m2=D(4))) == {Ratio.SQUARE_METRE: D("0.25")}
    assert likeness.ratios(likeness.Size(D(1), people=None, days=1)) == {}


def test_quartiles_of_five_and_six():
    def of(*values):
        return likeness.spread([{Ratio.HEAD: D(value)} for value in values], Ratio.HEAD)

    assert of(5, 1, 4, 2, 3) == likeness.Spread(5, (D(2), D(3), D(4)))
    assert of(1, 2, 3, 4, 5, 7) == likeness.Spread(6, (D("2.25"), D("3.5"), D("4.75")))
    assert of(1, 2, 3, 4) == likeness.Spread(4, None)
    assert likeness.spread([{}] * 9, Ratio.HEAD) == likeness.Spread(0, None)
