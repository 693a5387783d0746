"""/intake/v1/quarantine: the suspect posts of a business's forms, let in or dropped by a person."""

from typing import Any

from litestar import Response, delete, get, post
from litestar.params import FromPath
from sqlmodel import Session

from intake.ask import ask
from intake.door import AnyRequest
from intake.forms.release import release
from intake.manage.manager import manager_of
from models.operations.quarantine import OfReceipt, WantedSuspects, drop, list_suspects

TAGS = ["quarantine"]

Document = dict[str, Any]


@get("/quarantine", operation_id="ListQuarantine", summary="List suspect posts", tags=TAGS)
async def list_all(request: AnyRequest) -> Document:
    """Posts that wait, the newest first, a hundred at most; `form` names one form."""
    manager = await manager_of(request)
    wanted = WantedSuspects(
        business_id=manager.business_id, form=request.query_params.get("form", "").replace("\0", "")
    )
    return {"items": await ask(listed, wanted)}


@post(
    "/quarantine/{receipt:str}/release",
    status_code=200,
    operation_id="ReleasePost",
    summary="Let a suspect post in",
    tags=TAGS,
)
async def let_in(request: AnyRequest, receipt: FromPath[str]) -> Document:
    """Make the lead and promise its messages, as if the post had come unsuspected."""
    manager = await manager_of(request)
    wanted = OfReceipt(receipt=receipt, business_id=manager.business_id, user_id=manager.user_id)
    captured = await ask(release, wanted)
    return {"verdict": captured.verdict, "lead_uid": captured.lead_uid, "enquiry_uid": captured.enquiry_uid}


@delete(
    "/quarantine/{receipt:str}",
    status_code=204,
    operation_id="DropPost",
    summary="Drop a suspect post",
    tags=TAGS,
)
async def let_go(request: AnyRequest, receipt: FromPath[str]) -> Response[None]:
    """Decide that nothing comes of a post. Its receipt stays."""
    manager = await manager_of(request)
    await ask(drop, OfReceipt(receipt=receipt, business_id=manager.business_id))
    return Response(None, status_code=204)


def listed(session: Session, wanted: WantedSuspects) -> list[Document]:
    return [
        {
            "receipt": receipt.uid,
            "form": form.uid,
            "score": suspect.score,
            "rules": suspect.rules,
            "received_at": receipt.received_at.isoformat(),
        }
        for receipt, suspect, form in list_suspects(session, wanted)
    ]


HANDLERS = [list_all, let_in, let_go]
