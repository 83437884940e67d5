"""Working out standings, in portions, by the one decision's own facts."""

from collections.abc import Callable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection, orm
from sqlalchemy.dialects import postgresql, sqlite

from registry.access import Permission, require
from registry.accounts.connections import writing
from registry.consents.decision import facts as known
from registry.consents.standing import written
from registry.consents.standing.likeness import likeness
from registry.consents.standing.models import ConsentProfile, ConsentStanding
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant, ParticipantHistory
from registry.persistence import registry_session
from registry.vocab import limits

#: A form that changes has to wait too: it makes the standings of all its signers be forgotten.
_NOBODY_CHANGES_FORMS = sa.DDL("LOCK TABLE consent_standing IN ROW EXCLUSIVE MODE")  # type: ignore[no-untyped-call]

Progress = Callable[[int, int | None], None]


def refresh(
    actor: Actor,
    *,
    progress: Progress = lambda _done, _total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Work out the standings that are missing or past; how many there were.

    What goes wrong leaves the rest missing: whoever has no standing is asked about live.
    """
    require(actor, Permission.CONSENT_STANDING)
    today = clock.today()
    done = after = 0
    while not should_stop():
        ids = _missing(today, after)
        if not ids:
            break
        with writing() as connection:
            _hold(connection, ids)
            # A snapshot from before the others were made to wait could lack what they wrote.
            registry_session.rollback()
            _write(connection, ids, today)
        after, done = ids[-1], done + len(ids)
        progress(done, None)
    return done


def _missing(today: date, after: int) -> Sequence[int]:
    """The next participants without a standing of today; who was ever merged has none."""
    registry_session.rollback()
    alias = orm.aliased(ParticipantHistory)
    merged = sa.or_(alias.participant_id == Participant.id, alias.merged_into_id == Participant.id)
    return registry_session.scalars(
        sa.select(Participant.id)
        .outerjoin(
            ConsentStanding,
            sa.and_(
                ConsentStanding.participant_id == Participant.id,
                ConsentStanding.from_on <= today,
                ConsentStanding.until_on >= today,
            ),
        )
        .where(
            Participant.id > after,
            ConsentStanding.participant_id.is_(None),
            ~sa.exists().where(alias.merged_into_id.is_not(None), merged),
        )
        .order_by(Participant.id)
        .limit(limits.STANDINGS_AT_ONCE)
    ).all()


def _hold(connection: Connection, ids: Sequence[int]) -> None:
    """Make every fact that arrives about these wait until their standings are written.

    SQLite has one writer, which is this one.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_NOBODY_CHANGES_FORMS)
        connection.execute(
            sa.select(Participant.id)
            .where(Participant.id.in_(ids))
            .order_by(Participant.id)
            .with_for_update()
        )


def _write(connection: Connection, ids: Sequence[int], today: date) -> None:
    found = {one: likeness(facts, today) for one, facts in known.load(ids).items()}
    # Few differ: each is written once.
    kept = {(like.facts, like.on): written.content(like) for like in found.values()}
    digests = {alike: written.digest(content) for alike, content in kept.items()}
    profiles = _profiles(connection, {digests[alike]: kept[alike] for alike in kept})
    connection.execute(
        sa.delete(ConsentStanding).where(ConsentStanding.participant_id.in_(list(ids)))
    )
    connection.execute(
        sa.insert(ConsentStanding),
        [
            {
                "participant_id": one,
                "profile_id": profiles[digests[found[one].facts, found[one].on]],
                "from_on": found[one].from_on,
                "until_on": found[one].until_on,
            }
            for one in ids
        ],
    )


def _profiles(connection: Connection, wanted: dict[str, dict[str, object]]) -> dict[str, int]:
    """The id of each profile, of those made now as well."""
    known_ones = sa.select(ConsentProfile.digest, ConsentProfile.id).where(
        ConsentProfile.digest.in_(list(wanted))
    )
    there = {row.digest: row.id for row in connection.execute(known_ones)}
    missing = [one for one in wanted if one not in there]
    if missing:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(
            insert(ConsentProfile).on_conflict_do_nothing(index_elements=["digest"]),
            [{"digest": one, "content": wanted[one]} for one in sorted(missing)],
        )
        there = {row.digest: row.id for row in connection.execute(known_ones)}
    return there
