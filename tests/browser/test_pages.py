"""A newcomer's first minute, and an operator's desk, in a real browser."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.up import Up

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


def test_it_shows_three_messages_of_a_posted_lead_without_a_reload(page: Page, service: Up) -> None:
    page.goto(f"{service.url}/inbox")
    service.post("ada@example.org")
    expect(page.get_by_text("We have your message: A chair").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("New enquiry from Ada: A chair").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("to +14155550100").first).to_be_visible(timeout=PATIENCE_MS)


def test_it_shows_a_message_and_one_click_ends_the_mail(page: Page, service: Up) -> None:
    service.post("grace@example.org")
    page.goto(f"{service.url}/inbox")
    mine = page.locator("li", has_text="to grace@example.org").first
    expect(mine).to_be_visible(timeout=PATIENCE_MS)
    mine.get_by_role("link").click()
    link = re.search(r"https?://\S+/unsubscribe/[\w-]+", page.locator("pre").first.inner_text())
    assert link is not None
    # The address that is told is the service's public one; the test reaches it here.
    path = link.group().partition("/unsubscribe/")[2]
    page.goto(f"{service.url}/unsubscribe/{path}")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()


def test_it_runs_no_script_of_a_lead(page: Page, service: Up) -> None:
    service.post("eve@example.org", first_name="<img src=x onerror=alert(1)>")
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.goto(f"{service.url}/inbox")
    expect(page.get_by_text("<img src=x").first).to_be_visible(timeout=PATIENCE_MS)
    page.locator("li", has_text="<img src=x").first.get_by_role("link").click()
    page.wait_for_load_state("networkidle")
    assert dialogs == []


def test_an_operator_signs_in_and_out_of_the_desk(page: Page, service: Up) -> None:
    service.post("joan@example.org")
    page.goto(f"{service.url}/desk")
    page.get_by_label("Token").fill("tg_live_" + "x" * 56)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Token").fill(service.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Demo")).to_be_visible()
    expect(page.get_by_text("leadgen").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible()
