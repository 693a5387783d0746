"""Businesses come into being with their owner, and keep names that mean nobody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from models.business import Business
from models.database import engine, transact, transaction
from models.errors import Invalid, NotFound, Refusal, Taken, UnknownBusiness
from models.operations.directories import add_business, directory_of, find_directory, found_directory
from models.operations.found import ChangeBusiness, FoundBusiness, change_business, found_business, found_demo
from models.operations.identify import identify
from models.operations.owner_channels import add_channel, channels_of, remove_channel
from models.operations.staff import Hire, hire, users_of
from models.operations.wording import Wording, remove_wording, set_wording, wordings_of

Founding = Callable[..., Business]


def test_it_works(database: str, found: Founding) -> None:
    business = found(
        email="Owner@Example.ORG", phone="030 123456", country="de", timezone="Europe/Berlin", currency="eur"
    )
    with transaction() as session:
        (owner,) = users_of(session, business)

    assert len(business.uid) == 16
    assert (business.email, business.phone) == ("Owner@example.org", "+4930123456")
    assert (business.country, business.timezone, business.currency) == ("DE", "Europe/Berlin", "EUR")
    assert (owner.username, owner.role, owner.email) == ("owner", "admin", "Owner@example.org")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nickname", "A"),
        ("nickname", "Acme"),
        ("nickname", "-acme"),
        ("nickname", "a" * 65),
        ("nickname", "acme\n"),
        ("name", "  "),
        ("name", "a\nb"),
        ("name", "a" * 201),
        ("email", "owner"),
        ("email", ""),
        ("phone", "call me"),
        ("country", "XX"),
        ("country", "Germany"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("timezone", "America"),
        ("currency", "EURO"),
        ("currency", "12"),
        ("url", "javascript:alert(1)"),
        ("url", "http://"),
        ("url", "http://[x"),
        ("external_id", "é"),
    ],
)
def test_it_names_the_field_at_fault(database: str, field: str, value: str, found: Founding) -> None:
    with pytest.raises(Invalid) as refusal:
        found(**{field: value})

    assert refusal.value.field == field


def test_it_keeps_names_from_meaning_two_businesses(database: str, found: Founding) -> None:
    first = found(external_id="crm-1-first")
    clashes = (
        {"nickname": first.nickname},
        {"nickname": first.uid},
        {"nickname": "crm-1-first"},
        {"external_id": "crm-1-first"},
        {"external_id": first.nickname},
        {"external_id": first.uid},
    )
    for clash in clashes:
        with pytest.raises(Taken) as refusal:
            found(**clash)
        assert refusal.value.field in clash


def test_it_founds_one_of_many_at_once(database: str) -> None:
    wanted = FoundBusiness(nickname="one-of-many", name="One", email="owner@example.org")

    def attempt(number: int) -> str:
        try:
            return transact(found_business, replace(wanted, name=f"One {number}")).name
        except Taken:
            return ""

    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(attempt, range(8)))

    assert len([name for name in names if name]) == 1


def test_it_changes_what_is_named_and_nothing_else(business: Business, found: Founding) -> None:
    other = found(external_id=f"ext-{business.uid}")
    changes = {"name": "Acme & Sons", "phone": "(415) 555-0111", "external_id": f"mine-{business.uid}"}
    changed = transact(change_business, ChangeBusiness(business=business.nickname, changes=changes))

    assert (changed.name, changed.phone) == ("Acme & Sons", "+14155550111")
    assert (changed.email, changed.uid) == (business.email, business.uid)
    transact(change_business, ChangeBusiness(business=business.uid, changes={"name": "Acme"}))
    with transaction() as session:
        assert session.get_one(Business, business.id).external_id == f"mine-{business.uid}"
    for wrong in ({"external_id": other.external_id or ""}, {"nickname": "new"}, {"email": "x"}):
        with pytest.raises(Refusal):
            transact(change_business, ChangeBusiness(business=business.uid, changes=wrong))
    with pytest.raises(UnknownBusiness):
        transact(change_business, ChangeBusiness(business="nobody", changes={}))


def test_it_founds_the_demo_once(database: str) -> None:
    with Session(engine(), expire_on_commit=False) as session:  # Never committed: others found it too.
        session.exec(update(Business).where(col(Business.nickname) == "demo").values(nickname="was-demo"))
        demo = found_demo(session)
        again = found_demo(session)
        assert demo is not None
        speaker = identify(session, demo.token)

    assert again is None
    assert speaker is not None
    assert speaker.tenant is not None
    assert speaker.tenant.nickname == "demo"
    assert (demo.business.email, demo.business.phone) == ("owner@example.org", "+14155550100")


def test_it_refuses_users_that_cannot_be(business: Business) -> None:
    transact(hire, Hire(business=business.uid, username="ada", email="ada@example.org"))

    for username in ("ada", "", "Ada", "a b", "a" * 101):
        with pytest.raises(Refusal) as refusal:
            transact(hire, Hire(business=business.uid, username=username))
        assert refusal.value.field == "username"
    with pytest.raises(Invalid, match="role"):
        transact(hire, Hire(business=business.uid, username="eve", role="king"))


def test_it_keeps_a_business_in_one_directory(business: Business) -> None:
    with transaction() as session:
        directory = found_directory(session, f"One {business.uid}")
        other = found_directory(session, f"Two {business.uid}")
        add_business(session, directory, business)
        add_business(session, directory, business)
        assert find_directory(session, directory.uid).id == directory.id
        assert find_directory(session, directory.name).id == directory.id
        assert directory_of(session, business).id == directory.id
        with pytest.raises(Taken):
            add_business(session, other, business)
        with pytest.raises(Taken):
            found_directory(session, directory.name)
        with pytest.raises(NotFound):
            find_directory(session, "nobody")


def test_it_founds_a_business_inside_a_directory(database: str, found: Founding) -> None:
    with transaction() as session:
        directory = found_directory(session, "Born inside")

    assert found(directory="Born inside").directory_id == directory.id
    with pytest.raises(NotFound):
        found(directory="nobody")


def test_it_keeps_channels_apart(business: Business, found: Founding) -> None:
    stranger = found()
    with transaction() as session:
        channel = add_channel(session, business, "json://secret@localhost/")
        with pytest.raises(NotFound):
            remove_channel(session, stranger, channel.id)
        remove_channel(session, business, channel.id)
        assert channels_of(session, business) == []
        for url in ("", "slack", "slack://", "://x", "a\0://b"):
            with pytest.raises(Invalid) as refusal:
                add_channel(session, business, url)
            assert refusal.value.field == "url"


def test_it_keeps_one_wording_a_part(business: Business) -> None:
    with transaction() as session:
        for source in ("Hello", "Hello {{ lead.first_name }}"):
            set_wording(session, business, Wording(name="auto-reply", part="subject", source=source))
        (kept,) = wordings_of(session, business)
        assert kept.source == "Hello {{ lead.first_name }}"
        remove_wording(session, business, "auto-reply", "subject")
        assert wordings_of(session, business) == []
        with pytest.raises(NotFound):
            remove_wording(session, business, "auto-reply", "subject")


@pytest.mark.parametrize(
    ("name", "part", "source"),
    [
        ("auto-reply", "text", "a\n{% if %}"),
        ("auto-reply", "text", "\0"),
        ("auto-reply", "text", "x" * 65_537),
        ("auto-reply", "footer", ""),
        ("farewell", "text", ""),
    ],
)
def test_it_refuses_wordings_that_cannot_be(business: Business, name: str, part: str, source: str) -> None:
    with pytest.raises(Invalid), transaction() as session:
        set_wording(session, business, Wording(name=name, part=part, source=source))

    with transaction() as session:
        assert session.exec(select(Business).where(col(Business.id) == business.id)).one()
        assert wordings_of(session, business) == []
