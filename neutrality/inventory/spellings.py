"""What people write in lists of journeys for means of travel, classes and headings, beside the words of the house."""

from neutrality.inventory.rules import travel

MODE_ALIASES = {
    travel.Mode.PLANE: ("飞机", "航班", "航空", "air", "flight", "fly", "plane"),
    travel.Mode.HIGH_SPEED_RAIL: ("高铁", "动车", "动车组", "城际", "hsr", "g", "d"),
    travel.Mode.TRAIN: ("火车", "普通火车", "普速", "列车", "train", "rail", "k", "z", "t"),
    travel.Mode.COACH: ("大巴", "客车", "长途客车", "长途汽车", "coach"),
    travel.Mode.CAR: ("自驾", "汽车", "小汽车", "私家车", "开车", "car", "drive"),
    travel.Mode.ELECTRIC_CAR: ("电动车", "电动汽车", "新能源车", "ev"),
    travel.Mode.METRO: ("地铁", "轻轨", "subway", "metro"),
    travel.Mode.BUS: ("公交", "公交车", "bus"),
    travel.Mode.TAXI: ("出租车", "网约车", "打车", "taxi"),
    travel.Mode.OWN_LEGS: ("步行", "自行车", "骑行", "走路", "walk", "bike", "bicycle"),
}
CABIN_ALIASES = {
    travel.Cabin.ECONOMY: ("经济舱", "普通舱", "economy", "economy class", "eco", "y"),
    travel.Cabin.PREMIUM: ("超级经济舱", "高端经济舱", "明珠经济舱", "premium economy", "premium", "w"),
    travel.Cabin.BUSINESS: ("公务舱", "商务舱", "business", "business class", "c", "j"),
    travel.Cabin.FIRST: ("头等舱", "first", "first class", "f"),
    travel.Cabin.RAIL: (
        *("二等座", "一等座", "商务座", "特等座", "无座", "硬座", "软座", "硬卧", "软卧", "动卧", "二等", "一等"),
        *("second class", "hard seat", "soft seat", "hard sleeper", "soft sleeper", "sleeper"),
    ),
}
TRIP_ALIASES = {
    "origin": ("出发地", "出发城市", "城市", "来自", "所在城市", "常住地", "出发站", "city", "from", "origin"),
    "mode": ("交通方式", "出行方式", "交通工具", "方式", "mode", "transport"),
    "back": ("返程方式", "回程方式", "return mode"),
    "cabin": ("舱位", "舱级", "席别", "座位等级", "class", "cabin", "cabin class"),
    "people": ("人数", "人次", "people", "persons", "passengers"),
    "km": ("单程公里", "单程距离", "里程", "公里", "km", "distance"),
    "sharing": ("同车人数", "people in car"),
    "nights": ("间夜", "住宿晚数", "nights"),
    "meals": ("餐数", "用餐次数", "meals"),
}
