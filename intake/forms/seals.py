"""What a form signs: the time when its page was shown, a probe's pass, and hashes that tell no address."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from models.form import FormFacts

MAC_BYTES = 16
PASS_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """The hidden inputs of a page: its own random id, and the signed time when it was shown."""

    id: str
    token: str


def mac(form: FormFacts, purpose: str, text: str) -> str:
    """A signature of this form, for this purpose alone (keyed BLAKE2b, RFC 7693)."""
    message = f"{purpose}\n{form.uid}\n{text}".encode()
    return hashlib.blake2b(message, key=form.secret, digest_size=MAC_BYTES).hexdigest()


def show(form: FormFacts) -> Shown:
    page_id = secrets.token_urlsafe(12)
    # The clock of this machine: only a score hangs on it, and showing a page asks no database.
    issued = str(int(time.time()))
    return Shown(page_id, f"{issued}.{mac(form, 'shown', f'{issued} {page_id}')}")


def age_of(form: FormFacts, token: str, page_id: str) -> float | None:
    """Seconds since the page was shown; None where the token is no such token of this form and page."""
    issued, _, signature = token.partition(".")
    if not (issued.isascii() and issued.isdigit() and len(issued) < 15 and signature.isascii()):
        return None
    if not hmac.compare_digest(signature, mac(form, "shown", f"{issued} {page_id}")):
        return None
    return time.time() - int(issued)


def probe_pass(form: FormFacts) -> str:
    """What tells a probe's post from a visitor's, for five minutes."""
    made = f"{int(time.time())}-{secrets.token_urlsafe(9)}"
    return f"{made}.{mac(form, 'probe', made)}"


def is_probe(form: FormFacts, sent: str) -> bool:
    made, _, signature = sent.rpartition(".")
    issued = made.partition("-")[0]
    if not (signature.isascii() and made.isascii() and issued.isdigit() and len(issued) < 15):
        return False
    is_ours = hmac.compare_digest(signature, mac(form, "probe", made))
    return is_ours and abs(time.time() - int(issued)) <= PASS_SECONDS


def hash_of(form: FormFacts, purpose: str, text: str) -> str:
    """A hash of something personal that nobody can reverse by trying; empty for nothing."""
    return mac(form, purpose, text) if text else ""
