"""Types, containers and reasons of the place: chosen, kept by name, read, retired, never lost."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.custody import queries, service as custody
from registry.custody.incidents import queries as incident_queries, service as incidents
from registry.custody.service import Arrived, Child, Made, Poured
from registry.custody.wording import remarks
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.participants import protocol
from registry.participants.protocol import TubeSpec
from registry.participants.terms import kinds, queries as terms, service
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.samples.plans import queries as plans
from registry.vocab.incidents import IncidentKind
from registry.vocab.plans import Shortfall
from registry.vocab.samples import ContainerType, SampleType, Unit
from registry.vocab.terms import MEMBERS, SETTLED, Vocabulary
from tests.factories.accounts import People
from tests.factories.custody import divide, make_received
from tests.factories.participants import make_cohort
from tests.factories.plans import make_plan, make_planned_tube, plasma
from tests.factories.pools import make_alike
from tests.factories.samples import make_tube
from tests.factories.terms import make_term

pytestmark = pytest.mark.usefixtures("app")

TYPE, CONTAINER = Vocabulary.SAMPLE_TYPE, Vocabulary.CONTAINER_TYPE


@pytest.fixture
def own(app: Flask, actors: People) -> None:
    """Plasma poor in platelets, and a cryotube, as this laboratory has them."""
    make_term(actors, "Platelet-poor", fr="Pauvre en plaquettes", refines="PL2", vocabulary=TYPE)
    make_term(actors, "Cryotube 1 mL", fr="Cryotube 1 mL", refines="PPS", vocabulary=CONTAINER)


def called(tube: Any) -> tuple[str, str]:
    """What its type and its container are called."""
    registry_session.refresh(tube)
    return (
        str(kinds.name(tube.sample_type, tube.type_term)),
        str(kinds.name(tube.container_type, tube.container_term)),
    )


OWN = ("Platelet-poor", "Cryotube 1 mL")
TERMS = {"type_term": "platelet_poor", "container_term": "cryotube_1_ml"}


@pytest.mark.usefixtures("own")
class TestWhatIsMade:
    def test_an_aliquot_is_called_by_the_terms_chosen_and_the_rules_see_the_type(
        self, actors: People
    ):
        tube = make_received(actors)

        [made] = divide(actors, tube.code, "1", **TERMS)

        assert (made.sample_type, made.container_type) == ("PL2", "PPS")
        assert called(made) == OWN
        line = queries.line(actors.technician, made.code)
        assert (line.type_term, line.container_term) == (made.type_term, made.container_term)
        said = [str(one) for one in remarks(queries.chain(actors.technician, tube.code)[-1])]
        assert said[0] == "Made: Platelet-poor"

    def test_the_same_request_under_another_name_is_another_one(self, actors: People):
        tube, key = make_received(actors), "3f0c2a52-0f1c-4f5e-9a60-6a1a53a3a2b1"
        divide(actors, tube.code, "1", client_key=key, **TERMS)

        with pytest.raises(InvalidInput, match="other quantities"):
            divide(actors, tube.code, "1", client_key=key)

    def test_a_term_of_another_type_is_refused(self, actors: People):
        tube = make_received(actors)
        with pytest.raises(InvalidInput, match="values offered") as refusal:
            divide(actors, tube.code, "1", sample_type=SampleType.PLASMA_SINGLE_SPUN, **TERMS)
        assert refusal.value.field == "sample_type"

    def test_a_pool_is_called_as_all_of_its_tubes_are(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        [alike] = divide(actors, make_received(actors, participant=first.participant).code,
                         "1", **TERMS)  # fmt: skip
        [other] = divide(actors, make_received(actors, participant=first.participant).code,
                         "1", **TERMS)  # fmt: skip

        def pooled(*tubes: Sample) -> Sample:
            return custody.pool(
                actors.technician,
                [tube.code for tube in tubes],
                Poured(ContainerType.POLYPROPYLENE, Decimal("0.1"), container_term="cryotube_1_ml"),
            )

        assert called(pooled(alike, other)) == OWN
        assert called(pooled(first, alike))[0] == "Plasma, double spun"
        assert called(pooled(first, second))[1] == "Cryotube 1 mL"

    def test_a_plan_s_terms_hold_though_they_be_retired_since(self, actors: People):
        [line] = make_plan(actors, plasma("1", 2, **TERMS))
        tube = make_planned_tube(actors)
        service.retire(actors.admin, TYPE, "platelet_poor")
        service.retire(actors.admin, CONTAINER, "cryotube_1_ml")

        [first, _second] = custody.make(
            actors.technician,
            tube.code,
            [Made(line.id, 2, Decimal(1), ContainerType.POLYPROPYLENE,
                  container_term="cryotube_1_ml")],
            at=clock.now(),
        )  # fmt: skip

        assert called(first) == OWN

    def test_a_new_plan_does_not_choose_what_is_retired(self, actors: People):
        service.retire(actors.admin, TYPE, "platelet_poor")
        with pytest.raises(InvalidInput, match="values offered"):
            make_plan(actors, plasma("1", 2, **TERMS))


@pytest.mark.usefixtures("own")
class TestWhatIsDrawn:
    def test_a_kit_names_its_tubes(self, actors: People):
        cohort = make_cohort("VAS")

        kit = protocol.define_kit(
            actors.data_manager,
            cohort.id,
            code="PLASMA",
            name="Plasma",
            tubes=[TubeSpec(SampleType.PLASMA_DOUBLE_SPUN, ContainerType.POLYPROPYLENE,
                            Decimal(1), Unit.MILLILITRE, **TERMS)],
        )  # fmt: skip

        [tube] = kit.tubes
        assert called(tube) == OWN

    def test_a_kit_does_not_name_what_nobody_offers(self, actors: People):
        cohort = make_cohort("VAS")
        with pytest.raises(InvalidInput, match="values offered"):
            protocol.define_kit(
                actors.data_manager, cohort.id, code="P", name="P",
                tubes=[TubeSpec(SampleType.BLOOD, ContainerType.EDTA_K, Decimal(1),
                                Unit.MILLILITRE, type_term="platelet_poor")],
            )  # fmt: skip

    def test_a_drawn_tube_is_called_as_in_its_kit(self, actors: People):
        names = kinds.kept(
            SampleType.PLASMA_DOUBLE_SPUN, "platelet_poor", ContainerType.POLYPROPYLENE, None
        )
        tube = make_tube(
            actors, sample_type=SampleType.PLASMA_DOUBLE_SPUN,
            container_type=ContainerType.POLYPROPYLENE, type_term=names["type_term"],
        )  # fmt: skip
        assert called(tube)[0] == "Platelet-poor"

    def test_a_tube_in_the_tray_keeps_what_it_was_called(self, actors: People, sites):
        [waiting] = custody.lay(
            actors.technician,
            ["T07000010"],
            Arrived(SampleType.PLASMA_DOUBLE_SPUN, ContainerType.POLYPROPYLENE, Decimal(1),
                    **TERMS),
            site_id=sites.biobank, sender_id=sites.paris, place="Fridge 2",
            received_at=clock.now(),
        )  # fmt: skip
        assert called(waiting) == OWN


class TestReasons:
    def test_an_incident_is_read_by_the_term_with_which_it_was_reported(self, actors: People):
        make_term(actors, "Clotted", refines="haemolysed", vocabulary=Vocabulary.INCIDENT_KIND)
        tube = make_received(actors)

        incident = incidents.report(
            actors.technician, [tube.code], kind=IncidentKind.HAEMOLYSED, term="clotted",
            account="Clots in the tube",
        )  # fmt: skip
        service.retire(actors.admin, Vocabulary.INCIDENT_KIND, "clotted")

        assert str(incident.name).startswith("Clotted (")
        [concern] = incident_queries.of_sample(tube.id)
        assert str(concern.name) == str(incident.name)
        with pytest.raises(InvalidInput, match="values offered"):
            incidents.report(
                actors.technician, [make_received(actors).code], kind=IncidentKind.HAEMOLYSED,
                term="clotted", account="Clots again",
            )  # fmt: skip

    def test_a_loss_is_read_by_the_term_that_says_why(self, actors: People):
        make_term(actors, "Spilt", refines="accident", vocabulary=Vocabulary.SHORTFALL)
        [line] = make_plan(actors)
        tube = make_planned_tube(actors)

        custody.make(
            actors.technician,
            tube.code,
            [Made(line.id, 4, Decimal("0.5"), ContainerType.POLYPROPYLENE, Shortfall.ACCIDENT,
                  "spilt")],
            at=clock.now(),
        )  # fmt: skip

        [progress] = plans.progress(actors.technician, [tube.id])[tube.id]
        assert str(progress.reason) == "Spilt (Lost while working)"


class TestOffering:
    @pytest.mark.parametrize("vocabulary", sorted(SETTLED))
    def test_nothing_is_added_to_what_the_rules_reckon_with(
        self, actors: People, vocabulary: Vocabulary
    ):
        first = next(iter(MEMBERS[vocabulary])).value
        with pytest.raises(RuleBroken, match="reckon"):
            make_term(actors, "Drop", refines=first, vocabulary=vocabulary)

    def test_a_type_that_is_offered_no_longer_stays_what_it_was(self, actors: People):
        tube = make_received(actors)
        [made] = divide(actors, tube.code, "1")

        service.retire(actors.admin, TYPE, made.sample_type.value)

        assert made.sample_type not in {one.member for one in terms.offered(TYPE)}
        assert queries.line(actors.technician, made.code).sample_type is made.sample_type
        [again] = divide(actors, made.code, "0.5", at=clock.now())
        assert again.sample_type is made.sample_type

    def test_the_database_keeps_nothing_where_nothing_was_chosen(self, actors: People):
        [made] = custody.aliquot(
            actors.technician, make_received(actors).code, children=[Child(Decimal(1))],
            sample_type=SampleType.BLOOD, container_type=ContainerType.POLYPROPYLENE,
            at=clock.now(),
        )  # fmt: skip
        found = sa.select(Sample.id).where(Sample.type_term.is_(None), Sample.id == made.id)
        assert registry_session.scalar(found) == made.id
