"""Where a visitor came from: campaign, advertisement, landing page and referrer, as far as is told."""

from urllib.parse import SplitResult, parse_qsl, urlsplit

from intake.forms.inputs import URL
from intake.forms.post import Post
from models.settings import settings
from models.touch import TOUCHED_BY

PAGES = ("landing_page", "referrer")
MOST_PARAMETERS = 100


def touch_of(post: Post, referrer: str) -> dict[str, str]:
    """What the hidden inputs say, and where they are silent the address of the page that sent the post."""
    said = {name: value[:URL] for name in TOUCHED_BY if (value := post[name])}
    if not said and not referrer:
        return {}
    said |= {name: web_page(said[name]) for name in PAGES if name in said}
    if "referrer" not in said and "landing_page" not in said:
        said["landing_page"] = referrer
    queried = tagged(said.get("landing_page", ""))
    return {name: value for name in TOUCHED_BY if (value := said.get(name) or queried.get(name, ""))}


def tagged(address: str) -> dict[str, str]:
    """The campaign's and the advertisement's names in the address of a page."""
    if "?" not in address:
        return {}
    try:
        pairs = parse_qsl(urlsplit(address).query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return {}
    return {name: value[:URL] for name, value in pairs if name in TOUCHED_BY and name not in PAGES}


def web_page(address: str) -> str:
    """An address that a person may safely be shown as a link; empty for any other, and for our own pages."""
    if not address:
        return ""
    try:
        parts = urlsplit(address.strip())
        ours = urlsplit(settings().public_url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or is_ours(parts, ours):
        return ""
    return address.strip()[:URL].replace("\0", "") if address.isprintable() else ""


def is_ours(parts: SplitResult, ours: SplitResult) -> bool:
    """A page of forms: the rest of our host may be the site that the visitor came to."""
    return parts.netloc == ours.netloc and parts.path.startswith(f"{ours.path.rstrip('/')}/f/")
