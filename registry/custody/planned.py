"""Making of a sample what its plan foresees, and saying why the rest was not made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from registry import audit
from registry.access import Permission
from registry.custody import recording
from registry.custody.aliquoting import Child, aliquot
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.participants.terms import queries as terms
from registry.participants.terms.kinds import Chosen
from registry.persistence import registry_session, transactional
from registry.samples.models import Sample
from registry.samples.plans import queries as plans
from registry.samples.plans.models import PlannedChild, PlannedSample, PlanShortfall
from registry.samples.plans.queries import Progress
from registry.vocab.audit import AuditTag
from registry.vocab.labels import label
from registry.vocab.plans import Shortfall
from registry.vocab.samples import ContainerType
from registry.vocab.terms import Vocabulary


@dataclass(frozen=True)
class Made:
    """What was made by one line of the plan; fewer than planned needs a reason."""

    planned_id: int
    count: int
    volume: Decimal
    container_type: ContainerType
    shortfall: Shortfall | None = None
    #: The term of the place that refines it.
    term: str | None = None
    #: The code of the term of the place that refines the container.
    container_term: str | None = None


@transactional
def make(
    actor: Actor,
    parent_code: str,
    lines: Sequence[Made],
    *,
    at: datetime,
    codes: Sequence[str] = (),
    loss: Decimal = Decimal(0),
    client_key: str | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Fill from a sample what its plan foresees, all lines or none.

    `codes` are the labels of the tubes in the order of the lines; without any
    each gets one of ours.  `loss` is what was lost while working.  Asked again
    with the same `client_key`, it gives the same children and does nothing.

    :raises NotFound: there is no such sample at the actor's sites, or its plan
        has no such line.
    :raises InvalidInput: a line makes less than planned and says not why, or
        there are more or fewer labels than tubes.
    :raises RuleBroken: as `aliquot` does.
    """
    # What is missing is reckoned while nobody else divides the tube.
    parent = recording.lock_holding(actor, parent_code, Permission.SAMPLE_ALIQUOT).sample
    foreseen = {one.line.id: one for one in plans.progress(actor, [parent.id]).get(parent.id, ())}
    if not lines or any(made.planned_id not in foreseen for made in lines):
        raise NotFound(T("The plan has changed. Open the page again."))
    if codes and len(codes) != sum(made.count for made in lines):
        raise InvalidInput(
            T(
                "{scanned} labels were scanned for {count} tubes.",
                scanned=len(codes),
                count=sum(made.count for made in lines),
            ),
            field="children",
        )
    # Once, with the last tubes that are filled.
    losing = [made.planned_id for made in lines if made.count][-1:]
    if loss and not losing:
        raise InvalidInput(T("Nothing is filled, so nothing is lost in it."), field="loss")
    work = _Work(actor, parent, at, iter(codes), client_key, comment)
    children: list[Sample] = []
    for made in lines:
        lost = loss if [made.planned_id] == losing else Decimal(0)
        filled = _fill(work, made, foreseen[made.planned_id], lost) if made.count else ()
        if not _is_noted(filled):
            _note(work, made, foreseen[made.planned_id], filled)
        children += filled
    return children


@dataclass(frozen=True)
class _Work:
    """What the lines filled at once have in common."""

    actor: Actor
    parent: Sample
    at: datetime
    labels: Iterator[str]
    client_key: str | None
    comment: str | None

    def key(self, planned_id: int) -> str | None:
        """Of the request, the part that is one line's."""
        if self.client_key is None:
            return None
        return str(uuid5(NAMESPACE_OID, f"{self.client_key}:{planned_id}"))


def _fill(work: _Work, made: Made, foreseen: Progress, loss: Decimal) -> Sequence[Sample]:
    return aliquot(
        work.actor,
        work.parent.code,
        children=[Child(made.volume, next(work.labels, None)) for _ in range(made.count)],
        sample_type=foreseen.line.sample_type,
        container_type=made.container_type,
        at=work.at,
        client_key=work.key(made.planned_id),
        loss=loss,
        unit=work.parent.unit,
        comment=work.comment,
        type_term=foreseen.line.type_term,
        container_term=_container(made, foreseen.line),
    )


def _container(made: Made, line: PlannedSample) -> Chosen | None:
    """The term of the container: the plan's own, though it be retired since, or one offered now."""
    planned = line.container_term
    return planned if planned and planned["code"] == made.container_term else made.container_term


def _is_noted(filled: Sequence[Sample]) -> bool:
    """Whether these were made by the same request when it came before."""
    return bool(filled) and registry_session.get(PlannedChild, filled[0].id) is not None


def _note(work: _Work, made: Made, foreseen: Progress, filled: Sequence[Sample]) -> None:
    """Keep which line the children come from, and why there are not more.

    :raises InvalidInput: there are fewer than planned, and no reason.
    """
    registry_session.add_all(
        PlannedChild(sample_id=child.id, planned_id=made.planned_id) for child in filled
    )
    missing = foreseen.left - made.count
    if missing > 0:
        if made.shortfall is None:
            raise InvalidInput(
                T(
                    "{kind}: {left} are planned and {count} made. Say why.",
                    kind=label(foreseen.line.sample_type),
                    left=foreseen.left,
                    count=made.count,
                ),
                field="lines",
            )
        registry_session.merge(
            PlanShortfall(
                parent_id=work.parent.id,
                planned_id=made.planned_id,
                reason=made.shortfall,
                term=terms.kept_alone(
                    Vocabulary.SHORTFALL, made.shortfall, made.term, field="lines"
                ),
                recorded_at=clock.now(),
            )
        )
        audit.record(
            work.actor,
            AuditTag.SAMPLE_PLAN_SHORT,
            work.parent,
            planned=made.planned_id,
            missing=missing,
            why=made.shortfall,
        )
    registry_session.flush()
