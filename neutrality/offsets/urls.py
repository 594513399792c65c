"""Addresses of the offsets room."""

from django.urls import path

from neutrality.offsets.views import holding, locking, proving, public, retiring, running

app_name = "offsets"
urlpatterns = [
    path("offsets/", public.registry, name="registry"),
    path("offsets/registries/<slug:code>/", public.registry_show, name="registry_show"),
    path("offsets/projects/", public.projects, name="projects"),
    path("offsets/projects/<str:code>/", public.project, name="project"),
    path("offsets/blocks/", public.blocks, name="blocks"),
    path("offsets/blocks/<str:code>/", public.block, name="block"),
    path("offsets/cancellations/", public.cancellations, name="cancellations"),
    path("offsets/cancellations/<str:number>/", public.cancellation, name="cancellation"),
    path("offsets/catalogue/", public.catalogue, name="catalogue"),
    path("offsets/serials/", public.serials, name="serials"),
    path("offsets/voids/<str:number>/", public.void, name="void"),
    path("offsets/holdings/", holding.holders, name="holders"),
    path("offsets/holdings/<str:code>/", holding.holdings, name="holdings"),
    path("offsets/holdings/<str:code>/<str:block>/offer/", holding.offer, name="offer"),
    path("offsets/holdings/<str:code>/<str:block>/hand-over/", holding.hand_over, name="hand_over"),
    path("offsets/holdings/<str:code>/<str:block>/give/", retiring.donate, name="donate"),
    path("offsets/holdings/<str:code>/<str:block>/give/<str:activity>/", retiring.give, name="give"),
    path("offsets/holdings/<str:code>/<str:block>/pledge/", locking.pledge, name="pledge"),
    path("offsets/locks/<str:number>/", locking.lock, name="lock"),
    path("offsets/desk/blocks/<str:code>/freeze/", locking.freeze, name="freeze"),
    path("offsets/offers/<str:number>/order/", holding.order, name="order"),
    path("offsets/offers/<str:number>/withdraw/", holding.withdraw_offer, name="withdraw_offer"),
    path("offsets/handovers/<str:number>/", holding.handover, name="handover"),
    path("offsets/desk/", running.desk, name="desk"),
    path("offsets/desk/files/", running.files, name="files"),
    path("offsets/desk/files/<str:digest>/", running.file, name="file"),
    path("offsets/desk/projects/new/", running.register_project, name="register_project"),
    path("offsets/desk/blocks/new/", running.issue, name="issue"),
    path("offsets/desk/blocks/<str:code>/void/", running.propose_void, name="propose_void"),
    path("offsets/desk/blocks/<str:code>/compensate/", running.compensate, name="compensate"),
    path("offsets/desk/compensations/<str:number>/", running.compensation, name="compensation"),
    path("offsets/desk/voids/<str:number>/", running.decide_void, name="decide_void"),
    path("offsets/desk/proofs/<str:number>/", proving.check, name="check"),
    path("offsets/proofs/<str:number>/", proving.proof, name="proof"),
    path("activities/<str:code>/offsets/proof/", proving.record, name="record"),
    path("activities/<str:code>/offsets/retire/<str:block>/", retiring.retire, name="retire"),
]
