"""`intake form purge` erases what a form no longer keeps."""

from models.business import Business
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, enquiries, leads, receipts
from tests.support.command import answer, refusal
from tests.support.web import Client
from tests.workers.promised import execute

AGE = "UPDATE {} SET {} = {} - interval '31 days' WHERE business_id = %s"


def old(business: Business) -> None:
    """As if all had come a month ago."""
    for table, column in (("receipt", "received_at"), ("enquiry", "created_at"), ("suspect", "created_at")):
        execute(AGE.format(table, column, column), business.id)


def test_it_works(client: Client, business: Business, form: Made) -> None:
    made = form(retention_days=30)
    client.post(f"/f/{made.key}", data=FILLED)
    suspect = client.post(f"/f/{made.key}", data=FILLED | {"contact_by_fax": "1", "message": "Buy"})
    old(business)
    client.post(f"/f/{made.key}", data=FILLED | {"message": "New"})
    assert "receipts\t2\nenquiries\t1\nsuspects\t1\n" in answer("form", "purge")
    assert [one.message_data for one in enquiries(business)] == [{}, {"Message": "New"}]
    assert [(one.verdict, bool(one.body)) for one in receipts(business)] == [
        ("created", False),
        ("refused", False),
        ("repeat", True),
    ]
    assert leads(business)[0].email == "Ada@example.org"
    assert "no quarantined post" in refusal("quarantine", "release", suspect.headers["x-request-id"])


def test_it_keeps_what_the_form_keeps(client: Client, business: Business, form: Made) -> None:
    client.post(f"/f/{form().key}", data=FILLED)
    old(business)
    answer("form", "purge")
    assert (bool(receipts(business)[0].body), bool(enquiries(business)[0].message_data)) == (True, True)
