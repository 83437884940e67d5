"""A partner's manifest is believed whole, from a key that counts, for us, and soon; or refused."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from registry.custody.exchange import arriving, keys, limiting, own
from registry.custody.shipments import grounds, manifest
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.samples import ContainerType, SampleType, Unit
from tests.factories.exchange import (
    make_conditions,
    make_key_file,
    make_known,
    make_manifest,
    make_public_key,
    make_signed,
    make_tube,
)
from tests.factories.shipments import make_partner, make_sent, make_tubes_to_send


def check(actors, file):
    return arriving.check(actors.technician, file)


class TestBelieved:
    def test_what_it_says_is_read(self, app, actors):
        signer = make_known(actors)
        found = check(actors, make_manifest(actors))
        assert (found.signer, found.shipment) == (signer, "EXP-7")
        [tube] = found.tubes
        assert (tube.code, tube.quantity, tube.unit) == ("F-0001", Decimal("0.5"), Unit.MILLILITRE)
        assert (tube.sample_type, tube.container_type) == (
            SampleType.PLASMA_SINGLE_SPUN,
            ContainerType.EDTA_K,
        )

    def test_an_empty_tube_may_travel(self, app, actors):
        make_known(actors)
        [tube] = check(actors, make_manifest(actors, tubes=[make_tube(quantity="0")])).tubes
        assert tube.quantity == 0


class TestWhoSigned:
    def test_a_key_that_nobody_recorded(self, app, actors):
        with pytest.raises(InvalidInput, match="of no partner"):
            check(actors, make_manifest(actors))

    def test_another_installations_key(self, app, actors):
        make_known(actors)
        with pytest.raises(InvalidInput, match="of no partner"):
            check(actors, make_manifest(actors, seed="stranger"))

    def test_a_key_that_waits_to_be_compared(self, app, actors):
        keys.record(actors.data_manager, make_partner(actors).id, make_key_file())
        with pytest.raises(RuleBroken, match="waits to be compared"):
            check(actors, make_manifest(actors))

    def test_a_retired_key(self, app, actors):
        keys.retire(actors.data_manager, make_known(actors).id, "Its machine was stolen.")
        with pytest.raises(RuleBroken, match="is retired"):
            check(actors, make_manifest(actors))

    def test_a_known_public_key_beside_a_strangers_signature(self, app, actors):
        make_known(actors)
        file = json.loads(make_manifest(actors, seed="stranger"))
        file["signature"]["public_key"] = make_public_key()
        with pytest.raises(InvalidInput, match="was changed"):
            check(actors, json.dumps(file).encode())


class TestWhatWasChanged:
    @pytest.mark.parametrize(("word", "by"), [("0.5", "5.0"), ("F-0001", "F-0002"), ("EXP-7", "X")])
    def test_any_word(self, app, actors, word, by):
        make_known(actors)
        file = make_manifest(actors).decode()
        assert word in file
        with pytest.raises(InvalidInput, match="was changed"):
            check(actors, file.replace(word, by).encode())


class TestForWhomAndWhen:
    @pytest.mark.parametrize("key", [None, make_public_key(), "", 7])
    def test_for_another_installation(self, app, actors, key):
        make_known(actors)
        with pytest.raises(RuleBroken, match="another installation"):
            check(actors, make_manifest(actors, recipient_key=key))

    def test_too_old(self, app, actors):
        make_known(actors)
        sent = clock.now() - timedelta(days=limits.MANIFEST_DAYS_MAX, minutes=1)
        with pytest.raises(RuleBroken, match="older than"):
            check(actors, make_manifest(actors, sent_at=sent.isoformat()))

    def test_from_the_future(self, app, actors):
        make_known(actors)
        sent = clock.now() + timedelta(minutes=5)
        with pytest.raises(RuleBroken, match="clocks"):
            check(actors, make_manifest(actors, sent_at=sent.isoformat()))


class TestWhatIsNotUnderstood:
    @pytest.mark.parametrize(
        "changes",
        [
            {"format": "shipment-manifest/9"},
            {"shipment": None},
            {"shipment": 7},
            {"sent_at": "yesterday"},
            {"sent_at": "2026-11-20T10:00:00"},
            {"tubes": []},
            {"tubes": None},
            {"tubes": "F-0001"},
            {"tubes": [make_tube(), make_tube()]},
            {"tubes": [make_tube("f-0001")]},
            {"tubes": [make_tube(quantity=0.5)]},
            {"tubes": [make_tube(quantity="half")]},
            {"tubes": [make_tube(quantity="sNaN")]},
            {"tubes": [make_tube(code=None)]},
            {"conditions": []},
            {"conditions": {}},
            {"conditions": "all"},
            {"conditions": make_conditions(project="")},
            {"conditions": make_conditions(project=None)},
            {"conditions": make_conditions(uses=None)},
            {"conditions": make_conditions(uses=["store"])},
            {"conditions": make_conditions(diseases=[7])},
            {"conditions": make_conditions(until="soon")},
            {"conditions": make_conditions(until=7)},
        ],
    )
    def test_a_part_that_cannot_be(self, app, actors, changes):
        make_known(actors)
        with pytest.raises(InvalidInput, match="no signed manifest"):
            check(actors, make_manifest(actors, **changes))

    @pytest.mark.parametrize("name", ["type", "container", "unit"])
    def test_a_word_of_the_partners_alone(self, app, actors, name):
        make_known(actors)
        tube = make_tube(**{name: "moon_dust"})
        with pytest.raises(InvalidInput, match="moon_dust"):
            check(actors, make_manifest(actors, tubes=[tube]))

    @pytest.mark.parametrize("quantity", ["-1", "Infinity", "NaN", "1e9"])
    def test_a_quantity_that_no_tube_holds(self, app, actors, quantity):
        make_known(actors)
        with pytest.raises(InvalidInput):
            check(actors, make_manifest(actors, tubes=[make_tube(quantity=quantity)]))

    @pytest.mark.parametrize("file", [b"", b"\xff", b"[]", b"{}", b"[" * 5000, b"7" * 5000])
    def test_another_file(self, app, actors, file):
        with pytest.raises(InvalidInput, match="no signed manifest"):
            check(actors, file)

    def test_a_file_that_is_too_long(self, app, actors):
        make_known(actors)
        with pytest.raises(InvalidInput, match="no signed manifest"):
            check(actors, make_manifest(actors) + b" " * limits.MANIFEST_BYTES_MAX)

    def test_signed_and_no_manifest(self, app, actors):
        make_known(actors)
        with pytest.raises(InvalidInput):
            check(actors, make_signed(["F-0001"]))


class TestWhatIsAllowed:
    def read(self, actors, **changes):
        make_known(actors)
        return check(actors, make_manifest(actors, **changes)).conditions

    def test_the_partners_project_alone(self, app, actors):
        found = self.read(actors)
        assert (found.project, found.uses) == ("P-2026-4", (Use.ACADEMIC_RESEARCH,))
        assert not found.have_ended

    def test_nothing_when_nothing_is_said(self, app, actors):
        assert self.read(actors, conditions=None) is None

    def test_nothing_once_the_project_has_ended(self, app, actors):
        yesterday = str(clock.today() - timedelta(days=1))
        assert self.read(actors, conditions=make_conditions(until=yesterday)).have_ended

    def test_the_last_day_is_one_of_use(self, app, actors):
        today = make_conditions(until=str(clock.today()))
        assert not self.read(actors, conditions=today).have_ended

    @pytest.mark.parametrize("changes", [{"uses": ["cloning"]}, {"category": "astrology"}])
    def test_a_word_of_the_partners_alone_refuses_the_file(self, app, actors, changes):
        make_known(actors)
        file = make_manifest(actors, conditions=make_conditions(**changes))
        with pytest.raises(InvalidInput, match="does not know"):
            check(actors, file)


class TestOurOwn:
    def test_a_manifest_says_for_what_the_consents_were_asked(self, app, actors):
        make_known(actors)
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        said, _ = manifest.read(manifest.signed(shipment))
        found = limiting.read(said["conditions"], arriving.MANIFEST)
        study = grounds.asked_now(shipment)
        assert (found.project, found.category) == (shipment.request, study.category)
        assert found.until == study.ends_on
        assert set(found.uses) == set(study.uses) - {Use.SHARE, Use.OUTSIDE_EU}

    def test_a_manifest_names_the_key_of_the_partner_that_counts(self, app, actors):
        known = make_known(actors)
        [tube] = make_tubes_to_send(actors, 1)
        said, signature = manifest.read(manifest.signed(make_sent(actors, tube.code)))
        assert said["recipient_key"] == known.public_key
        assert signature.public_key == own.key(actors.technician).public_key

    def test_without_one_it_is_for_no_installation(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        said, _ = manifest.read(manifest.signed(make_sent(actors, tube.code)))
        assert said["recipient_key"] is None

    def test_it_is_not_taken_in_where_it_was_made(self, app, actors):
        make_known(actors)
        [tube] = make_tubes_to_send(actors, 1)
        with pytest.raises(InvalidInput, match="of no partner"):
            check(actors, manifest.signed(make_sent(actors, tube.code)))
