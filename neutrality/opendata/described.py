"""What the interface takes, for its OpenAPI description: bodies, examples, and a sentence in both languages for each.
Amounts are text everywhere."""

from typing import Any

from neutrality.inventory import rules
from neutrality.opendata import shapes
from neutrality.rulebook.rules import Kind as ActivityKind

TEXT: dict[str, Any] = {"type": ["string", "null"], "maxLength": shapes.LONGEST_TEXT}
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


REPLACE_LINES: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["lines"],
    "properties": {
        "gwp_set": {"enum": [*(code.value for code in rules.GWP_CHOICES), None]},
        "lines": {"type": "array", "minItems": 1, "maxItems": rules.MOST_LINES, "items": LINE},
    },
}
STATE = [
    {
        "name": "If-Match",
        "in": "header",
        "schema": {"type": "string"},
        "description": "ETag of the draft · 草稿的 ETag",
    },
    {
        "name": "If-None-Match",
        "in": "header",
        "schema": {"enum": ["*"]},
        "description": "opens a draft where there is none · 无草稿时新建",
    },
]
REPLACE = {**taken(REPLACE_LINES, {"lines": EXAMPLE["lines"]}), "parameters": STATE}
REPLACE_ABOUT = (
    "All rows or none. Say with If-Match which state you replace (428 without it, 412 when somebody saved meanwhile). "
    "The same rows again are no change. A row without `key` gets one from source, stage, description, unit and factor, "
    "so it stays the same line when its figure changes. 各行整体替换，全部成功或全部不存；用 If-Match 说明所替换的状态"
    "（缺少时 428，期间被改动时 412）；重复提交相同内容不产生变化。"
)
DEPOSIT = taken(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["deposits"],
        "properties": {
            "deposits": {
                "type": "array",
                "minItems": 1,
                "maxItems": 1000,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["month", "source", "label", "quantity", "unit"],
                    "properties": {
                        "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
                        "source": {"type": "string"},
                        "label": {"type": "string", "minLength": 1, "maxLength": 80},
                        "quantity": {"type": "string", "description": "amount as text · 数量用字符串"},
                        "unit": {"type": "string"},
                        "evidence": {
                            "type": ["string", "null"],
                            "description": "digest of a deposited file · 证明文件摘要",
                        },
                    },
                },
            }
        },
    },
    {
        "deposits": [
            {
                "month": "2026-05",
                "source": "electricity",
                "label": "Main building",
                "quantity": "41250.5",
                "unit": "kWh",
            }
        ]
    },
)
DEPOSIT_ABOUT = (
    "Months of an operating period, each once it is over; all of a request or none. The same figure again is the same "
    "deposit, another figure is a correction that stands beside it. "
    "运营期的月度存证，每月结束后提交；一次请求全部成功或全部不存；相同数字重复提交仍是同一存证，不同数字则为更正，原值保留。"
)
ONE_FILE: dict[str, Any] = {"type": "string", "contentMediaType": "application/octet-stream"}


def sent_as_form(properties: dict[str, Any], *needed: str) -> dict[str, Any]:
    """A multipart body for the description of an address."""
    schema = {"type": "object", "required": list(needed), "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


FILE = sent_as_form({"file": ONE_FILE}, "file")
LIST = sent_as_form(
    {
        "file": ONE_FILE,
        "venue": {"type": "string", "description": "city of the activity · 活动所在城市"},
        "infer": {"enum": ["true", "false"], "description": "infer the means where it is blank · 方式空白时推断"},
    },
    "file",
    "venue",
)
LIST_ABOUT = (
    "An .xlsx or .csv as on the page: city, means of travel, people, nights, meals; names are dropped. Answers 202; "
    "ask for the state at Location every ten seconds. What it asks is answered by a person on `page`. "
    "与页面相同的 .xlsx 或 .csv 名单；返回 202，请每十秒查询一次 Location；名单提出的问题由人在 page 上回答。"
)
