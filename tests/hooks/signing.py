"""How each sender signs: over the very bytes that it sends."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime

from standardwebhooks import Webhook

SECRET = "a-secret-of-the-sender"
WHSEC = "whsec_" + base64.b64encode(b"twenty-four-random-bytes").decode()
OTHER_WHSEC = "whsec_" + base64.b64encode(b"another-secret-of-others").decode()
JSON = "application/json"

Headers = dict[str, str]
Sign = Callable[[str, bytes, float, str], Headers]


def hexed(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def based(secret: str, signed: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def typeform(secret: str, body: bytes, _: float, __: str) -> Headers:
    return {"Typeform-Signature": f"sha256={based(secret, body)}"}


def meta(secret: str, body: bytes, _: float, __: str) -> Headers:
    return {"X-Hub-Signature-256": f"sha256={hexed(secret, body)}"}


def webflow(secret: str, body: bytes, now: float, _: str) -> Headers:
    stamp = str(int(now * 1000))
    return {"x-webflow-timestamp": stamp, "x-webflow-signature": hexed(secret, f"{stamp}:".encode() + body)}


def calendly(secret: str, body: bytes, now: float, _: str) -> Headers:
    stamp = str(int(now))
    return {"Calendly-Webhook-Signature": f"t={stamp},v1={hexed(secret, f'{stamp}.'.encode() + body)}"}


def linkedin(secret: str, body: bytes, _: float, __: str) -> Headers:
    return {"X-LI-Signature": hexed(secret, b"hmacsha256=" + body)}


def hubspot(secret: str, body: bytes, now: float, url: str) -> Headers:
    stamp = str(int(now * 1000))
    signed = f"POST{url}".encode() + body + stamp.encode()
    return {"X-HubSpot-Request-Timestamp": stamp, "X-HubSpot-Signature-v3": based(secret, signed)}


def standard(secret: str, body: bytes, now: float, _: str, number: str = "msg_1") -> Headers:
    signature = Webhook(secret).sign(number, datetime.fromtimestamp(int(now), UTC), body.decode())
    return {"webhook-id": number, "webhook-timestamp": str(int(now)), "webhook-signature": signature}


def basic(secret: str, _: bytes, __: float, ___: str) -> Headers:
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def bearer(secret: str, _: bytes, __: float, ___: str) -> Headers:
    return {"Authorization": f"Bearer {secret}"}


def nothing(_: str, __: bytes, ___: float, ____: str) -> Headers:
    return {}
