"""/intake/v1/people/export and /intake/v1/erasures: what is kept of a person, and the end of it."""

from typing import Any

from litestar import get, post

from intake.ask import ask
from intake.door import AnyRequest
from intake.fields import required
from intake.manage.manager import manager_of, sent_object
from models.operations.find_person import LONGEST_REFERENCE
from models.operations.person.erase import ErasePerson, erase_person, erasures_of
from models.operations.person.export import ExportPerson, export_person

TAGS = ["people"]
A_CALLERS_PATIENCE = 8

Answer = dict[str, Any]


@post(
    "/people/export",
    status_code=200,
    operation_id="ExportPerson",
    summary="Tell what is kept of a person",
    tags=TAGS,
)
async def export(request: AnyRequest) -> Answer:
    """All rows of the `person`, an email address, a unique id or a uid, by table."""
    manager = await manager_of(request)
    person = required(await sent_object(request), "person", LONGEST_REFERENCE)
    command = ExportPerson(business_id=manager.business_id, reference=person, most_seconds=A_CALLERS_PATIENCE)
    return await ask(export_person, command)


@post("/erasures", status_code=202, operation_id="ErasePerson", summary="Erase a person", tags=TAGS)
async def erase(request: AnyRequest) -> Answer:
    """Erase the `person`, an email address, a unique id or a uid, for good; a worker finishes it."""
    manager = await manager_of(request)
    person = required(await sent_object(request), "person", LONGEST_REFERENCE)
    command = ErasePerson(business_id=manager.business_id, reference=person, user_id=manager.user_id)
    return (await ask(erase_person, command)).as_document()


@get("/erasures", operation_id="ListErasures", summary="List erasures", tags=TAGS)
async def list_all(request: AnyRequest) -> Answer:
    """The newest 200 erasures of the business, which tell of nobody."""
    manager = await manager_of(request)
    found = await ask(erasures_of, manager.business_id)
    return {"items": [one.as_document() for one in found]}


HANDLERS = (export, erase, list_all)
