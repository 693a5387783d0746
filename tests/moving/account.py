"""An account as Zendesk Sell tells it, in the shapes of its documents, with ids that no other test has."""

import secrets
from typing import Any

Record = dict[str, Any]
Lists = dict[str, list[Record]]

EMPTY: Record = dict.fromkeys(
    (
        *("title", "description", "industry", "website", "email", "phone", "mobile", "fax"),
        *("twitter", "facebook", "linkedin", "skype"),
    )
)
NOWHERE: Record = dict.fromkeys(("line1", "city", "postal_code", "state", "country"))
BORN = {"created_at": "2021-02-17T16:32:56Z", "updated_at": "2023-05-01T08:00:00Z"}


def an_account() -> tuple[int, Lists]:
    """The number on which all ids are built, and the lists by their paths."""
    n = 10**9 + secrets.randbelow(10**9) * 100
    return n, settings(n) | people(n) | business(n)


def settings(n: int) -> Lists:
    """Who works there, and the words and stages that they use."""
    born = {"creator_id": n + 1, **BORN}
    return {
        "users": [
            user(n + 1, "Ada Lovelace", "ada@acme.example.org", "admin"),
            user(n + 2, "Alan Turing", "alan@acme.example.org", "user") | {"status": "inactive"},
        ],
        "lead_sources": [{"id": n + 3, "name": "Fair", "resource_type": "lead", **born}],
        "deal_sources": [{"id": n + 4, "name": "Referral", "resource_type": "deal", **born}],
        "sources": [{"id": n + 4, "name": "Referral", **born}],
        "loss_reasons": [{"id": n + 5, "name": "Too dear", **born}],
        "lead_unqualified_reasons": [{"id": n + 6, "name": "A student", **born}],
        "deal_unqualified_reasons": [{"id": n + 7, "name": "No wood", **born}],
        "tags": [{"id": n + 8, "name": "oak", "resource_type": "lead", **born}],
        "pipelines": [{"id": n + 9, "name": "Chairs", "disabled": False, **BORN}],
        f"stages?pipeline_id={n + 9}": [
            stage(n + 10, n + 9, "Fresh", "incoming", 1),
            stage(n + 11, n + 9, "Sold", "won", 2),
        ],
    }


def people(n: int) -> Lists:
    born = {"creator_id": n + 1, **BORN}
    unqualified = {"unqualified_reason_id": None, "tags": ["oak"], "custom_fields": {"Size": "20 chairs"}}
    return {
        "contacts": [
            # The one who belongs to another stands before it, as lists go by id.
            contact(n + 12, n, first_name="Grace", last_name="Hopper", email="grace@navy.example.org"),
            contact(n + 13, n, is_organization=True, name="Navy yard", parent_organization_id=n + 14),
            contact(n + 14, n, is_organization=True, name="Navy"),
        ],
        "leads": [
            {
                "id": n + 20,
                "owner_id": n + 2,
                "first_name": "Joan",
                "last_name": "Clarke",
                "organization_name": "Bletchley",
                "status": "Working",
                "source_id": n + 3,
                **EMPTY,
                "email": "joan@bletchley.example.org",
                "phone": "+44 20 7946 0000",
                "address": NOWHERE | {"line1": "The Mansion", "city": "Milton Keynes"},
                **unqualified,
                **born,
            },
            lead(n + 21, n, "Other", email="joan@bletchley.example.org"),
        ],
    }


def business(n: int) -> Lists:
    """What came of them, and what was said."""
    born = {"creator_id": n + 1, **BORN}
    return {
        "deals": [
            {
                "id": n + 30,
                "owner_id": n + 1,
                "name": "Twenty chairs",
                "contact_id": n + 12,
                "organization_id": n + 13,
                "value": "1000.50",
                "currency": "GBP",
                "hot": True,
                "stage_id": n + 11,
                "source_id": n + 4,
                "loss_reason_id": None,
                "unqualified_reason_id": None,
                "dropbox_email": "dropbox@example.org",
                "last_stage_change_at": "2022-01-01T00:00:00Z",
                "last_stage_change_by_id": n + 1,
                "last_activity_at": "2022-01-02T00:00:00Z",
                "estimated_close_date": "2022-02-03",
                "customized_win_likelihood": 40,
                "added_at": "2021-12-01T00:00:00Z",
                "added_on": "2021-12-01T00:00:00Z",
                "tags": ["big"],
                "custom_fields": {},
                **born,
            }
        ],
        f"deals/{n + 30}/associated_contacts": [{"contact_id": n + 14, "role": "involved", **BORN}],
        "lead_conversions": [
            {
                "id": n + 40,
                "lead_id": n + 22,
                "individual_id": n + 12,
                "organization_id": n + 13,
                "deal_id": n + 30,
                "creator_id": n + 1,
                "created_at": "2022-03-04T05:06:07Z",
            }
        ],
        "notes": [
            note(n + 50, n, "lead", n + 20, "Wants oak"),
            note(n + 51, n, "contact", n + 12, "Called on Monday"),
            note(n + 52, n, "deal", n + 30, "Signed"),
        ],
        "tasks": [
            task(n + 60, n, "lead", n + 20, "Call again"),
            task(n + 61, n, None, None, "Buy stamps"),
        ],
    }


def user(number: int, name: str, email: str, role: str) -> Record:
    return {
        "id": number,
        "name": name,
        "email": email,
        "status": "active",
        "invited": False,
        "confirmed": True,
        "phone_number": None,
        "role": role,
        "roles": [],
        "team_name": None,
        "group": None,
        "reports_to": None,
        "timezone": "UTC+00:00",
        "deleted_at": None,
        **BORN,
    }


def stage(number: int, pipeline: int, name: str, category: str, position: int) -> Record:
    return {
        "id": number,
        "name": name,
        "category": category,
        "position": position,
        "likelihood": 50,
        "active": True,
        "pipeline_id": pipeline,
        **BORN,
    }


def contact(number: int, n: int, **told: object) -> Record:
    names = {"name": None, "first_name": None, "last_name": None}
    record = {
        "id": number,
        "creator_id": n + 1,
        "owner_id": n + 1,
        "is_organization": False,
        "contact_id": None if told.get("is_organization") else n + 13,
        "parent_organization_id": None,
        **names,
        "customer_status": "current",
        "prospect_status": "none",
        **EMPTY,
        "address": NOWHERE,
        "billing_address": NOWHERE,
        "shipping_address": NOWHERE,
        "tags": [],
        "custom_fields": {},
        **BORN,
    } | told
    if not record["name"]:
        record["name"] = f"{record['first_name']} {record['last_name']}"
    return record


def lead(number: int, n: int, last_name: str, **told: object) -> Record:
    return {
        "id": number,
        "creator_id": n + 1,
        "owner_id": n + 1,
        "first_name": None,
        "last_name": last_name,
        "organization_name": None,
        "status": "New",
        "source_id": None,
        **EMPTY,
        "address": NOWHERE,
        "tags": [],
        "custom_fields": {},
        "unqualified_reason_id": None,
        **BORN,
    } | told


def note(number: int, n: int, about: str, record: int, content: str) -> Record:
    return {
        "id": number,
        "creator_id": n + 1,
        "resource_type": about,
        "resource_id": record,
        "content": content,
        "is_important": False,
        "tags": [],
        "type": "regular",
        **BORN,
    }


def task(number: int, n: int, about: str | None, record: int | None, content: str) -> Record:
    return {
        "id": number,
        "creator_id": n + 1,
        "owner_id": n + 2,
        "resource_type": about,
        "resource_id": record,
        "completed": True,
        "completed_at": "2021-03-01T00:00:00Z",
        "due_date": "2021-02-28T00:00:00Z",
        "overdue": False,
        "remind_at": None,
        "content": content,
        **BORN,
    }
