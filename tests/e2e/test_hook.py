"""A signed Typeform sample becomes the right lead and its messages, without one line of code."""

import json

from tests.e2e.stage import Stage
from tests.hooks.senders import TYPEFORM
from tests.hooks.signing import SECRET, typeform
from tests.support.local import local


def test_it_works(stage: Stage) -> None:
    stage.relay()
    stage.worker()
    stage.web()
    business = stage.query("SELECT uid, email FROM business")[0]
    wanted = ("--business", business[0], "--name", "typeform", "--preset", "typeform", "--secret", SECRET)
    made = stage.command("source", "create", *wanted, "--notifications", "auto-reply,email,sms")
    assert (made.returncode, made.stderr) == (0, "")
    body = json.dumps(TYPEFORM).encode()
    url = f"{stage.url}/hooks/{made.stdout.strip()}"
    for _ in range(2):
        answer = local.post(url, content=body, headers=typeform(SECRET, body, 0, ""))
        assert answer.status_code == 200
    assert local.post(url, content=body + b" ", headers=typeform(SECRET, body, 0, "")).status_code == 401
    stage.wait_done()
    leads = stage.query("SELECT first_name, last_name, email, phone_e164, source FROM lead")
    assert leads == [("Ada", "Lovelace", "ada@example.org", "+14155550123", "Typeform")]
    assert {mail.recipients for mail in stage.smtp.mails} == {("ada@example.org",), (business[1],)}
    assert (len(stage.smtp.mails), len(stage.sms.asked)) == (2, 1)
    books = stage.reconcile()
    assert (books["received"], books["promised"], books["jobs"]) == (1, 3, {"done": 4})
    logs = "".join(part.log.read_text() for part in stage.parts.values())
    assert not [word for word in (SECRET, "ada@example.org", "Lovelace", made.stdout.strip()) if word in logs]
