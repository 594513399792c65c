"""What the page proposes for each source: codes of the library, the first one filled in (pure)."""

PROPOSED: dict[str, tuple[str, ...]] = {
    "stationary_fuel": (
        "guideline.cn.fuel.natural_gas.m3",
        "guideline.cn.fuel.lpg.kg",
        "guideline.cn.fuel.diesel.l",
        "guideline.cn.fuel.bituminous.kg",
    ),
    "mobile_fuel": ("guideline.cn.fuel.gasoline.l", "guideline.cn.fuel.diesel.l"),
    "refrigerant": (
        "defra2025.fugitive.r410a.kg",
        "defra2025.fugitive.r32.kg",
        "defra2025.fugitive.r134a.kg",
        "defra2025.fugitive.r22.kg",
    ),
    "electricity": (),  # by province and year: electricity.choose
    "heat": ("guideline.cn.heat.default.gj",),
    "participant_travel": (
        "cpcd.travel.hsr.pkm",
        "cpcd.travel.air_domestic.pkm",
        "defra2025.air.intl_non_uk.economy.norf.pkm",
        "cpcd.travel.coach_highway.pkm",
        "cpcd.car.gasoline_compact.km",
        "cpcd.car.ev_mid.km",
    ),
    "staff_travel": (
        "cpcd.travel.hsr.pkm",
        "cpcd.travel.air_domestic.pkm",
        "cpcd.travel.coach_highway.pkm",
        "cpcd.car.gasoline_compact.km",
        "cpcd.car.ev_mid.km",
    ),
    "local_transport": (
        "cpcd.metro.actual.pkm",
        "cpcd.bus.urban.pkm",
        "cpcd.taxi.average.pkm",
        "cpcd.travel.minibus_8_19.pkm",
    ),
    "freight": (
        "cpcd.freight.diesel_truck_average.tkm",
        "gbt51366.freight.truck_diesel_18t.tkm",
        "gbt51366.freight.truck_diesel_2t.tkm",
        "cpcd.freight.rail.tkm",
        "cpcd.freight.air.tkm",
        "cpcd.freight.sea_container.tkm",
    ),
    "lodging": ("defra2025.hotel.china.room_night",),
    "catering": ("cpcd.catering.takeaway_pork_rib_set.meal", "cpcd.catering.bottled_water.unit"),
    "goods": (
        "cpcd.paper.offset.kg",
        "cpcd.paper.a4_pack.unit",
        "cpcd.tableware.pp_lunchbox.unit",
        "cpcd.textile.tshirt_cotton.unit",
    ),
    "venue_construction": (
        "cpcd.board.plywood.m3",
        "gbt51366.material.steel_average.kg",
        "gbt51366.material.aluminium_primary.kg",
    ),
    "water": ("gbt51366.water.tap.m3", "cpcd.wastewater.average.m3"),
    "waste": (
        "cpcd.waste.msw_average.kg",
        "cpcd.waste.msw_incineration_500tpd.kg",
        "cpcd.waste.msw_landfill_national.kg",
        "cpcd.waste.food_compost_high.kg",
    ),
    "online": ("derived.cn.digital.video_streaming.person_hour",),
}
