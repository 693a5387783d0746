"""/v2/deals/{id}/associated_contacts: the further contacts of a deal."""

from dataclasses import replace

from litestar import Response, delete, get, post

from intake.ask import ask
from intake.dialects.sell.answers import answer, collection, nothing, page_links
from intake.dialects.sell.attributes import BORN, choice, reference
from intake.dialects.sell.caller import called
from intake.dialects.sell.payload import data_of
from intake.dialects.sell.query import list_query, parameters
from intake.dialects.sell.records import RecordId, id_of, no_parameters, page_of, worded
from intake.dialects.sell.resource import Resource
from intake.door import AnyRequest
from models.operations.records.conditions import Condition, Match
from models.operations.records.deals import (
    ASSOCIATED,
    AssociateContact,
    associate,
    dissociate,
    list_associated,
)
from models.operations.tokens import Scope

PATH = "/deals/{record_id:str}/associated_contacts"

resource = Resource(
    type="associated_contact",
    path=PATH,
    kind=ASSOCIATED,
    attributes=(reference("contact_id", required=True), choice("role", "involved"), *BORN),
    sorts=frozenset({"contact_id", "created_at", "updated_at"}),
    sort="contact_id",
)


@get(PATH, summary="List: associated_contact", tags=["sell"])
async def list_of_deal(request: AnyRequest, record_id: RecordId) -> Response[bytes]:
    caller = await called(request, Scope.LEADS_READ)
    asked = list_query(resource, parameters(request))
    deal_id = id_of(record_id)
    asked = replace(asked, conditions=(Condition("deal_id", Match.EQUAL, deal_id),))
    page = await ask(list_associated, page_of(resource, caller, asked))
    url = f"{caller.base}/deals/{deal_id}/associated_contacts"
    links = page_links(url, asked.query, asked.page, more=page.more)
    return answer(collection([resource.told(row) for row in page.rows], links))


@post(PATH, status_code=200, summary="Create: associated_contact", tags=["sell"])
async def add_to_deal(request: AnyRequest, record_id: RecordId) -> Response[bytes]:
    caller = await called(request, Scope.LEADS_WRITE)
    no_parameters(request)
    values = resource.values_of(await data_of(request), new=True)
    command = AssociateContact(business_id=caller.business_id, deal_id=id_of(record_id), **values)
    return answer(resource.told(await worded(resource, associate, command)))


@delete(f"{PATH}/{{contact_id:str}}", summary="Delete: associated_contact", tags=["sell"])
async def take_from_deal(request: AnyRequest, record_id: RecordId, contact_id: RecordId) -> Response[None]:
    caller = await called(request, Scope.LEADS_WRITE)
    no_parameters(request)
    command = AssociateContact(
        business_id=caller.business_id, deal_id=id_of(record_id), contact_id=id_of(contact_id)
    )
    await ask(dissociate, command)
    return nothing()


HANDLERS = [list_of_deal, add_to_deal, take_from_deal]
