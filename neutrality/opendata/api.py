"""The API, version 1: every dataset by pages, the life of one serial number, and what other programs may calculate and
hand in. Described by OpenAPI 3.1."""

from functools import cache
from http import HTTPStatus
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, ValidationError
from pydantic import Field, create_model

from neutrality.offsets import queries as offsets
from neutrality.opendata import calculating, handing, problems
from neutrality.opendata.datasets import DATASETS, MOST_ROWS, Column, Dataset, Kind
from neutrality.opendata.writing import as_object

TYPES: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.DECIMAL: Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")],
    Kind.DAY: Annotated[str, Field(json_schema_extra={"format": "date"})],
    Kind.MOMENT: Annotated[str, Field(json_schema_extra={"format": "date-time"})],
    Kind.BOOLEAN: bool,
}

api = NinjaAPI(
    title="Qingzhang open data",
    version="1",
    description="The public record of carbon-neutral activities. Amounts are strings; a cursor leads to the next page.",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,  # ninja cannot reverse inside our namespace; views.description serves it
)


@api.exception_handler(problems.Wrong)
def wrong(request: HttpRequest, raised: problems.Wrong) -> HttpResponse:
    """Every refusal of the interface is a problem document."""
    response = problems.answer(raised)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@api.exception_handler(ValidationError)
def unfitting(request: HttpRequest, raised: ValidationError) -> HttpResponse:
    """Parameters of an address that are none."""
    errors = [problems.Error(f"/{error['loc'][-1]}", error["type"], error["msg"]) for error in raised.errors]
    return wrong(request, problems.invalid(errors, _("A parameter of this address cannot be read.")))


@api.exception_handler(AuthenticationError)
def keyless(request: HttpRequest, raised: AuthenticationError) -> HttpResponse:
    return wrong(request, handing.no_key())


@api.exception_handler(Http404)
def absent(request: HttpRequest, raised: Http404) -> HttpResponse:
    """What belongs to others is absent, as on the pages."""
    return wrong(request, problems.Wrong(404, "not_found"))


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, raised: PermissionDenied) -> HttpResponse:
    return wrong(request, problems.Wrong(403, "forbidden"))


class Paging(Schema):
    """Where to begin, and how many rows at most."""

    after: int = Field(0, ge=0, lt=2**63, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class Place(Schema):
    """A run of numbers and where it lies now."""

    serial: str
    units: int
    state: str
    who: str


class Number(Schema):
    """One block in which the asked numbers lie."""

    block: str
    kind: str
    registry: str
    serial: str
    units: int
    places: list[Place]


def _schema(dataset: Dataset) -> type[Schema]:
    fields: Any = {column.name: (_type(column), Field(description=str(column.means))) for column in dataset.columns}
    row = create_model(f"{dataset.name.title()}Row", __base__=Schema, **fields)
    page: Any = {"rows": (list[row], ...), "next": (int | None, Field(description="cursor of the next page"))}
    return create_model(f"{dataset.name.title()}Page", __base__=Schema, **page)


def _type(column: Column) -> Any:
    return TYPES[column.kind] | None if column.empty and column.kind is not Kind.TEXT else TYPES[column.kind]


def _serve(dataset: Dataset) -> None:
    def read(request: HttpRequest, response: HttpResponse, paging: Query[Paging]) -> Any:
        part = dataset.slice(paging.after, paging.limit, timezone.localdate())
        response["Access-Control-Allow-Origin"] = "*"
        return {"rows": [as_object(dataset.columns, row) for row in part.rows], "next": part.after}

    read.__name__ = f"read_{dataset.name}"
    route = api.get(f"/{dataset.name}", response=_schema(dataset), operation_id=f"read_{dataset.name}")
    route(read)


for one in DATASETS.values():
    _serve(one)
api.add_router("", calculating.router)
api.add_router("", handing.router)


@api.get("/serials", response=list[Number], operation_id="find_serial")
def serials(request: HttpRequest, response: HttpResponse, q: str) -> Any:
    """Where the units of a serial number, a certificate or a block lie now."""
    response["Access-Control-Allow-Origin"] = "*"
    return [_number(hit) for hit in offsets.found_by(q)]


def _number(hit: offsets.Hit) -> dict[str, Any]:
    found = offsets.lying(hit.block, (hit.first, hit.last))
    places = [
        {"serial": row.serial, "units": row.units, "state": row.state, "who": row.who.code if row.who else ""}
        for row in found
    ]
    kind = hit.block.kind
    facts = {"kind": kind.code, "registry": kind.registry.code, "serial": hit.serial, "units": hit.units}
    return {"block": hit.block.code, "places": places, **facts}


@cache
def description() -> dict[str, Any]:
    """The interface as OpenAPI 3.1, the same for everybody; problem documents under their own media type, which ninja
    does not know."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    for methods in schema["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in response.get("content", {}):
                    response["content"][problems.MEDIA_TYPE] = response["content"].pop("application/json")
    return schema
