"""A visitor fills a form in: on our own page, and on a static page of another site."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.up import Up
from tests.support.local import local

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
SCRIPT = """
async ([url, typed]) => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(typed),
  });
  return [answer.status, await answer.json()];
}
"""


HIDDEN = """
["landing_page", "referrer"].map((name) => document.forms[0].elements[name].value)
"""
STORAGE = {
    "kept": "",
    "blocked": "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked') } })",
    "filled": "Object.defineProperty(window, 'sessionStorage', { value: Object.freeze({}) })",
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A static site of somebody else's: its origin and its folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path
    server.shutdown()
    thread.join()
    server.server_close()


def made(service: Up, *options: str) -> str:
    """The key of a new form of the demo business, whose owner hears by mail."""
    wanted = ("--business", "demo", "--name", "Contact us", "--notifications", "email")
    return service.answer("form", "create", *wanted, *options).strip()


def told_of(page: Page, service: Up, name: str) -> None:
    """Wait until the owner has been told of somebody."""
    page.goto(f"{service.url}/inbox")
    expect(page.get_by_text(f"New enquiry from {name}: Contact us").first).to_be_visible(timeout=PATIENCE_MS)


def test_it_works_with_the_keyboard_alone(page: Page, service: Up) -> None:
    page.goto(f"{service.url}/f/{made(service, '--set', 'min_seconds=0')}")
    for text in ("Kim Keyboard", "kim@example.org", "+14155550123", "Twenty chairs, please"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    told_of(page, service, "Kim Keyboard")


def test_it_shows_what_is_wrong_and_keeps_what_was_typed(page: Page, service: Up) -> None:
    page.goto(f"{service.url}/f/{made(service, '--set', 'min_seconds=0')}")
    page.get_by_label("Name").fill("Mia Mistaken")
    page.get_by_label("Email").fill("mia at example.org")
    page.get_by_label("Message").fill("Two\n\nlines")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_accessible_description(
        "Please enter a complete email address, such as name@example.org."
    )
    expect(page.get_by_label("Name")).to_have_value("Mia Mistaken")
    expect(page.get_by_label("Message")).to_have_value("Two\n\nlines")
    page.get_by_label("Email").fill("mia@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    told_of(page, service, "Mia Mistaken")


def test_a_pasted_snippet_works_on_another_site(page: Page, service: Up, site: tuple[str, Path]) -> None:
    origin, folder = site
    thanks = f"{origin}/thanks.html"
    key = made(service, "--origin", origin, "--set", f"success_url={thanks}")
    snippet = local.get(f"{service.url}/f/{key}/embed").text
    (folder / "index.html").write_text(f"<!doctype html><title>Acme</title><h1>Acme</h1>{snippet}")
    (folder / "thanks.html").write_text("<!doctype html><title>Acme</title><h1>We have it</h1>")
    page.goto(f"{origin}/?utm_source=newsletter")
    page.get_by_label("Name").fill("Sam Static")
    page.get_by_label("Email").fill("sam@example.org")
    page.get_by_label("Message").fill("Ten chairs")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    assert page.url == thanks
    told_of(page, service, "Sam Static")
    expect(page.get_by_text("New enquiry (again) from Sam Static")).to_have_count(0)
    page.get_by_text("New enquiry from Sam Static").first.click()
    expect(page.get_by_text("source: newsletter").first).to_be_visible()


def visit_lines() -> str:
    """What the docs tell a site to put on every page."""
    docs = Path(__file__).parents[2] / "docs" / "forms.md"
    return docs.read_text().partition("```html\n")[2].partition("```")[0]


@pytest.mark.parametrize("storage", ["kept", "blocked", "filled"])
def test_a_pasted_snippet_tells_the_first_page_of_the_visit(
    page: Page, service: Up, site: tuple[str, Path], storage: str
) -> None:
    origin, folder = site
    snippet = local.get(f"{service.url}/f/{made(service)}/embed").text
    (folder / "index.html").write_text(f"<!doctype html><title>Acme</title>{visit_lines()}")
    (folder / "contact.html").write_text(f"<!doctype html><title>Acme</title>{snippet}")
    page.add_init_script(STORAGE[storage])
    page.goto(f"{origin}/?gclid=g-1", referer="https://search.example/")
    page.goto(f"{origin}/contact.html?from=menu", referer=f"{origin}/?gclid=g-1")
    here = [f"{origin}/contact.html?from=menu", f"{origin}/?gclid=g-1"]
    first = [f"{origin}/?gclid=g-1", "https://search.example/"]
    assert page.evaluate(HIDDEN) == (first if storage == "kept" else here)
    page.goto(f"{origin}/contact.html?utm_source=news")
    assert page.evaluate(HIDDEN) == [f"{origin}/contact.html?utm_source=news", ""]
    assert page.evaluate("document.forms[0].elements._id.value") != ""


def test_a_script_of_an_allowed_site_reads_the_answer(
    page: Page, service: Up, site: tuple[str, Path]
) -> None:
    origin, folder = site
    (folder / "index.html").write_text("<!doctype html><title>Acme</title>")
    url = f"{service.url}/f/{made(service, '--origin', origin)}"
    page.goto(origin)
    typed = {"name": "Fay Fetch", "email": "fay@example.org", "message": "By fetch"}
    assert page.evaluate(SCRIPT, [url, typed]) == [200, {"status": "ok"}]
    status, told = page.evaluate(SCRIPT, [url, {"name": "Fay"}])
    assert (status, sorted(told["errors"])) == (422, ["email", "message"])
    stranger = f"{service.url}/f/{made(service, '--origin', 'https://acme.example.org')}"
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate(SCRIPT, [stranger, typed])


def test_its_page_solves_a_riddle(page: Page, service: Up) -> None:
    page.goto(f"{service.url}/f/{made(service, '--set', 'min_seconds=0', '--set', 'altcha=true')}")
    page.get_by_label("Name").fill("Rita Riddle")
    page.get_by_label("Email").fill("rita@example.org")
    page.get_by_label("Message").fill("A table")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible(timeout=PATIENCE_MS)
    told_of(page, service, "Rita Riddle")
