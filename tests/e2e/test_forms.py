"""A pasted form makes a lead and three messages; a probe goes the same way and reaches nobody."""

from tests.e2e.stage import Stage
from tests.forms.pages import Page
from tests.support.local import local


def test_it_works(stage: Stage) -> None:
    stage.relay()
    worker = stage.worker()
    stage.web()
    nickname = stage.query("SELECT nickname FROM business")[0][0]
    wanted = ("--business", nickname, "--name", "Contact us", "--notifications", "auto-reply,email,sms")
    key = stage.command("form", "create", *wanted, "--origin", "https://acme.example.org").stdout.strip()
    snippet = Page(local.get(f"{stage.url}/f/{key}/embed").text)
    action = next(given["action"] for tag, given in snippet.tags if tag == "form")
    typed = {"name": "Ada Lovelace", "email": "ada@example.org", "message": "Twenty chairs, please"}
    headers = {"Origin": "https://acme.example.org"}
    answer = local.post(str(action), data=snippet.filled | typed, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{key}/thanks")
    stage.wait_done()
    assert {mail.recipients[0] for mail in stage.smtp.mails} == {
        "ada@example.org",
        stage.query("SELECT email FROM business")[0][0],
    }
    assert len(stage.sms.asked) == 1

    probed = stage.command("probe", key)
    assert (probed.returncode, probed.stdout.count("ok: ")) == (0, 6), probed.stderr
    assert (len(stage.smtp.mails), len(stage.sms.asked)) == (2, 1)
    assert stage.reconcile()["agrees"]
    metrics = local.get(f"{stage.url}/metrics").text
    assert 'leads_accepted_total{door="form",verdict="created"} 1.0' in metrics

    worker.terminate()
    failed = stage.command("probe", key, "--timeout", "2")
    assert (failed.returncode, failed.stdout.count("ok: ")) == (1, 4)
    assert "messages claimed" in failed.stderr
