"""Release: a quarantined post is read again from its receipt, and goes the whole way of any other."""

from sqlmodel import Session

from intake.body import parse_pairs
from intake.forms.book import OpenForm
from intake.forms.post import post_of, read
from intake.forms.touch import touch_of
from models.business import Business
from models.errors import NotFound
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, Captured, Visit
from models.operations.identify import find_tenant
from models.operations.quarantine import Held, OfReceipt, hold, tell_release


def release(session: Session, wanted: OfReceipt) -> Captured:
    """Make the lead, promise its messages, and write down who let it in.

    Raises `UnknownReceipt`, and `BadPost` where the form has changed so that it no longer takes the post.
    """
    held = hold(session, wanted)
    receipt, open_form = held.receipt, reopened(session, held)
    post = post_of(parse_pairs(receipt.content_type, None, receipt.body))
    visit = Visit(
        form_id=held.form.id,
        address_hash=held.suspect.address_hash,
        referrer=held.suspect.referrer,
        touch=touch_of(post, held.suspect.referrer),
        consent=held.suspect.consent,
        at=receipt.received_at,
    )
    arrival = Arrival(
        uid=receipt.uid,
        business_id=receipt.business_id,
        door=receipt.door,
        body=receipt.body,
        content_type=receipt.content_type,
        user_id=open_form.tenant.owner_id,
        receipt_id=receipt.id,
        visit=visit,
    )
    captured = capture_lead(session, read(open_form, post, arrival))
    tell_release(session, held, captured.enquiry_uid, wanted.user_id)
    return captured


def reopened(session: Session, held: Held) -> OpenForm:
    """The form of a post, deleted meanwhile or not."""
    business = session.get_one(Business, held.form.business_id)
    tenant = find_tenant(session, business.uid)
    if tenant is None:
        raise NotFound("the business is gone", "business")
    return OpenForm(held.form, tenant, business.name)
