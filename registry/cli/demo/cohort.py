"""The whole demonstration: who, what and when, put together and lived through."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from registry.cli.demo import agenda as calendar, former, leaving, people, plan, protocol, proxies
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.consents import Forms
from registry.cli.demo.identities import Identities
from registry.cli.demo.incidents import Incidents
from registry.cli.demo.loans import Loans
from registry.cli.demo.people import Login, SignIn, Staff
from registry.cli.demo.plan import Plan, Story
from registry.cli.demo.requests import Requests
from registry.cli.demo.reviews import Reviews
from registry.cli.demo.samples import Bench
from registry.cli.demo.shipments import Shipments
from registry.cli.demo.storage import Storage
from registry.cli.demo.temperatures import Temperatures
from registry.cli.demo.visits import Ward
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import transactional

SEED = 20240229
_LAST_HOUR = 12
#: How long before the first inclusion the registry is set up.
_SETTING_UP = timedelta(days=10)

#: Hears what part of the story is told, from 0 to 1.
Progress = Callable[[float], None]


def make(
    actor: Actor, *, scale: float = 1.0, seed: int = SEED, progress: Progress = lambda _part: None
) -> list[SignIn]:
    """Fill an empty registry with the demonstration cohort, and tell how to sign in.

    `scale` 1 is about 300 participants and 6,000 samples.  The story ends at
    noon of the last working day: what was drawn that morning is on its way,
    what was frozen the days before is waiting for its place.
    """
    rng = random.Random(seed)  # noqa: S311 - a story, no secret
    story = plan.make(rng, clock.today(), scale)
    setting_up = calendar.at(calendar.working_day_before(story.begins - _SETTING_UP), 9)
    with clock.frozen(setting_up):
        staff, sign_ins = _hire(actor)
    agenda = Agenda(until=calendar.at(story.ends, _LAST_HOUR))
    _foresee(rng, agenda, staff, story, setting_up + timedelta(hours=2))

    def on_time(moment: datetime) -> None:
        progress((moment - setting_up) / (agenda.until - setting_up))

    agenda.live(on_time)
    progress(1.0)
    return sign_ins


@transactional
def _hire(actor: Actor) -> tuple[Staff, list[SignIn]]:
    return people.hire(actor)


def _foresee(
    rng: random.Random, agenda: Agenda, staff: Staff, story: Plan, setting_up: datetime
) -> None:
    """Everything that is known beforehand; the rest follows from it."""
    storage = Storage(staff)
    bench = Bench(rng, agenda, staff, storage, story.ends)
    forms = Forms(staff[Login.DATA_MANAGER], story)

    def set_up() -> None:
        cohorts = protocol.open_all(staff[Login.DATA_MANAGER])
        forms.put_in_use()
        storage.set_up()
        ward = Ward(rng, agenda, staff, cohorts, forms, bench)
        Identities(agenda, staff, story.ends).expect(ward)
        for one in story.inclusions:
            ward.expect(one)
        proxies.expect(agenda, staff, cohorts, forms, story.ends)
        told = max(one.at for one in story.inclusions if one.story is Story.NOT_OPPOSED)
        agenda.add(
            calendar.at(calendar.working_day_after(told.date()), 9),
            lambda: former.take_over(rng, ward.not_opposed, storage),
        )

    agenda.add(setting_up, set_up)
    agenda.add(calendar.at(story.second_form, 7, 30), forms.change)
    letters = calendar.working_day_after(story.second_form)
    agenda.add(calendar.at(letters, 16), forms.tell_of_change)
    agenda.add(calendar.at(story.ends, 11, 30), lambda: forms.check(staff[Login.DPO]))
    agenda.add(calendar.at(story.ends, 11, 50), lambda: leaving.leave(staff))
    agenda.add(calendar.at(story.ends, 9), storage.open_spare_boxes)
    bench.expect_putting_away(story.begins)
    Loans(rng, agenda, staff, bench, story.ends).expect(story.begins + timedelta(days=60))
    Reviews(agenda, staff, story.ends).expect()
    Requests(agenda, staff, story.ends).expect()
    Shipments(agenda, staff, bench, story.ends).expect()
    Incidents(agenda, staff, bench, story.ends).expect()
    Temperatures(agenda, staff, story.ends).expect()
