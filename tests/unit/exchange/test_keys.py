"""A partner's key counts once two people stand for it, and never again once it is retired."""

import json
from base64 import b64encode

import pytest
import sqlalchemy as sa
from hypothesis import given, strategies as st

from registry.custody.exchange import fingerprints, keys, own
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments import partners
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import db, registry_session
from registry.vocab.exchange import KeyState
from tests.factories.exchange import make_key_file, make_known, make_public_key, make_second
from tests.factories.shipments import make_partner


def recorded(actors, **facts):
    return keys.record(actors.data_manager, make_partner(actors, **facts).id, make_key_file())


class TestOurOwn:
    def test_what_is_exported_is_what_a_partner_takes_in(self, app, actors):
        ours = own.key(actors.technician)
        said = json.loads(ours.file)
        assert said["public_key"] == ours.public_key
        assert said["installation"] == ours.installation != ""

    def test_it_is_not_taken_in_as_a_partners(self, app, actors):
        with pytest.raises(InvalidInput, match="itself"):
            keys.record(
                actors.data_manager, make_partner(actors).id, own.key(actors.technician).file
            )


class TestRecording:
    def test_a_recorded_key_does_not_count_yet(self, app, actors):
        key = recorded(actors)
        assert key.state is KeyState.RECORDED
        assert keys.counting(key.partner_id) is None

    @pytest.mark.parametrize(
        "file",
        [
            b"",
            b"\xff\xfe",
            b"[1]",
            b"[" * 3000,
            make_key_file(format="shipment-manifest/1"),
            make_key_file(algorithm="RSA"),
            make_key_file("AAAA"),
            make_key_file(make_public_key() + "\n"),
            make_key_file(installation=""),
            make_key_file(installation=7),
            make_key_file(installation="a\x07b"),
            make_key_file(installation="a" * 5000),
        ],
    )
    def test_a_file_that_is_no_key_file_is_refused(self, app, actors, file):
        with pytest.raises(InvalidInput, match="no key file"):
            keys.record(actors.data_manager, make_partner(actors).id, file)

    def test_one_key_is_one_partners(self, app, actors):
        recorded(actors)
        with pytest.raises(RuleBroken, match="recorded already"):
            recorded(actors, name="Another university")

    def test_a_retired_partner_gets_no_key(self, app, actors):
        partner = make_partner(actors)
        partners.retire(actors.data_manager, partner.id)
        with pytest.raises(RuleBroken, match="is retired"):
            keys.record(actors.data_manager, partner.id, make_key_file())

    def test_it_is_a_person_who_records_it(self, app, actors):
        partner = make_partner(actors)
        with pytest.raises(NotPermitted):
            keys.record(Actor.system("exchange"), partner.id, make_key_file())
        with pytest.raises(NotPermitted):
            keys.record(actors.technician, partner.id, make_key_file())


class TestComparing:
    def test_the_fingerprint_that_was_read_out_makes_it_count(self, app, actors):
        key = recorded(actors)
        typed = fingerprints.of(key.public_key).lower().replace(" ", "-")
        assert keys.compare(make_second(actors), key.id, typed)
        assert keys.counting(key.partner_id) == key

    def test_another_fingerprint_does_not(self, app, actors):
        key = recorded(actors)
        other = fingerprints.of(make_public_key("another"))
        assert not keys.compare(make_second(actors), key.id, other)
        assert keys.counting(key.partner_id) is None

    def test_a_part_of_the_fingerprint_does_not(self, app, actors):
        key = recorded(actors)
        assert not keys.compare(make_second(actors), key.id, fingerprints.of(key.public_key)[:9])

    def test_nobody_compares_what_they_recorded(self, app, actors):
        key = recorded(actors)
        with pytest.raises(RuleBroken, match="ask a colleague"):
            keys.compare(actors.data_manager, key.id, fingerprints.of(key.public_key))

    def test_the_database_refuses_it_too(self, app, actors):
        key = recorded(actors)
        change = (
            sa.update(PartnerKey.__table__)
            .where(PartnerKey.__table__.c.id == key.id)
            .values(compared_by_id=key.recorded_by_id, compared_at=sa.func.current_timestamp())
        )
        with pytest.raises(sa.exc.IntegrityError), db.engines["registry"].begin() as connection:
            connection.execute(change)

    def test_one_key_of_a_partner_counts_at_a_time(self, app, actors):
        first = make_known(actors)
        second = keys.record(
            actors.data_manager, first.partner_id, make_key_file(make_public_key("new"))
        )
        typed = fingerprints.of(second.public_key)
        with pytest.raises(RuleBroken, match="retire it first"):
            keys.compare(make_second(actors), second.id, typed)
        keys.retire(actors.data_manager, first.id, "The installation was made anew.")
        assert keys.compare(make_second(actors), second.id, typed)
        assert keys.counting(first.partner_id) == second


class TestRetiring:
    def test_a_retired_key_stays_readable_and_never_counts_again(self, app, actors):
        key = make_known(actors)
        keys.retire(actors.data_manager, key.id, "Its machine was stolen.")
        assert keys.counting(key.partner_id) is None
        assert [one.state for one in keys.every(actors.technician, key.partner_id)] == [
            KeyState.RETIRED
        ]
        with pytest.raises(RuleBroken, match="was retired"):
            recorded(actors)
        with pytest.raises(RuleBroken, match="does not wait"):
            keys.compare(make_second(actors), key.id, fingerprints.of(key.public_key))
        with pytest.raises(RuleBroken, match="retired already"):
            keys.retire(actors.data_manager, key.id, "Once more.")
        registry_session.rollback()


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_fingerprint_is_of_its_own_key_alone(one, other):
    first, second = (b64encode(raw).decode() for raw in (one, other))
    assert fingerprints.is_of(first, fingerprints.of(first))
    assert fingerprints.is_of(first, fingerprints.of(second)) == (one == other)
