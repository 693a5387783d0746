"""/intake/v1/forms: make, list, show, change and delete forms, and give one a new key."""

from typing import Any

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath
from sqlmodel import Session

from intake.ask import ask
from intake.door import AnyRequest
from intake.manage.manager import manager_of, sent_object, sent_overlap
from models.form import Form
from models.operations.form_settings import CHECKS
from models.operations.forms import (
    OVERLAP,
    ChangeForm,
    MakeForm,
    RotateForm,
    WantedForm,
    change_form,
    delete_form,
    forms_of,
    get_form,
    make_form,
    rotate_form,
)
from models.settings import settings

TAGS = ["forms"]

Document = dict[str, Any]


@get("/forms", operation_id="ListForms", summary="List forms", tags=TAGS)
async def list_all(request: AnyRequest) -> Document:
    """The forms of the business, the oldest first."""
    manager = await manager_of(request)
    return {"items": await ask(listed, manager.business_id)}


@post("/forms", status_code=201, operation_id="CreateForm", summary="Make a form", tags=TAGS)
async def create(request: AnyRequest) -> Document:
    """Make a form out of a name and whatever else is sent; the answer has the key for the page."""
    manager = await manager_of(request)
    command = MakeForm(business_id=manager.business_id, settings=await sent_object(request))
    return document_of(await ask(make_form, command))


@get("/forms/{form:str}", operation_id="GetForm", summary="Show a form", tags=TAGS)
async def show(request: AnyRequest, form: FromPath[str]) -> Document:
    """A form by its uid or its key."""
    manager = await manager_of(request)
    return document_of(await ask(get_form, WantedForm(form=form, business_id=manager.business_id)))


@patch("/forms/{form:str}", operation_id="UpdateForm", summary="Change a form", tags=TAGS)
async def update(request: AnyRequest, form: FromPath[str]) -> Document:
    """Change the settings that are sent, and no other."""
    manager = await manager_of(request)
    changes = await sent_object(request)
    command = ChangeForm(form=form, business_id=manager.business_id, settings=changes)
    return document_of(await ask(change_form, command))


@post("/forms/{form:str}/rotate", status_code=200, operation_id="RotateForm", summary="New key", tags=TAGS)
async def rotate(request: AnyRequest, form: FromPath[str]) -> Document:
    """Give a form a new key; the old one works for `overlap_hours` more, 24 unless told."""
    manager = await manager_of(request)
    overlap = await sent_overlap(request, OVERLAP)
    command = RotateForm(form=form, business_id=manager.business_id, overlap=overlap)
    return document_of(await ask(rotate_form, command))


@delete("/forms/{form:str}", status_code=204, operation_id="DeleteForm", summary="Delete a form", tags=TAGS)
async def remove(request: AnyRequest, form: FromPath[str]) -> Response[None]:
    """Take no more posts by a form. What came by it stays."""
    manager = await manager_of(request)
    await ask(delete_form, WantedForm(form=form, business_id=manager.business_id))
    return Response(None, status_code=204)


def listed(session: Session, business_id: int) -> list[Document]:
    return [document_of(form) for form in forms_of(session, business_id)]


def document_of(form: Form) -> Document:
    return {
        "uid": form.uid,
        "key": form.key,
        "url": f"{settings().public_url.rstrip('/')}/f/{form.key}",
        **{name: getattr(form, name) for name in CHECKS},
        "created_at": form.created_at.isoformat(),
        "updated_at": form.updated_at.isoformat(),
    }


HANDLERS = [list_all, create, show, update, rotate, remove]
