"""The doors of /intake/v1. A resource is a module with its handlers, named here."""

from litestar import Router

from intake.manage import forms, people, quarantine, subscriptions
from intake.manage.problems import HANDLERS

router = Router(
    path="/intake/v1",
    route_handlers=[*forms.HANDLERS, *people.HANDLERS, *quarantine.HANDLERS, *subscriptions.HANDLERS],
    exception_handlers=HANDLERS,
)
