"""The forms that are open, by the keys that stand in their pages."""

import re
import time
from dataclasses import dataclass
from functools import cached_property

from intake.forms.inputs import Input, inputs_of
from intake.remembered import Clock, Remembered
from models.database import transaction
from models.errors import NotFound
from models.form import FormFacts
from models.job import NOTIFICATIONS, JobKind
from models.lead import IdentityKind
from models.operations.form_wordings import wordings_of
from models.operations.forms import open_form
from models.operations.identify import Tenant, find_tenant
from models.settings import Settings

# Only what may be one of ours is looked up: PostgreSQL takes no NUL, and an address may be mangled.
SHAPE = re.compile(r"[0-9A-Za-z]{22}")
# Whoever changes a form looks at its page right afterwards.
FRESH_SECONDS = 2.0


@dataclass(frozen=True)
class OpenForm:
    """A form, and the business that it is of; and what every post asks of it, put together once."""

    form: FormFacts
    tenant: Tenant
    business_name: str

    @cached_property
    def inputs(self) -> dict[str, Input]:
        return inputs_of(self.form)

    @cached_property
    def wordings(self) -> dict[str, str]:
        return wordings_of(self.form)

    @cached_property
    def identifier(self) -> IdentityKind:
        return IdentityKind(self.form.identifier)

    @cached_property
    def kinds(self) -> frozenset[JobKind]:
        """The messages that every post asks for."""
        return frozenset(NOTIFICATIONS[word] for word in self.form.notifications)


class Forms:
    """Open forms, remembered for a moment; while the database cannot be reached, for a quarter of an hour."""

    def __init__(self, settings: Settings, clock: Clock = time.monotonic) -> None:
        self._open: Remembered[str, OpenForm] = Remembered(
            fresh=FRESH_SECONDS, patience=settings.database_budget_seconds, forget_unknown=True, clock=clock
        )

    async def find(self, key: str) -> OpenForm:
        """Raises `NotFound` or `Unavailable`."""
        known = await self._open.recall(key, lambda: _look_up(key)) if SHAPE.fullmatch(key) else None
        if known is None:
            raise NotFound("there is no such form")
        return known


def _look_up(key: str) -> OpenForm | None:
    with transaction() as session:
        both = open_form(session, key)
        if both is None:
            return None
        form, business = both
        tenant = find_tenant(session, business.uid)
        facts = FormFacts.model_construct(**form.model_dump())
        return OpenForm(facts, tenant, business.name) if tenant else None
