"""POST /f/{key}: a plain form of a website makes a lead, without a secret and without a script."""

import pytest

from models.business import Business
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, JSON, enquiries, jobs, leads, receipts, verdicts
from tests.support.web import Client


def test_it_works(client: Client, business: Business, form: Made) -> None:
    made = form(notifications=["auto-reply", "email", "sms"])
    answer = client.post(f"/f/{made.key}", data=FILLED | {"Wood": "oak"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{made.key}/thanks")
    assert answer.content == b""
    lead, enquiry, receipt = leads(business)[0], enquiries(business)[0], receipts(business)[0]
    assert (lead.first_name, lead.last_name, lead.email) == ("Ada", "King Lovelace", "Ada@example.org")
    assert (lead.phone, lead.phone_e164, lead.source) == ("(415) 555-0123", "+14155550123", "Contact us")
    assert (enquiry.title, enquiry.door) == ("Contact us", f"form:{made.uid}")
    assert enquiry.message_data == {"Message": "Twenty chairs, please", "Wood": "oak"}
    assert (receipt.verdict, receipt.uid) == ("created", answer.headers["x-request-id"])
    assert b"Twenty+chairs" in receipt.body
    assert jobs(business) == ["auto_reply", "owner_email", "owner_sms"]


def test_it_takes_multipart_and_passes_files_over(client: Client, business: Business, form: Made) -> None:
    sent = client.post(f"/f/{form().key}", data=FILLED, files={"photo": ("../../x.png", b"\x89PNG")})
    assert sent.status_code == 303
    assert enquiries(business)[0].message_data == {"Message": "Twenty chairs, please"}


def test_it_answers_a_script_in_json(client: Client, business: Business, form: Made) -> None:
    key = form().key
    assert client.post(f"/f/{key}", json=FILLED | {"Seats": [2, 4]}).json() == {"status": "ok"}
    assert client.post(f"/f/{key}", headers=JSON, data=FILLED | {"message": "More"}).status_code == 200
    assert [one.message_data.get("Seats") for one in enquiries(business)] == ["2, 4", None]


def test_it_goes_to_the_page_that_the_form_names(client: Client, form: Made) -> None:
    thanks = "https://acme.example.org/thanks?from=form"
    made = form(origins=["https://acme.example.org"], success_url=thanks)
    asked = {"redirect": "https://evil.example", "success_url": "//evil.example", "_next": "/\\evil.example"}
    answer = client.post(f"/f/{made.key}", data=FILLED | asked)
    assert (answer.status_code, answer.headers["location"]) == (303, thanks)


def test_it_joins_the_values_of_one_name(client: Client, business: Business, form: Made) -> None:
    body = "name=Ada&email=ada%40example.org&message=Hello&wood=oak&wood=ash&extras[]=oil&extras[]=wax"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(f"/f/{form().key}", content=body, headers=headers).status_code == 303
    told = enquiries(business)[0].message_data
    assert (told["wood"], told["extras"]) == ("oak, ash", "oil, wax")
    twice = client.post(f"/f/{form().key}", content=body + "&email=eve%40example.org", headers=headers)
    assert twice.status_code == 422


def test_it_keeps_every_text_whatever_its_label(client: Client, business: Business, form: Made) -> None:
    body = "Message=First&Message+%28Message%29=Second&name=Ada&email=ada%40example.org&message=Third"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(f"/f/{form().key}", content=body, headers=headers).status_code == 303
    told = enquiries(business)[0].message_data
    assert (told["Message"], sorted(told.values())) == ("Third", ["First", "Second", "Third"])


def test_it_cuts_what_the_form_does_not_know(client: Client, business: Business, form: Made) -> None:
    sent = FILLED | {"basket": "x" * 12_000}
    assert client.post(f"/f/{form().key}", data=sent).status_code == 303
    assert len(enquiries(business)[0].message_data["basket"]) == 10_000
    assert b"x" * 12_000 in receipts(business)[0].body


def test_it_maps_inputs_as_the_form_says(client: Client, business: Business, form: Made) -> None:
    fields = [
        {"name": "Vorname", "label": "Vorname", "maps_to": "first_name"},
        {"name": "Nachname", "maps_to": "last_name"},
        {"name": "Kunde", "maps_to": "unique_id", "required": True},
        {"name": "Betreff", "maps_to": "title"},
        {"name": "Text", "kind": "textarea", "maps_to": "message"},
        {"name": "holz", "label": "Holz", "kind": "select", "options": ["Eiche", "Esche"]},
    ]
    made = form(fields=fields, identifier="unique_id", tags=["web"], source="Website")
    sent = {
        "Vorname": "Ada",
        "Nachname": "L",
        "Kunde": "7",
        "Betreff": "Stuhl",
        "Text": "Hallo",
        "holz": "Esche",
    }
    assert client.post(f"/f/{made.key}", data=sent).status_code == 303
    lead, enquiry = leads(business)[0], enquiries(business)[0]
    assert (lead.unique_id, lead.last_name, lead.tags, lead.source) == ("7", "L", ["web"], "Website")
    assert (enquiry.title, enquiry.message_data) == ("Stuhl", {"Message": "Hallo", "Holz": "Esche"})


def test_it_lets_no_input_choose_what_is_not_the_visitors(
    client: Client, business: Business, form: Made
) -> None:
    names = ("id", "business_id", "status", "owner", "owner_id", "tags", "opt_in", "source")
    forbidden = dict.fromkeys(names, "x")
    assert client.post(f"/f/{form().key}", data=FILLED | forbidden).status_code == 303
    lead = leads(business)[0]
    assert (lead.status, lead.tags, lead.opt_in, lead.source) == ("lead", [], False, "Contact us")
    assert lead.owner_id is None
    assert forbidden.items() <= enquiries(business)[0].message_data.items()


def test_it_tells_nobody_that_a_person_is_known(client: Client, business: Business, form: Made) -> None:
    key = form().key
    first = client.post(f"/f/{key}", data=FILLED)
    again = client.post(
        f"/f/{key}", data=FILLED | {"name": "Eve", "phone": "+14155550999", "message": "Me again"}
    )
    told = [
        (one.status_code, one.content, {**one.headers, "x-request-id": "", "date": ""})
        for one in (first, again)
    ]
    assert told[0] == told[1]
    assert [(lead.first_name, lead.phone) for lead in leads(business)] == [("Ada", "(415) 555-0123")]
    assert [verdict for verdict, _ in verdicts(business)] == ["created", "repeat"]


def test_it_takes_in_who_leaves_no_address(client: Client, business: Business, form: Made) -> None:
    fields = [{"name": "email", "maps_to": "email"}, {"name": "phone", "maps_to": "phone"}]
    key = form(fields=fields).key
    for phone in ("+14155550123", "+14155550124"):
        assert client.post(f"/f/{key}", data={"phone": phone}).status_code == 303
    assert [lead.phone for lead in leads(business)] == ["+14155550123", "+14155550124"]


@pytest.mark.parametrize("key", ["x", "x" * 22, "a%00b", "%2e%2e", "é" * 22])
def test_it_knows_no_other_key(client: Client, database: str, key: str) -> None:
    for answer in (client.get(f"/f/{key}"), client.post(f"/f/{key}", data=FILLED)):
        assert answer.status_code == 404
    assert client.post(f"/f/{key}", json=FILLED).json() == {"error": "There is no such form."}
