"""Notes on leads, by their owner and their assignee."""

from concurrent.futures import ThreadPoolExecutor

from tests.crm.conftest import Member


def note_ids(member: Member, slug: str) -> list[int]:
    return [note["id"] for note in member.get("/view/lead/", slug=slug)["notes"]]


def test_it_works(grace: Member) -> None:
    slug = grace.lead()
    for path, text in (("/leads/create/leadnote/", "Called"), ("/create/leadnote", "Called again")):
        assert grace.post(path, slug=slug, note=text) == {}
    viewed = grace.get("/view/lead/", slug=slug)
    assert [(note["note"], note["user"]) for note in viewed["notes"]] == [
        ("Called again", "grace"),
        ("Called", "grace"),
    ]
    assert [one["activity"] for one in viewed["recent_activities"]] == [
        "Note created (- -> Called again)",
        "Note created (- -> Called)",
    ]
    for path, note in zip(("/leads/delete/leadnote/", "/delete/leadnote"), viewed["notes"], strict=True):
        assert grace.post(path, note_id=str(note["id"])) == {}
    assert note_ids(grace, slug) == []


def test_it_lets_the_assignee_write(grace: Member, alan: Member) -> None:
    slug = grace.lead(assignee="alan")
    alan.post("/create/leadnote/", slug=slug, note="Mine now")
    grace.post("/create/leadnote/", slug=slug, note="Good")
    for note_id in note_ids(alan, slug):
        alan.post("/delete/leadnote/", note_id=str(note_id))
    assert note_ids(grace, slug) == []


def test_it_deletes_a_note_once(grace: Member) -> None:
    slug = grace.lead()
    grace.post("/create/leadnote/", slug=slug, note="Called")
    [note_id] = note_ids(grace, slug)
    fields = {"note_id": str(note_id)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: grace.ask("POST", "/delete/leadnote/", data=fields), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
