"""Addresses of the room."""

from django.urls import path

from neutrality.inventory.views import (
    covering,
    filing,
    journeys,
    library,
    measuring,
    months,
    sealed,
    surveys,
    venue,
    workbook,
)

app_name = "inventory"
ONE = "activities/<str:code>/inventory/<str:kind>/"
urlpatterns = [
    path("factors/", library.factors, name="factors"),
    path("cases/", library.cases, name="cases"),
    path("factors/warming-potentials/", library.gwps, name="gwps"),
    path("factors/<str:code>/", library.factor, name="factor"),
    path(ONE, filing.show, name="show"),
    path(f"{ONE}start/", filing.start, name="start"),
    path(f"{ONE}edit/", filing.edit, name="edit"),
    path(f"{ONE}submit/", filing.submit, name="submit"),
    path(f"{ONE}correct/", filing.correct, name="correct"),
    path(f"{ONE}changes/", filing.changes, name="changes"),
    path(f"{ONE}compare/", filing.compare, name="compare"),
    path(f"{ONE}sheet.xlsx", workbook.sheet, name="sheet"),
    path(f"{ONE}upload/", workbook.upload, name="upload"),
    path(f"{ONE}journeys/", journeys.journeys, name="journeys"),
    path(f"{ONE}venue/", venue.venue, name="venue"),
    path(f"{ONE}journeys/<uuid:key>/", journeys.roster, name="roster"),
    path(f"{ONE}journeys/<uuid:key>/stop/", journeys.stop, name="stop_roster"),
    path(f"{ONE}journeys/<uuid:key>/marked/", journeys.marked, name="marked_roster"),
    path(f"{ONE}journeys/<uuid:key>/rows.csv", journeys.rows, name="roster_rows"),
    path(f"{ONE}discard/", filing.discard, name="discard"),
    path("activities/<str:code>/cover/", covering.cover, name="cover"),
    path("activities/<str:code>/what-if/", measuring.effects, name="whatif"),
    path("activities/<str:code>/measures/<int:number>/what-if/", measuring.changes, name="measure_whatif"),
    path("activities/<str:code>/months/", months.months, name="months"),
    path("activities/<str:code>/months/take/", months.take, name="take_months"),
    path("activities/<str:code>/survey/", surveys.organize, name="survey"),
    path("activities/<str:code>/survey/people/", surveys.people, name="survey_people"),
    path("activities/<str:code>/survey/close/", surveys.close, name="survey_close"),
    path("activities/<str:code>/survey/adopt/", surveys.adopt, name="survey_adopt"),
    path("surveys/<str:survey>/", surveys.answer, name="answer"),
    path("surveys/<str:survey>/record/", surveys.record, name="survey_record"),
    path("surveys/<str:survey>/thanks/", surveys.thanks, name="thanks"),
    path("surveys/<str:survey>/code.svg", surveys.picture, name="survey_code"),
    path("inventories/check.py", sealed.checker, name="checker"),
    path("inventories/schema.json", sealed.schema, name="schema"),
    path("inventories/<str:digest>/", sealed.sealed, name="sealed"),
    path("inventories/<str:digest>/compare/", sealed.compare, name="sealed_compare"),
    path("inventories/<str:digest>/dossier.json", sealed.dossier, name="dossier"),
]
