"""Pipelines: every business has one, made when it is first needed."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.business import Business
from models.deal import Pipeline, Stage, StageCategory

# Name, category and likelihood (percent), in order.
STAGES = (
    ("Incoming", StageCategory.INCOMING, 10),
    ("Qualified", StageCategory.IN_PROGRESS, 25),
    ("Quote", StageCategory.IN_PROGRESS, 50),
    ("Closure", StageCategory.IN_PROGRESS, 75),
    ("Won", StageCategory.WON, 100),
    ("Lost", StageCategory.LOST, 0),
    ("Unqualified", StageCategory.UNQUALIFIED, 0),
)


def stages_of(session: Session, business_id: int) -> Sequence[Stage]:
    """The stages of a business, pipeline by pipeline, in order; made where there are none."""
    query = select(Stage).where(Stage.business_id == business_id)
    query = query.order_by(col(Stage.pipeline_id), col(Stage.position))
    stages = session.exec(query).all()
    if stages:
        return stages
    # Whoever makes them holds the business's row, so that two callers do not make them twice.
    session.exec(select(Business).where(Business.id == business_id).with_for_update(key_share=True)).one()
    return session.exec(query).all() or made(session, business_id)


def made(session: Session, business_id: int) -> Sequence[Stage]:
    pipeline = Pipeline(business_id=business_id)
    session.add(pipeline)
    session.flush()
    stages = [
        Stage(
            business_id=business_id,
            pipeline_id=pipeline.id,
            name=name,
            category=category,
            position=position,
            likelihood=likelihood,
        )
        for position, (name, category, likelihood) in enumerate(STAGES, start=1)
    ]
    session.add_all(stages)
    session.flush()
    return stages


def default_stage(session: Session, business_id: int, category: StageCategory) -> Stage:
    """The first stage of a category; the first of all where a business has none of that category."""
    stages = stages_of(session, business_id)
    return next((stage for stage in stages if stage.category == category), stages[0])
