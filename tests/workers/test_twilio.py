"""Text messages, against a Messages API that answers everything but what it should."""

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.support.sms_server import CLOSE, HANG, SENDER, SID, TOKEN, Answer, SmsServer
from workers.channels.error import ChannelError, asked_wait
from workers.channels.twilio import TextMessenger

TO = "+14155550100"


def nothing() -> None:
    pass


def messenger(server: SmsServer, seconds: float = 20.0) -> TextMessenger:
    return TextMessenger(server.url, connect_timeout=5.0, command_timeout=seconds)


def failure(answer: Answer | str, seconds: float = 20.0) -> ChannelError:
    with SmsServer([answer]) as server, messenger(server, seconds) as channel:
        with pytest.raises(ChannelError) as caught:
            channel.send(TO, "Hello", nothing)
        assert len(server.asked) == 1
    return caught.value


def kind(exc: ChannelError) -> str:
    if exc.unknown:
        return "unknown"
    return "permanent" if exc.permanent else "temporary"


def test_it_works() -> None:
    with SmsServer() as server, messenger(server) as channel:
        sid = channel.send(TO, "Grüße & more: 1+1=2 €", nothing)

    (asked,) = server.asked
    assert sid == f"SM{1:032x}"
    assert (asked.path, asked.user) == (f"/2010-04-01/Accounts/{SID}/Messages.json", f"{SID}:{TOKEN}")
    assert asked.form == {"To": TO, "From": SENDER, "Body": "Grüße & more: 1+1=2 €"}


def test_it_keeps_one_connection_for_many_messages() -> None:
    with SmsServer() as server, messenger(server) as channel:
        for _ in range(5):
            channel.send(TO, "Hello", nothing)

    assert (server.connections, len(server.asked)) == (1, 5)


def test_it_lets_the_caller_commit_before_anything_is_written() -> None:
    seen: list[tuple[int, int]] = []
    with SmsServer() as server, messenger(server) as channel:
        for _ in range(2):
            channel.send(TO, "Hello", lambda: seen.append((server.connections, len(server.asked))))

    assert [asked for _, asked in seen] == [0, 1]


@pytest.mark.parametrize("fault", [RuntimeError("commit failed"), ChannelError("ours", permanent=False)])
def test_it_sends_nothing_when_the_caller_could_not_commit(fault: Exception) -> None:
    def fail() -> None:
        raise fault

    with SmsServer() as server, messenger(server) as channel:
        with pytest.raises(type(fault)):
            channel.send(TO, "Hello", fail)
        channel.send(TO, "Second", nothing)

    assert [asked.form["Body"] for asked in server.asked] == ["Second"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(400, {"code": 21211, "message": "Invalid"}), "permanent"),
        (Answer(403, {"code": 20003}), "permanent"),
        (Answer(404, raw=b"<html>"), "permanent"),
        (Answer(307, headers={"Location": "http://127.0.0.1:1/"}), "permanent"),
        (Answer(302, headers={"Location": "/again"}), "permanent"),
        (Answer(401, {"code": 20003, "message": "Authenticate"}), "temporary"),
        (Answer(408), "temporary"),
        (Answer(429, {"code": 20429}), "temporary"),
        (Answer(500, raw=b"oops"), "temporary"),
        (Answer(502, raw=b"<html>Bad gateway</html>"), "temporary"),
        (Answer(503), "temporary"),
        (Answer(200, raw=b"<html>Welcome</html>"), "unknown"),
        (Answer(200, None), "unknown"),
        (Answer(201, {"sid": None}), "unknown"),
        (Answer(201, {"sid": 7}), "unknown"),
        (Answer(200, ["SM1"]), "unknown"),
        (Answer(200, raw=b"\xff\xfe"), "unknown"),
        (Answer(200, raw=b"[" * 60_000), "unknown"),
        (Answer(201, {"sid": "SM1", "filler": "x" * 10_000_000}), "unknown"),
        (Answer(202, {"sid": "SM1"}), "unknown"),
        (CLOSE, "unknown"),
    ],
)
def test_it_reads_every_answer(answer: Answer | str, outcome: str) -> None:
    assert kind(failure(answer)) == outcome


def test_it_does_not_know_what_became_of_a_message_that_was_not_answered() -> None:
    assert kind(failure(HANG, seconds=1.0)) == "unknown"


def test_it_takes_an_older_200_for_sent() -> None:
    with SmsServer([Answer(200, {"sid": "SM9"})]) as server, messenger(server) as channel:
        assert channel.send(TO, "Hello", nothing) == "SM9"


def test_it_follows_no_redirect() -> None:
    with SmsServer() as other:
        failure(Answer(307, headers={"Location": f"http://127.0.0.1:{other.port}/"}))

    assert other.asked == []


def test_it_knows_an_opt_out() -> None:
    answer = {"code": 21610, "message": f"Attempt to send to unsubscribed recipient {TO}"}

    exc = failure(Answer(400, answer))

    assert (exc.permanent, exc.suppress, exc.code) == (True, True, "21610")
    assert exc.message == "Attempt to send to unsubscribed recipient <redacted>"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("7200", 3600.0),
        ("9" * 400, 3600.0),
        ("-5", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
    ],
)
def test_it_waits_as_it_is_told_up_to_an_hour(header: str, seconds: float | None) -> None:
    assert failure(Answer(429, headers={"Retry-After": header})).retry_after == seconds


def test_it_understands_a_date_to_wait_for() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True)

    wait = failure(Answer(503, headers={"Retry-After": later})).retry_after

    assert wait is not None
    assert 1200 < wait <= 1800


def test_it_does_not_wait_for_a_date_that_is_past() -> None:
    assert failure(Answer(429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})).retry_after == 0.0


def test_it_knows_that_nothing_was_sent_where_nobody_listens() -> None:
    commits: list[int] = []
    with SmsServer() as server:
        pass

    with messenger(server) as channel, pytest.raises(ChannelError) as caught:
        channel.send(TO, "Hello", lambda: commits.append(1))

    assert (kind(caught.value), commits) == ("temporary", [])


def test_it_knows_that_nothing_was_sent_where_no_connection_stands() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        url = f"twilio://AC1:t@127.0.0.1:{full.getsockname()[1]}/{SENDER}?scheme=http"
        started = time.monotonic()
        with TextMessenger(url, 0.5, 20.0) as channel, pytest.raises(ChannelError) as caught:
            channel.send(TO, "Hello", nothing)
        for filler in fillers:
            filler.close()

    assert kind(caught.value) == "temporary"
    assert time.monotonic() - started < 15


def test_it_sends_in_the_name_of_a_messaging_service() -> None:
    service = "MG" + "0" * 32
    with SmsServer() as server:
        url = f"twilio://{SID}:{TOKEN}@127.0.0.1:{server.port}/{service}?scheme=http"
        with TextMessenger(url, 5.0, 20.0) as channel:
            channel.send(TO, "Hello", nothing)

    assert server.asked[0].form == {"To": TO, "MessagingServiceSid": service, "Body": "Hello"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "twilio://",
        "twilio://AC1@/+1",
        "twilio://AC1:t@/",
        "sns://AC1:t@/+1",
        "twilio://a%2Fb:t@/+1",
        "twilio://AC1:t@h/+1?scheme=ftp",
    ],
)
def test_it_refuses_a_url_of_another_kind(url: str) -> None:
    with pytest.raises(ValueError, match="SMS_URL"):
        TextMessenger(url, 5.0, 20.0)


@pytest.mark.parametrize("sent", ["Mon, 01 Jan 99999999999 00:00:00 GMT", "soon", "", "-1", "1.5"])
def test_it_takes_nonsense_for_no_wait(sent: str) -> None:
    assert asked_wait(sent) is None
