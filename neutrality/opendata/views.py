"""The data dictionary and the downloads."""

from collections.abc import Callable, Iterator

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neutrality.offsets import access, rules
from neutrality.opendata import api, manual, writing
from neutrality.opendata.datasets import DATASETS, Dataset


@require_safe
def index(request: WSGIRequest) -> HttpResponse:
    """Every dataset with its columns, types, units, licence and addresses."""
    return render(request, "opendata/index.html", {"datasets": list(DATASETS.values())})


@require_safe
def interface(request: WSGIRequest) -> HttpResponse:
    """How other programs calculate and hand in, with examples that run."""
    return render(request, "opendata/interface.html", manual.page())


@require_safe
def description(request: WSGIRequest) -> JsonResponse:
    """The interface as OpenAPI 3.1."""
    response = JsonResponse(api.description())
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def as_csv(request: WSGIRequest, name: str) -> HttpResponse | StreamingHttpResponse:
    return _stream(request, name, "csv", "text/csv; charset=utf-8", writing.csv_lines)


@require_safe
def as_json_lines(request: WSGIRequest, name: str) -> HttpResponse | StreamingHttpResponse:
    return _stream(request, name, "jsonl", "application/jsonl; charset=utf-8", writing.json_lines)


def _stream(
    request: WSGIRequest, name: str, ending: str, kind: str, write: Callable[..., Iterator[str]]
) -> HttpResponse | StreamingHttpResponse:
    """A dataset from its first row to its last; the registry's lists as their pages filter them."""
    dataset: Dataset | None = DATASETS.get(name)
    if dataset is None:
        raise Http404
    asked = request.GET.dict()
    filters, wrong = rules.browsing.read(asked, dataset.filters) if dataset.narrowed else (None, sorted(asked))
    if wrong:
        words = _("Nothing was sent: %(names)s cannot be read as a filter of this list.") % {"names": ", ".join(wrong)}
        return HttpResponse(words + "\n", status=400, content_type="text/plain; charset=utf-8")
    return _sent(name, write(dataset.columns, dataset.every(timezone.localdate(), filters)), ending, kind)


@require_safe
def project_csv(request: WSGIRequest, code: str) -> StreamingHttpResponse:
    return _of_project(code, "csv", "text/csv; charset=utf-8", writing.csv_lines)


@require_safe
def project_jsonl(request: WSGIRequest, code: str) -> StreamingHttpResponse:
    return _of_project(code, "jsonl", "application/jsonl; charset=utf-8", writing.json_lines)


def _of_project(code: str, ending: str, kind: str, write: Callable[..., Iterator[str]]) -> StreamingHttpResponse:
    """What the registries' own tables say of one project."""
    runs, project = DATASETS["runs"], access.project(code)
    return _sent(f"runs-{project.code}", write(runs.columns, runs.of(project, timezone.localdate())), ending, kind)


def _sent(name: str, lines: Iterator[str], ending: str, kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=kind)
    file = f"qingzhang-{name}-{timezone.localdate():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
