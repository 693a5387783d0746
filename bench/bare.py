"""The bare handler: Litestar parses the same form by itself and answers, and nothing else happens."""

from typing import Annotated

from litestar import Litestar, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@post("/leads")
async def echo(data: Form) -> dict[str, str]:
    return {"status": "OK", "uid": data["email"]}


def create_app() -> Litestar:
    return Litestar([echo], logging_config=None, openapi_config=None)
