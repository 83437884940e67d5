"""One sample with its family: its page, and the chain of custody from the collection on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import accumulate

import sqlalchemy as sa
from sqlalchemy import orm

from registry.access import Permission, require
from registry.accounts.models import Site, User
from registry.custody import policies
from registry.custody.cells import kept_cell
from registry.custody.defined.definition import Definition
from registry.custody.defined.queries import definitions
from registry.custody.exposures import queries as exposures
from registry.custody.incidents import queries as incidents
from registry.custody.listing import lines, read
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.picking import reserving
from registry.custody.quarantine import queries as quarantine
from registry.custody.quarantine.policies import BARRED
from registry.custody.views import (
    ChainLine,
    Exposed,
    Kin,
    LedgerLine,
    Listed,
    OpenLoan,
    SamplePage,
)
from registry.kernel.actor import Actor
from registry.participants.terms import queries as terms
from registry.persistence import registry_session
from registry.samples import descent, queries as samples
from registry.samples.descent import DESCENT
from registry.samples.models import QuantityEntry, Sample
from registry.storage.models import Box
from registry.vocab.custody import HolderKind


def sample_page(actor: Actor, code: str) -> SamplePage:
    """Everything about one sample.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    sample = samples.get(actor, code)
    holding = registry_session.get_one(Holding, sample.id)
    parents = _parents(sample.id)
    children = registry_session.scalars(
        sa.select(DESCENT.c.child_id).where(DESCENT.c.parent_id == sample.id)
    )
    # By their numbers alone: an alternative of two columns can make a database read every sample.
    family = read(lines().where(Sample.id.in_([*parents, *children])).order_by(Sample.id))
    by_id = {line.id: line for line in family}
    barred = quarantine.barring(sample.id)
    reserved = reserving.reserved_among([sample.id]).get(sample.id)
    exposed = exposures.of_sample(sample.id)
    return SamplePage(
        sample=by_id[sample.id],
        participant_id=sample.participant_id,
        visit_id=sample.visit_id,
        recorded_at=sample.recorded_at,
        kin=_kin(sample.id, parents, by_id),
        children=[line for line in family if line.id not in parents],
        ledger=_ledger(sample.id),
        loan=_open_loan(holding),
        incidents=incidents.of_sample(sample.id),
        exposures=exposed,
        barred=barred,
        reserved=reserved,
        box_id=holding.box_id,
        cell=_cell(holding),
        allowed=policies.allowed_acts(holding.kind)
        - (BARRED if barred or reserved or _waits(exposed) else frozenset()),
    )


def _waits(exposed: Sequence[Exposed]) -> bool:
    return any(one.decision is None for one in exposed)


def _parents(sample_id: int) -> Mapping[int, Sequence[int]]:
    """The parents of the sample, and of all that it comes from."""
    found = descent.above([sample_id])
    rows = registry_session.execute(
        sa.select(found.c.child_id, found.c.id).order_by(found.c.child_id, found.c.seq)
    )
    return descent.parents((child_id, one) for child_id, one in rows)


def _kin(one: int, parents: Mapping[int, Sequence[int]], by_id: Mapping[int, Listed]) -> Kin:
    return Kin(by_id[one], [_kin(parent, parents, by_id) for parent in parents[one]])


def _steps_up(sample_id: int, parents: Mapping[int, Sequence[int]]) -> Mapping[int, int]:
    """How far up each one of the family is, by the longest way."""
    steps = {sample_id: 0}
    level = {sample_id}
    while level:
        level = {parent for one in level for parent in parents[one]}
        steps |= dict.fromkeys(level, max(steps.values()) + 1)
    return steps


def _ledger(sample_id: int) -> Sequence[LedgerLine]:
    rows = registry_session.execute(
        sa.select(
            QuantityEntry.recorded_at,
            QuantityEntry.delta,
            QuantityEntry.balance,
            QuantityEntry.reason,
            Sample.code,
        )
        .outerjoin(Sample, Sample.id == QuantityEntry.other_id)
        .where(QuantityEntry.sample_id == sample_id)
        .order_by(QuantityEntry.seq)
    )
    return [LedgerLine(*row) for row in rows]


def _open_loan(holding: Holding) -> OpenLoan | None:
    if holding.kind is not HolderKind.PERSON:
        return None
    loan, person, fields = registry_session.execute(
        sa.select(Loan, User.name, CustodyAct.fields)
        .join(User, User.id == Loan.person_id)
        .join(CustodyAct, CustodyAct.id == Loan.opened_by_act_id)
        .where(Loan.sample_id == holding.sample_id, Loan.closed_at.is_(None))
    ).one()
    # Where the cell is now: its box may have been moved meanwhile.
    kept = kept_cell(holding)
    return OpenLoan(
        id=loan.id,
        person_id=loan.person_id,
        person_name=person,
        reason=terms.in_words(loan.reason, fields),
        opened_at=loan.opened_at,
        home=None if kept is None else kept.place,
    )


def _cell(holding: Holding) -> str | None:
    if holding.box_id is None or holding.row is None or holding.col is None:
        return None
    return registry_session.get_one(Box, holding.box_id).grid.label(holding.row, holding.col)


def chain(actor: Actor, code: str) -> Sequence[ChainLine]:
    """Every act on the sample and on those it came from, from the collection on, in order.

    The acts of one sample keep the order in which they were recorded.

    :raises NotFound: there is no such sample at the actor's sites.
    :raises NotPermitted: the actor may not read chains of custody there.
    """
    sample = samples.get(actor, code)
    require(actor, Permission.CUSTODY_READ, sample)
    parents = _parents(sample.id)
    steps_up = _steps_up(sample.id, parents)
    by_sample: dict[int, list[_Link]] = defaultdict(list)
    rows = registry_session.execute(
        sa.select(CustodyAct, Sample.code, Site.name, User.name)
        .join(Sample, Sample.id == CustodyAct.sample_id)
        .join(Site, Site.id == CustodyAct.site_id)
        .outerjoin(User, User.id == CustodyAct.actor_id)
        .where(CustodyAct.sample_id.in_(parents))
        .order_by(CustodyAct.sample_id, CustodyAct.seq)
        .options(orm.raiseload("*"))
    )
    links = [_Link(act, code, site, person or act.actor_login) for act, code, site, person in rows]
    defined = definitions({link.act.definition_id for link in links})
    for link in links:
        link.definition = defined.get(link.act.definition_id)
        by_sample[link.act.sample_id].append(link)
    #: Which of their children in the family were taken from them.
    taken: dict[int, set[str]] = {one: set() for one in parents}
    for child_id, its_parents in parents.items():
        for parent in its_parents:
            taken[parent].add(by_sample[child_id][0].sample_code)
    keyed: list[tuple[tuple[datetime, int, int, int], ChainLine]] = []
    for sample_id in parents:
        links = by_sample[sample_id]
        # A time that was corrected backwards must not make an act overtake the one before it.
        times = accumulate((link.act.happened_at for link in links), max)
        shown = _lines(links, taken[sample_id])
        for time, link, line in zip(times, links, shown, strict=True):
            keyed.append(((time, -steps_up[sample_id], sample_id, link.act.seq), line))
    return [line for _key, line in sorted(keyed, key=lambda pair: pair[0])]


class _Link:
    """An act with the names that it refers to."""

    def __init__(self, act: CustodyAct, sample_code: str, site: str, person: str) -> None:
        self.act = act
        self.sample_code = sample_code
        self.site = site
        self.person = person
        self.definition: Definition | None = None


def _lines(links: Sequence[_Link], taken: Collection[str]) -> list[ChainLine]:
    """One sample's acts; `taken` are its children to which the chain leads, none for the sample."""
    acts = [link.act for link in links]
    seqs = {act.id: act.seq for act in acts}
    corrected_by = {act.corrects_id: act.seq for act in acts if act.corrects_id is not None}
    standing = [act for act in acts if act.corrects_id is None and act.id not in corrected_by]
    separations = [act.seq for act in acts if {*taken} & {*act.fields.get("children", ())}]
    separation = max(separations, default=len(acts))
    lines_: list[ChainLine] = []
    site_before: str | None = None
    for link in links:
        act = link.act
        lines_.append(
            ChainLine(
                act_id=act.id,
                sample_code=link.sample_code,
                seq=act.seq,
                is_inherited=bool(taken),
                is_after_separation=bool(taken) and act.seq > separation,
                kind=act.kind,
                happened_at=act.happened_at,
                recorded_at=act.recorded_at,
                actor=link.person,
                holder_before=act.holder_before,
                place_before=act.place_before,
                site_before=site_before,
                holder_after=act.holder_after,
                place=act.place,
                site=link.site,
                box_id=act.box_id,
                reason=act.reason,
                comment=act.comment,
                fields=act.fields,
                corrects_seq=None if act.corrects_id is None else seqs[act.corrects_id],
                corrected_by_seq=corrected_by.get(act.id),
                can_be_corrected=not taken and act is standing[-1] and policies.is_correctable(act),
                is_time_known=policies.TIME_UNKNOWN not in act.fields,
                definition=link.definition,
            )
        )
        site_before = link.site
    return lines_
