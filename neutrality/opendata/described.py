"""What the interface takes and answers, for its OpenAPI description: schemas, examples, and a sentence in both
languages for each. Amounts are text everywhere."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from neutrality.inventory import rules
from neutrality.opendata import shapes
from neutrality.rulebook.rules import Kind as ActivityKind

Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
TEXT: dict[str, Any] = {"type": ["string", "null"], "maxLength": shapes.LONGEST_TEXT}


class Exact(Schema):
    """An answer holds what is described and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Wrong(Exact):
    """One thing to mend · 一处待改."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into what was sent · 指向所发内容的位置")
    code: str
    detail: str


class Problem(Exact):
    """Problem details (RFC 9457) · 问题说明."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    found: int | None = Field(None, description="how many errors there are · 错误总数")
    errors: list[Wrong] | None = None


class Interval(Exact):
    """A 95 % interval around a sum · 合计的 95% 区间."""

    low_percent: Amount
    high_percent: Amount
    low_kg: Amount
    high_kg: Amount


class Spread(Exact):
    """Half-widths of a line in percent; `ours` where no source prints them · 单行的不确定度."""

    low_percent: Amount
    high_percent: Amount
    ours: bool


class Factor(Exact):
    """The version of a factor that was used; `code` names it for ever · 所用因子的版本，编码永不改变."""

    code: str
    series: str
    value: Amount
    unit: str
    year: int | None
    region: str | None
    gwp_set: str
    grade: str
    basis: str
    source: str


class Line(Exact):
    """What one row comes to; kg is null where it has no figure, never zero · 每行结果，无数即为 null."""

    pointer: str
    key: str | None
    counted: bool
    kg: Amount | None
    gaps: list[str]
    source: str | None = None
    stage: str | None = None
    treatment: str | None = None
    tier: str | None = None
    quantity: Amount | None = None
    unit: str | None = None
    factor: Factor | None = None
    amount: Amount | None = Field(None, description="quantity in the unit of the factor · 折算为因子单位的数量")
    scope: int | None = None
    memo: bool | None = None
    interval: Spread | None = None


class Totals(Exact):
    """Exact sums of the lines; null where nothing is counted and something is open · 精确合计，未知为 null."""

    kg: Amount | None
    t: Amount | None
    units_owed: int | None = Field(
        description="whole tonnes, rounded up; null while incomplete · 应抵销吨数（向上取整）"
    )
    memo_kg: Amount
    by_scope: dict[str, Amount | None]
    by_source: dict[str, Amount]
    by_stage: dict[str, Amount]
    interval: Interval | None


class Gap(Exact):
    """Something not answered: it keeps an inventory from being submitted, not from being calculated · 未答之处."""

    code: str
    source: str
    pointer: str | None
    detail: str


class Band(Exact):
    """What is usual · 常见范围."""

    low: Amount | None
    high: Amount | None


class Warning_(Exact):
    """A figure outside the band of known events; a question, never a refusal · 超出常见范围的提示."""

    code: str
    pointer: str | None
    value: Amount
    band: Band
    detail: str


class Said(Exact):
    """A code and its sentence · 代码与说明."""

    code: str
    detail: str


class Electricity(Exact):
    """The grid factor proposed for place and year, and why it is not the obvious one · 按地点与年份推荐的电力因子."""

    factor: str | None
    fallbacks: list[Said]


class Book(Exact):
    """A rulebook and its version · 规则及版本."""

    code: str
    version: str


class Calculated(Exact):
    """The engine's result · 计算结果."""

    inventory: str
    gwp_set: str
    rulebook: Book
    complete: bool
    partial: bool
    totals: Totals
    lines: list[Line]
    gaps: list[Gap]
    warnings: list[Warning_]
    electricity: Electricity


LINE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": dict.fromkeys(shapes.LINE_FIELDS, TEXT)
    | {
        "quantity": TEXT
        | {"description": 'amount as text, such as "1448.5"; null is missing · 数量用字符串，缺失为 null'},
        "factor": TEXT | {"description": 'code of the library, or "default" · 因子编码，或 "default"'},
    },
}
ACTIVITY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", "region", "starts_on", "ends_on"],
    "properties": {
        "kind": {"enum": [kind.value for kind in ActivityKind]},
        "region": {"type": "string", "description": "six digits, or a name that means one place · 六位区划代码或名称"},
        "starts_on": {"type": "string", "format": "date"},
        "ends_on": {"type": "string", "format": "date"},
        "people": {"type": ["integer", "null"], "minimum": 0},
        "stages": {"type": ["array", "null"], "items": {"type": "string"}},
        "rulebook": {"type": ["string", "null"]},
    },
}
EXAMPLE: dict[str, Any] = {
    "activity": {
        "kind": "meeting",
        "region": "510100",
        "starts_on": "2026-05-17",
        "ends_on": "2026-05-18",
        "people": 400,
    },
    "inventory": "estimate",
    "lines": [
        {"source": "electricity", "stage": "holding", "quantity": "12000", "unit": "kWh", "factor": "default"},
        {
            "source": "participant_travel",
            "stage": "holding",
            "quantity": "108000",
            "unit": "passenger_km",
            "factor": "cpcd.travel.hsr.pkm",
        },
    ],
}


def taken(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """A JSON body for the description of an address."""
    content = {"application/json": {"schema": schema, "examples": {"example": {"value": example}}}}
    return {"requestBody": {"required": True, "content": content}}


CALCULATE = taken(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["activity", "lines"],
        "properties": {
            "activity": ACTIVITY,
            "inventory": {"enum": [*(kind.value for kind in rules.Kind), None]},
            "gwp_set": {"enum": [*(code.value for code in rules.GWP_CHOICES), None]},
            "lines": {"type": "array", "minItems": 1, "maxItems": 5000, "items": LINE},
        },
    },
    EXAMPLE,
)
CALCULATE_ABOUT = (
    "The lines of an inventory, by the columns of the workbook, through the engine of every page; nothing is stored. "
    "At most 5,000 lines and 5 MiB. 按工作簿的列提交清单各行，用页面同一计算引擎得出结果，不保存任何内容；"
    "每次最多 5000 行、5 MiB。"
)


def answers(status: int, schema: Any, *wrong: int) -> dict[int, Any]:
    """The statuses of an address with what they answer."""
    return {status: schema} | dict.fromkeys(wrong, Problem)
