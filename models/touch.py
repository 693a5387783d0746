"""Touch: the campaign, the advertisement or the page that brought a person; and the consent given there."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, key, moment, text

# In the order in which people are told of them.
TOUCHED_BY = (
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "gclid",
    "fbclid",
    "msclkid",
    "landing_page",
    "referrer",
)


class Touch(SQLModel, table=True):
    """Where one enquiry came from. A lead's first touch is that of its first enquiry which has one."""

    __table_args__ = (Index(None, "lead_id", "enquiry_id"),)

    enquiry_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    business_id: int = big()
    lead_id: int = big()
    utm_source: str = text()
    utm_medium: str = text()
    utm_campaign: str = text()
    utm_term: str = text()
    utm_content: str = text()
    gclid: str = text()
    fbclid: str = text()
    msclkid: str = text()
    landing_page: str = text()
    referrer: str = text()
    created_at: datetime = moment(now=True)


class Consent(SQLModel, table=True):
    """What a person agreed to, in the words that were shown. Rows are only ever added.

    `token` is in the link of the mail that asks to confirm; `confirmed_at` is when the link was used.
    """

    id: int = key()
    business_id: int = big()
    form_id: int = big()
    lead_id: int = big(index=True)
    enquiry_id: int = big(unique=True)
    wording: str = text(None)
    address_hash: str = text()
    token: str | None = text(None, nullable=True, unique=True)
    given_at: datetime = moment(now=True)
    confirmed_at: Moment = moment()
