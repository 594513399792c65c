"""Plausible figures for invented activities: what one guest, one night, one month brings with it.

Rates are ours, chosen to look like published accounts of such events; factors are those of the library. A row is
(source, stage, what it is, quantity per head, unit, factor). GRID stands for the electricity factor of place and year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from neutrality.activities.models import Activity
from neutrality.inventory import operations, queries, rules
from neutrality.inventory.rules import Line, Tier, Treatment

GRID = "grid"
CENT = Decimal("0.01")

Row = tuple[str, str, str, str, str, str]

TRAVEL: tuple[Row, ...] = (
    ("participant_travel", "holding", "外地嘉宾高铁往返", "310", "passenger_km", "cpcd.travel.hsr.pkm"),
    ("participant_travel", "holding", "外地嘉宾飞机往返", "420", "passenger_km", "cpcd.travel.air_domestic.pkm"),
    ("local_transport", "holding", "地铁往返会场", "22", "passenger_km", "cpcd.metro.actual.pkm"),
    ("local_transport", "holding", "网约车与出租车", "6.5", "passenger_km", "cpcd.taxi.average.pkm"),
    ("staff_travel", "preparation", "筹备人员差旅（高铁）", "18", "passenger_km", "cpcd.travel.hsr.pkm"),
)
CONFERENCE: tuple[Row, ...] = (
    *TRAVEL,
    ("electricity", "holding", "会场照明、空调与屏幕用电", "4.2", "kWh", GRID),
    ("lodging", "holding", "嘉宾住宿", "0.85", "room_night", "defra2025.hotel.china.room_night"),
    ("catering", "holding", "工作餐", "2.4", "meal", "cpcd.catering.takeaway_pork_rib_set.meal"),
    ("goods", "preparation", "会议手册（双胶纸）", "0.11", "kg", "cpcd.paper.offset.kg"),
    ("freight", "preparation", "物料运输", "1.6", "tonne_km", "cpcd.freight.diesel_truck_average.tkm"),
    ("mobile_fuel", "holding", "会务用车汽油", "0.06", "L", "guideline.cn.fuel.gasoline.l"),
    ("water", "holding", "自来水", "0.05", "m3", "gbt51366.water.tap.m3"),
    ("waste", "closing", "生活垃圾处理", "0.34", "kg", "cpcd.waste.msw_average.kg"),
    ("online", "holding", "线上参会", "1.9", "person_hour", "derived.cn.digital.video_streaming.person_hour"),
)
EXHIBITION: tuple[Row, ...] = (
    ("participant_travel", "holding", "外地观众与展商高铁往返", "120", "passenger_km", "cpcd.travel.hsr.pkm"),
    ("participant_travel", "holding", "外地展商飞机往返", "64", "passenger_km", "cpcd.travel.air_domestic.pkm"),
    ("local_transport", "holding", "地铁与公交", "26", "passenger_km", "cpcd.bus.urban.pkm"),
    ("freight", "preparation", "展品与展台运输", "4.1", "tonne_km", "cpcd.freight.diesel_truck_average.tkm"),
    ("venue_construction", "preparation", "展台搭建用胶合板", "0.0009", "m3", "cpcd.board.plywood.m3"),
    ("venue_construction", "preparation", "展台搭建用钢材", "0.14", "kg", "gbt51366.material.steel_average.kg"),
    ("electricity", "holding", "展馆用电", "5.8", "kWh", GRID),
    ("lodging", "holding", "展商住宿", "0.12", "room_night", "defra2025.hotel.china.room_night"),
    ("catering", "holding", "餐饮", "0.8", "meal", "cpcd.catering.takeaway_pork_rib_set.meal"),
    ("goods", "preparation", "印刷品", "0.05", "kg", "cpcd.paper.offset.kg"),
    ("water", "holding", "自来水", "0.02", "m3", "gbt51366.water.tap.m3"),
    ("waste", "closing", "撤展垃圾处理", "0.52", "kg", "cpcd.waste.msw_average.kg"),
)
RACE: tuple[Row, ...] = (
    ("participant_travel", "holding", "外地跑者高铁往返", "240", "passenger_km", "cpcd.travel.hsr.pkm"),
    ("participant_travel", "holding", "外地跑者飞机往返", "150", "passenger_km", "cpcd.travel.air_domestic.pkm"),
    ("participant_travel", "holding", "自驾前来（汽油轿车）", "31", "km", "cpcd.car.gasoline_compact.km"),
    ("local_transport", "holding", "接驳大巴", "14", "passenger_km", "cpcd.bus.urban.pkm"),
    ("lodging", "holding", "跑者住宿", "0.42", "room_night", "defra2025.hotel.china.room_night"),
    ("goods", "preparation", "参赛服（棉质T恤）", "1", "unit", "cpcd.textile.tshirt_cotton.unit"),
    ("catering", "holding", "补给站瓶装水", "3.1", "unit", "cpcd.catering.bottled_water.unit"),
    ("catering", "holding", "志愿者餐食", "0.12", "meal", "cpcd.catering.takeaway_pork_rib_set.meal"),
    ("stationary_fuel", "holding", "临时发电机柴油", "0.03", "L", "guideline.cn.fuel.diesel.l"),
    ("mobile_fuel", "holding", "赛道与收容车柴油", "0.05", "L", "guideline.cn.fuel.diesel.l"),
    ("electricity", "holding", "起终点用电", "0.9", "kWh", GRID),
    ("freight", "preparation", "物资运输", "0.8", "tonne_km", "cpcd.freight.diesel_truck_average.tkm"),
    ("waste", "closing", "赛道垃圾处理", "0.27", "kg", "cpcd.waste.msw_average.kg"),
)
FESTIVAL: tuple[Row, ...] = (
    ("participant_travel", "holding", "观众长途客车往返", "90", "passenger_km", "cpcd.travel.coach_highway.pkm"),
    ("participant_travel", "holding", "观众自驾（汽油轿车）", "28", "km", "cpcd.car.gasoline_compact.km"),
    ("local_transport", "holding", "摆渡车与公交", "16", "passenger_km", "cpcd.bus.urban.pkm"),
    ("stationary_fuel", "holding", "舞台发电机柴油", "0.11", "L", "guideline.cn.fuel.diesel.l"),
    ("electricity", "holding", "场地市电", "1.4", "kWh", GRID),
    ("catering", "holding", "餐饮摊位", "1.3", "meal", "cpcd.catering.takeaway_pork_rib_set.meal"),
    ("lodging", "holding", "艺人与工作人员住宿", "0.04", "room_night", "defra2025.hotel.china.room_night"),
    ("freight", "preparation", "舞台设备运输", "2.6", "tonne_km", "cpcd.freight.diesel_truck_average.tkm"),
    ("venue_construction", "preparation", "舞台临时钢结构", "0.19", "kg", "gbt51366.material.steel_average.kg"),
    ("waste", "closing", "垃圾清运与处理", "0.61", "kg", "cpcd.waste.msw_average.kg"),
)
HOTEL: tuple[Row, ...] = (
    ("stationary_fuel", "operation", "厨房与锅炉天然气", "2.3", "m3", "guideline.cn.fuel.natural_gas.m3"),
    ("mobile_fuel", "operation", "接送车汽油", "0.12", "L", "guideline.cn.fuel.gasoline.l"),
    ("refrigerant", "operation", "空调补充制冷剂R410A", "0.0006", "kg", "defra2025.fugitive.r410a.kg"),
    ("electricity", "operation", "全店用电", "21", "kWh", GRID),
    ("catering", "operation", "客人与员工用餐", "1.6", "meal", "cpcd.catering.takeaway_pork_rib_set.meal"),
    ("water", "operation", "自来水", "0.31", "m3", "gbt51366.water.tap.m3"),
    ("waste", "operation", "生活垃圾处理", "0.55", "kg", "cpcd.waste.msw_average.kg"),
    ("goods", "operation", "客房用纸", "0.05", "kg", "cpcd.paper.offset.kg"),
    ("staff_travel", "operation", "员工通勤（公交）", "1.8", "passenger_km", "cpcd.bus.urban.pkm"),
)
# What an estimate missed or overdid, row after row: actual figures never fall where they were expected.
DRIFT = tuple(Decimal(text) for text in ("1.04", "0.91", "1.12", "0.97", "0.88", "1.06", "0.95", "1.02", "0.84"))


@dataclass(frozen=True)
class Pattern:
    """One kind of account: its rows, and where missing sources are told as something else than not occurring."""

    rows: tuple[Row, ...]
    elsewhere: tuple[tuple[str, str], ...] = (("heat", "场馆采暖由电力承担，已计入净购入电力。"),)

    def lines(
        self, activity: Activity, heads: int, kind: str, proof: str = "", without: frozenset[str] = frozenset()
    ) -> list[Line]:
        """Every source of the activity's rulebook answered, for so many heads (guests, room nights)."""
        chosen = [row for row in self.rows if row[1] in activity.stages and row[0] not in without]
        library = queries.factors(row[5] for row in chosen if row[5] != GRID)
        library[GRID] = queries.grid(activity).factor
        told = list(self._counted(chosen, library, heads, kind, proof)) + list(self._rest(activity, chosen))
        return [self._placed(line, position) for position, line in enumerate(told, start=1)]

    def _counted(self, rows: list[Row], library: dict, heads: int, kind: str, proof: str) -> Iterator[Line]:
        for place, (source, stage, words, rate, unit, factor) in enumerate(rows):
            drift = DRIFT[place % len(DRIFT)] if kind == "actual" else Decimal(1)
            read_off = kind == "actual" and source in ("electricity", "stationary_fuel", "water")
            yield Line(
                key=operations.new_line_key(),
                position=0,
                source=source,
                stage=stage,
                treatment=Treatment.MEASURED if read_off else Treatment.ESTIMATED,
                description=words,
                quantity=(Decimal(rate) * heads * drift).quantize(CENT, ROUND_HALF_UP),
                unit=unit,
                factor=library[factor],
                tier=Tier.MEASURED if read_off else Tier.CALCULATED,
                evidence=proof if read_off else "",
            )

    def _rest(self, activity: Activity, rows: list[Row]) -> Iterator[Line]:
        elsewhere, told = dict(self.elsewhere), {row[0] for row in rows}
        for source in activity.rulebook.rules.sources:
            if source.code.value not in told:
                reason = elsewhere.get(source.code.value, "")
                treatment = Treatment.INCLUDED_ELSEWHERE if reason else Treatment.NOT_OCCURRING
                yield Line(
                    operations.new_line_key(), 0, source.code.value, activity.stages[-1], treatment, reason=reason
                )

    @staticmethod
    def _placed(line: Line, position: int) -> Line:
        return rules.Line(**{**vars(line), "position": position})


PATTERNS = {
    "conference": Pattern(CONFERENCE),
    "exhibition": Pattern(EXHIBITION),
    "race": Pattern(RACE, elsewhere=()),
    "festival": Pattern(FESTIVAL, elsewhere=()),
    "hotel": Pattern(HOTEL),
}
