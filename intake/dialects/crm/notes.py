"""Create and delete a note on a lead, as its owner and its assignee may."""

from litestar import post
from litestar.handlers import HTTPRouteHandler

from intake.dialects.crm import schema
from intake.dialects.crm.caller import caller_of
from intake.dialects.crm.change import GONE
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import BLANK, form_of
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.saying import Words, ask_saying
from intake.door import AnyRequest
from models.errors import NotFound
from models.operations.owned.find import NotYours
from models.operations.owned.notes import AddNote, DropNote, add_note, drop_note
from models.operations.tokens import Scope

LONGEST = 499
BAD_ID = "Invalid note id."
ADDING: Words = {**GONE, NotYours: (None, "You can't add note on this lead.")}
DROPPING: Words = {
    NotFound: ("note_id", "Requested note not found."),
    NotYours: (None, "You can't delete this note."),
}


@post(
    spellings("/create/leadnote"),
    status_code=200,
    operation_class=schema.CreateNote,
    summary="Create a note on a lead",
    tags=["crm notes"],
)
async def create_one(request: AnyRequest) -> Envelope:
    """Note something about a lead; the note's id is told when the lead is viewed."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    form = await form_of(request)
    slug = form.text("slug", needed=True, blank=BLANK)
    note = form.text("note", needed=True, blank=BLANK, most=LONGEST)
    form.check()
    command = AddNote(
        business_id=caller.tenant.id, user_id=caller.user_id, slug=slug or "", content=note or ""
    )
    await ask_saying(add_note, command, ADDING)
    return succeeded()


@post(
    spellings("/delete/leadnote"),
    status_code=200,
    operation_class=schema.DeleteNote,
    summary="Delete a note of a lead",
    tags=["crm notes"],
)
async def delete_one(request: AnyRequest) -> Envelope:
    """Take a note off its lead."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    form = await form_of(request)
    note_id = form.row_id("note_id", blank=BLANK, bad=BAD_ID)
    form.check()
    command = DropNote(business_id=caller.tenant.id, user_id=caller.user_id, note_id=note_id)
    await ask_saying(drop_note, command, DROPPING)
    return succeeded()


HANDLERS: list[HTTPRouteHandler] = [create_one, delete_one]
