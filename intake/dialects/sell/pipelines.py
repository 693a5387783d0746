"""/v2/pipelines and /v2/stages: how far a deal has come; lists only."""

from intake.dialects.sell.attributes import BORN, ID, read_only
from intake.dialects.sell.query import by_flag, by_ids, by_number, by_text
from intake.dialects.sell.resource import Resource
from models.operations.records.deals import PIPELINES, STAGES, list_pipelines

pipelines = Resource(
    type="pipeline",
    path="/pipelines",
    kind=PIPELINES,
    attributes=(ID, read_only("name"), read_only("disabled"), *BORN),
    filters=(by_ids(), *by_text("name")),
    sorts=frozenset({"id", "name", "created_at", "updated_at"}),
    verbs=frozenset({"list"}),
    lists=list_pipelines,
)
stages = Resource(
    type="stage",
    path="/stages",
    kind=STAGES,
    attributes=(
        ID,
        *(
            read_only(name)
            for name in ("name", "category", "position", "likelihood", "active", "pipeline_id")
        ),
        *BORN,
    ),
    filters=(by_ids(), *by_number("pipeline_id"), *by_flag("active"), *by_text("name")),
    sorts=frozenset({"id", "name", "position", "category", "created_at", "updated_at"}),
    verbs=frozenset({"list"}),
    lists=list_pipelines,
)
