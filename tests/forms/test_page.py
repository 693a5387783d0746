"""GET /f/{key} and beside it: the hosted page, the snippet to paste, and the thanks."""

import pytest

from models.business import Business
from tests.forms.conftest import Made
from tests.forms.pages import Page
from tests.forms.posts import FILLED, leads, verdicts
from tests.support.web import Client

FIELDS = [
    {"name": "email", "label": "Email", "kind": "email", "required": True, "maps_to": "email"},
    {"name": "wood", "label": "Wood", "kind": "select", "options": ["oak", "ash"]},
    {"name": "extras", "label": "Extras", "kind": "checkbox", "options": ["oil", "wax"]},
    {"name": "terms", "label": "I am of age", "kind": "checkbox", "required": True},
    {"name": "campaign", "kind": "hidden", "options": ["spring"]},
    {"name": "message", "label": "Message", "kind": "textarea", "maps_to": "message"},
]


def test_it_works(client: Client, business: Business, form: Made) -> None:
    made = form()
    shown = client.get(f"/f/{made.key}?utm_source=newsletter")
    page = Page(shown.text)
    assert (shown.status_code, page.named("email")["autocomplete"]) == (200, "email")
    assert page.having(**{"for": "f-email"}) == ["label"]
    assert (page.filled["utm_source"], page.filled["contact_by_fax"]) == ("newsletter", "")
    sent = client.post(f"/f/{made.key}", data=page.filled | FILLED)
    assert sent.headers["location"] == f"/f/{made.key}/thanks"
    assert "Thank you" in client.get(sent.headers["location"]).text
    # Nobody fills a page in within the time that this test takes.
    assert verdicts(business) == [("quarantined", "too_fast; score 60")]
    assert leads(business) == []


def test_it_shows_what_is_wrong_beside_what_was_typed(client: Client, business: Business, form: Made) -> None:
    made = form(fields=FIELDS, consent="Write to me")
    typed = {"email": "not <an> address", "wood": "ash", "extras": "wax", "message": "Two\n\nlines & more"}
    answer = client.post(f"/f/{made.key}", data=typed | {"consent": "yes", "gclid": "g-1"})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.having(role="alert") == ["p"]
    for name in ("email", "terms"):
        told = page.named(name)
        assert (told["aria-invalid"], told["aria-describedby"]) == ("true", f"f-{name}-fault")
        assert page.having(id=f"f-{name}-fault") == ["p"]
    assert page.named("message").get("aria-invalid") is None
    assert page.filled["email"] == typed["email"]
    assert (page.filled["message"], page.filled["gclid"], page.filled["campaign"]) == (
        typed["message"],
        "g-1",
        "spring",
    )
    assert "checked" in page.named("consent")
    assert "<option selected>ash</option>" in answer.text
    assert 'value="wax" checked' in answer.text
    assert verdicts(business) == [("refused", "invalid")]


@pytest.mark.parametrize(("email", "marks"), [("ada@example.org", False), ("ada", True)])
def test_it_names_what_is_wrong_with_an_input_that_nobody_sees(
    client: Client, form: Made, email: str, *, marks: bool
) -> None:
    ticket = {"name": "ticket", "label": "<Ticket>", "kind": "hidden", "required": True}
    made = form(fields=[*FIELDS[:1], ticket])
    answer = client.post(f"/f/{made.key}", data={"email": email})
    assert answer.status_code == 422
    assert "<Ticket>: Please fill in this field." in Page(answer.text).text
    assert ("Please check the marked fields." in answer.text) == marks


def test_it_keeps_what_another_page_asked(client: Client, business: Business, form: Made) -> None:
    key = form().key
    wrong = client.post(f"/f/{key}", data=FILLED | {"email": "nobody", "Wood": '"oak"', "_id": "page-1"})
    page = Page(wrong.text)
    assert (page.filled["Wood"], page.filled["_id"], page.filled["_token"]) == ('"oak"', "page-1", "")
    client.post(f"/f/{key}", data=page.filled | {"email": "ada@example.org"})
    assert verdicts(business) == [("refused", "invalid"), ("created", "")]


def test_it_runs_nothing_that_a_visitor_typed(client: Client, form: Made) -> None:
    typed = "<script>alert(1)</script>\" onfocus=alert(1) x='"
    answer = client.post(f"/f/{form().key}", data=dict.fromkeys(FILLED, typed))
    assert "<script>alert" not in answer.text
    assert Page(answer.text).filled["name"] == typed
    assert all("onfocus" not in attributes for _, attributes in Page(answer.text).tags)


def test_it_tells_a_script_what_is_wrong(client: Client, form: Made) -> None:
    key = form().key
    answer = client.post(f"/f/{key}", json={"email": "nobody", "message": "x" * 20_000})
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert errors.keys() == {"name", "email", "message"}
    assert errors["name"] == ["Please fill in this field."]


def test_it_speaks_the_forms_language_or_english(client: Client, form: Made) -> None:
    for language, says, tongue in (("de-AT", "Senden", "de"), ("fr", "Send", "en"), ("en", "Send", "en")):
        page = Page(client.get(f"/f/{form(language=language).key}").text)
        assert says in page.text
        assert page.having(lang=tongue) == ["html"]
    german = client.post(f"/f/{form(language='de').key}", json={})
    assert german.json()["errors"]["name"] == ["Bitte füllen Sie dieses Feld aus."]


def test_it_goes_to_the_error_page_without_anything_personal(client: Client, form: Made) -> None:
    address = "https://acme.example.org/form?lang=en"
    made = form(origins=["https://acme.example.org"], error_url=address)
    answer = client.post(f"/f/{made.key}", data={"name": "Ada", "email": "ada at example.org"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{address}&errors=email%2Cmessage"


def test_it_may_be_framed_by_the_forms_own_pages_alone(client: Client, form: Made) -> None:
    alone = client.get(f"/f/{form().key}").headers
    assert "frame-ancestors 'none'" in alone["content-security-policy"]
    framed = client.get(f"/f/{form(origins=['https://acme.example.org']).key}").headers
    assert "frame-ancestors https://acme.example.org" in framed["content-security-policy"]
    assert "default-src 'none'" in framed["content-security-policy"]
    assert (framed["referrer-policy"], framed["x-content-type-options"]) == ("same-origin", "nosniff")


@pytest.mark.parametrize("way", ["", "/thanks"])
def test_it_loads_nothing_from_elsewhere(client: Client, form: Made, way: str) -> None:
    page = Page(client.get(f"/f/{form().key}{way}").text)
    assert not [tag for tag, given in page.tags if tag in {"link", "img", "iframe"} or "src" in given]


def test_it_gives_the_snippet_to_paste(client: Client, form: Made) -> None:
    made = form(fields=FIELDS, consent="Write to me")
    answer = client.get(f"/f/{made.key}/embed")
    snippet = Page(answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    action = next(given["action"] for tag, given in snippet.tags if tag == "form")
    assert action is not None
    assert action.endswith(f":8000/f/{made.key}")
    assert {"_id", "contact_by_fax", "landing_page", "campaign", "message"} <= snippet.filled.keys()
    assert (snippet.named("consent")["type"], "required" in snippet.named("email")) == ("checkbox", True)
    assert "_token" not in snippet.filled
