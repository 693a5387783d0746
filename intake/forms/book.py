"""The forms that are open, by the keys that stand in their pages."""

import re
import time
from dataclasses import dataclass

from intake.remembered import Clock, Remembered
from models.database import transaction
from models.errors import NotFound
from models.form import Form
from models.operations.forms import open_form
from models.operations.identify import Tenant, find_tenant
from models.settings import Settings

# Only what may be one of ours is looked up: PostgreSQL takes no NUL, and an address may be mangled.
SHAPE = re.compile(r"[0-9A-Za-z]{22}")
# Whoever changes a form looks at its page right afterwards.
FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form, and the business that it is of."""

    form: Form
    tenant: Tenant
    business_name: str


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
        return OpenForm(form, tenant, business.name) if tenant else None
