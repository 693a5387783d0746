"""What a post is answered with: JSON for a script, a page or a redirect for a browser."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from litestar import MediaType, Response
from litestar.datastructures import Headers

from intake.forms.book import OpenForm
from intake.forms.origin import cors
from intake.forms.pages import address_of, form_page, say, sayer_of
from intake.forms.post import Post
from intake.forms.seals import Shown, show
from intake.forms.words import words_in

Answer = Response[Any]

SEE_OTHER, UNPROCESSABLE = 303, 422
A_MINUTE, A_MOMENT = "60", "2"


class Answers:
    """Answers one caller in the way that it asked for."""

    def __init__(self, open_form: OpenForm, headers: Headers) -> None:
        self._open = open_form
        self.is_script = wants_json(headers)
        self._cors = cors(open_form.form, headers)

    def thanks(self) -> Answer:
        """The same for everybody: for who is new, known, suspect, or has sent it twice."""
        if self.is_script:
            return self._json({"status": "ok"})
        return self._away(self._open.form.success_url or f"{address_of(self._open)}/thanks")

    def faults(self, post: Post, faults: Mapping[str, str]) -> Answer:
        form = self._open.form
        if self.is_script:
            words = words_in(form.language)
            told = {name: [words[fault]] for name, fault in faults.items()}
            return self._json({"errors": told}, UNPROCESSABLE)
        if form.error_url:
            # Which inputs, and nothing of what was typed: addresses of pages are logged everywhere.
            names = [one["name"] for one in form.fields if one["name"] in faults]
            return self._away(with_query(form.error_url, {"errors": ",".join(names)}))
        # The first page's time is kept, or its absence: who mends a mistake is not too fast.
        shown = Shown(post["_id"] or show(form).id, post["_token"])
        return form_page(self._open, post, shown, faults, status=UNPROCESSABLE, headers=self._cors)

    def sentence(self, word: str, status: int, retry_after: str = "") -> Answer:
        """A refusal in one sentence, in words of `intake.forms.words`."""
        if self.is_script:
            answer: Answer = self._json({"error": words_in(self._open.form.language)[word]}, status)
        else:
            answer = say(sayer_of(self._open), word, status=status)
        if retry_after:
            answer.headers["Retry-After"] = retry_after
        return answer

    def _json(self, content: dict[str, Any], status: int = 200) -> Answer:
        headers = self._cors | {"Cache-Control": "no-store"}
        return Response(content, status_code=status, headers=headers)

    def _away(self, address: str) -> Answer:
        headers = self._cors | {"Location": address, "Cache-Control": "no-store"}
        return Response("", status_code=SEE_OTHER, media_type=MediaType.TEXT, headers=headers)


def wants_json(headers: Headers) -> bool:
    """Whether a script asks: by its Accept header, or by sending JSON."""
    accept = headers.get("accept", "").lower()
    sends_json = "json" in headers.get("content-type", "").partition(";")[0].lower()
    return "text/html" not in accept and ("json" in accept or sends_json)


def with_query(address: str, more: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    return urlunsplit(parts._replace(query=query))
