"""What the interface answers, for its OpenAPI description: an answer holds what is described and nothing else."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


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


class OwnInventory(Exact):
    """A version of an inventory · 清单版本."""

    kind: str
    version: int
    state: str
    edition: int
    total_kg: Amount | None
    digest: str | None


class OwnActivity(Exact):
    """An activity of the key's organization · 本机构的活动."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    form: str
    region: str
    starts_on: str
    ends_on: str
    state: str
    rulebook: Book
    months: list[str]
    inventories: list[OwnInventory]


class OwnActivities(Exact):
    """A page of them · 一页."""

    rows: list[OwnActivity]
    next: int | None


class Row(Exact):
    """A line as it is sent · 提交的一行."""

    key: str | None
    source: str | None
    stage: str | None
    treatment: str | None
    description: str | None
    quantity: str | None
    unit: str | None
    factor: str | None
    reason: str | None
    tier: str | None
    own_value: str | None
    own_unit: str | None
    own_source: str | None
    own_gwp: str | None
    evidence: str | None
    uses: str | None
    reused_percent: str | None
    uses_basis: str | None
    sharing: str | None


class Draft(Exact):
    """A draft: its rows, and what they come to · 草稿各行与结果."""

    activity: str
    kind: str
    version: int
    edition: int
    lines: list[Row]
    result: Calculated


class Replaced(Draft):
    """The draft as it is now; `changed` is false where it said the same already · 替换后的草稿."""

    changed: bool


class Meter(Exact):
    """A meter with its months · 计量点及各月."""

    source: str
    label: str
    unit: str
    months: list[str]
    missing: list[str]
    measured: Amount
    estimated: Amount | None


class Deposited(Exact):
    """What was new, what was there already, and every meter now · 存证结果."""

    deposited: int
    unchanged: int
    meters: list[Meter]


class Kept(Exact):
    """A file that was kept; name it as `evidence` · 已存文件，可作为 evidence 引用."""

    evidence: str
    name: str
    size: int


class Finding(Exact):
    """What is wrong in a list, or asked · 名单中的问题."""

    code: str
    detail: str
    count: int | None
    rows: list[int]


class ListState(Exact):
    """Where a list of participants stands · 名单状态."""

    key: str
    state: str
    percent: int
    detail: str
    page: str
    findings: list[Finding]
    found: int
    rows: int | None
    people: int | None
    changed: bool | None


def answers(status: int, schema: Any, *wrong: int) -> dict[int, Any]:
    """The statuses of an address with what they answer."""
    return {status: schema} | dict.fromkeys(wrong, Problem)
