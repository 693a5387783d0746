"""Users, labels, tags, pipelines and stages: those that a business has by name already are the same ones."""

from collections.abc import Sequence

from sqlalchemy import tuple_
from sqlmodel import col, select

from models.business import OWNER_FIRST, Business, User
from models.database import now
from models.deal import Pipeline, Stage
from models.imported import Imported
from models.label import Label, LabelKind, Tag
from models.operations.imports.kind import Batch, ImportKind, Row
from models.operations.staff import USERNAME

OURS = """
    business_id = %(business)s AND NOT EXISTS (
        SELECT FROM imported i
        WHERE i.business_id = %(business)s AND i.kind = %(kind)s AND i.record_id = {pipeline}
    )
"""
UNUSED_STAGES = f"""
    DELETE FROM stage s WHERE {OURS.format(pipeline="s.pipeline_id")} AND NOT EXISTS (
        SELECT FROM deal d JOIN stage o ON o.id = d.stage_id
        WHERE d.business_id = %(business)s AND o.pipeline_id = s.pipeline_id
    )
"""  # noqa: S608 - words of our own
EMPTY_PIPELINES = f"""
    DELETE FROM pipeline p WHERE {OURS.format(pipeline="p.id")}
        AND NOT EXISTS (SELECT FROM stage s WHERE s.pipeline_id = p.id)
"""  # noqa: S608
CREATOR = {"creator_id": ("users",)}
NAME = frozenset({"name"})


def name_user(batch: Batch, row: Row) -> None:
    """A user of there is known by the address, and cannot log in until given a password or a token."""
    row["username"] = username_of(row, row["id"])
    # Here, users stand in the order in which they came, the owner first.
    row["created_at"] = now(batch.session)


def username_of(row: Row, number: int) -> str:
    name = str(row.get("email") or "").lower()
    return name if USERNAME.fullmatch(name) else f"user-{number}"


def users_here(batch: Batch, rows: Sequence[Row]) -> dict[int, int]:
    names = {username_of(row, row["id"]): row["id"] for row in reversed(rows)}
    query = select(User.username, User.id).where(
        User.business_id == batch.business.id, col(User.username).in_(names)
    )
    return {names[username]: number for username, number in batch.session.exec(query)}


def labels_here(batch: Batch, rows: Sequence[Row]) -> dict[int, int]:
    """By name; a source of the list of all is the one with its id and its name in a list of its own."""
    kind = batch.kind.fixed["kind"]
    names = {row["name"]: row["id"] for row in reversed(rows)}
    mine = (Label.business_id == batch.business.id, col(Label.name).in_(names))
    same = dict(batch.session.exec(select(Label.name, Label.id).where(*mine, Label.kind == kind)).all())
    if kind != LabelKind.SOURCE:
        return {names[name]: number for name, number in same.items()}
    notes = select(Imported.foreign_id, Label.name, Label.id).where(
        *mine,
        Imported.business_id == batch.business.id,
        Imported.record_id == Label.id,
        col(Imported.kind).in_([one.name for one in LABELS]),
        col(Imported.foreign_id).in_(names.values()),
    )
    twins = {number: ours for number, name, ours in batch.session.exec(notes) if names[name] == number}
    return twins | {names[name]: number for name, number in same.items()}


def tags_here(batch: Batch, rows: Sequence[Row]) -> dict[int, int]:
    names = {(row["resource_type"], row["name"]): row["id"] for row in reversed(rows)}
    query = select(Tag.resource_type, Tag.name, Tag.id).where(
        Tag.business_id == batch.business.id,
        tuple_(col(Tag.resource_type), col(Tag.name)).in_(list(names)),
    )
    return {names[of, name]: number for of, name, number in batch.session.exec(query)}


def make_way(batch: Batch, _: Sequence[Row]) -> None:
    """The pipeline that a business is given by itself goes, unless it is used."""
    business = batch.business.id
    # Whoever would make one holds the business's row.
    batch.session.exec(select(Business.id).where(Business.id == business).with_for_update(key_share=True))
    for sql in (UNUSED_STAGES, EMPTY_PIPELINES):
        batch.session.connection().exec_driver_sql(sql, {"business": business, "kind": PIPELINES.name})


def let_go(batch: Batch, row: Row, stands: Row) -> Row:
    """Who left there since is let in here no more; of all else, a user is what was made of it here.

    Only of users who came along, and never of the first: a business is not shut out of its own.
    """
    owner = batch.session.exec(
        select(User.id).where(User.business_id == batch.business.id).order_by(*OWNER_FIRST)
    ).first()
    came_along = stands["id"] == row["id"] and stands["id"] != owner
    return {"active": False} if came_along and not row.get("active", True) else {}


def label_kind(name: str, kind: LabelKind) -> ImportKind:
    return ImportKind(
        name=name,
        table=Label,
        fixed={"kind": kind.value},
        references=CREATOR,
        required=NAME,
        is_here=labels_here,
    )


USERS = ImportKind(name="users", table=User, is_here=users_here, begin=name_user, follow=let_go)
# Those that say which records they are for come before those that do not.
LABELS = tuple(
    label_kind(f"{kind}s", kind)
    for kind in (
        LabelKind.LEAD_SOURCE,
        LabelKind.DEAL_SOURCE,
        LabelKind.SOURCE,
        LabelKind.LOSS_REASON,
        LabelKind.LEAD_UNQUALIFIED_REASON,
        LabelKind.DEAL_UNQUALIFIED_REASON,
    )
)
TAGS = ImportKind(
    name="tags", table=Tag, references=CREATOR, required=NAME | {"resource_type"}, is_here=tags_here
)
PIPELINES = ImportKind(name="pipelines", table=Pipeline, before=make_way)
STAGES = ImportKind(
    name="stages",
    table=Stage,
    references={"pipeline_id": ("pipelines",)},
    required=NAME | {"pipeline_id"},
    before=make_way,
)
