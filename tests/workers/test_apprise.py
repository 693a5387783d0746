"""Further channels by URL: one real plug-in of Apprise, against a server on the loopback."""

import logging

import pytest

from tests.support.hook import hook
from workers.channels import apprise
from workers.channels.error import ChannelError

# Apprise's e-mail plug-in loads a module that Python 3.13 has no more.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def test_it_works() -> None:
    with hook() as (url, taken):
        answer = apprise.send(url, "New enquiry", "Kitchen & bath\n{{ 7*7 }} <b>", lambda: None)

    assert (taken[0]["title"], taken[0]["message"]) == ("New enquiry", "Kitchen & bath\n{{ 7*7 }} <b>")
    assert answer == "JSON"


def test_it_lets_the_caller_commit_first() -> None:
    with hook() as (url, taken):
        seen: list[int] = []
        apprise.send(url, "Title", "Body", lambda: seen.append(len(taken)))

    assert seen == [0]


def test_it_tries_again_what_was_not_taken(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), hook(500) as (url, _), pytest.raises(ChannelError) as caught:
        apprise.send(url, "Title", "Sentinel text", lambda: None)

    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert "hook-secret" not in f"{caught.value}{caplog.text}"
    assert "Sentinel text" not in caplog.text


@pytest.mark.parametrize("url", ["", "nonsense", "no-such-scheme://x", "slack://", "syslog://", "SYSLOG://x"])
def test_it_gives_up_a_url_that_is_of_no_use(url: str) -> None:
    commits: list[int] = []
    with pytest.raises(ChannelError) as caught:
        apprise.send(url, "Title", "Body", lambda: commits.append(1))

    assert (caught.value.permanent, commits) == (True, [])
