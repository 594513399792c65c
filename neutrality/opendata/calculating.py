"""POST /api/v1/calculate: figures for whoever asks, nothing kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Router

from neutrality.opendata import answers, calculation, described, limits, shapes

router = Router()
ANYWHERE = {"Access-Control-Allow-Origin": "*"}


@router.post(
    "/calculate",
    operation_id="calculate",
    response=answers.answers(200, answers.Calculated, 400, 413, 415, 422, 429),
    openapi_extra=described.CALCULATE,
    summary="Calculate, keep nothing · 只计算，不保存",
    description=described.CALCULATE_ABOUT,
)
def calculate(request: HttpRequest) -> HttpResponse:
    """The engine's result for an activity that is told, or every error at once."""
    limits.count(request, "calculate")
    asked = calculation.read(shapes.body(request), timezone.localdate())
    return told(calculation.calculate(asked))


@router.api_operation(["OPTIONS"], "/calculate", include_in_schema=False, url_name="calculate")
def preflight(request: HttpRequest) -> HttpResponse:
    """What a browser asks before a page of another site sends JSON."""
    allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type, Accept-Language"}
    return HttpResponse(status=204, headers=ANYWHERE | allowed | {"Access-Control-Max-Age": "86400"})


def told(answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> JsonResponse:
    """An answer of this interface: UTF-8 as people read it."""
    return JsonResponse(
        answer, status=status, json_dumps_params={"ensure_ascii": False}, headers=ANYWHERE | (headers or {})
    )
