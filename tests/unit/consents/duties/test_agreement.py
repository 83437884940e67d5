"""Whatever the decision stops tomorrow for want of an act is on the list today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from secrets import token_hex

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.consents import decision
from registry.consents.duties import queries
from registry.consents.signing import information
from registry.consents.signing.parties import Signatory
from registry.consents.templates.wording import ItemText
from registry.kernel import clock
from registry.kernel.days import months_later
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import Audience, ChangeRule, Channel, Regime, SignatoryRole, Use
from registry.vocab.duties import DutyKind, Horizon
from tests.factories.accounts import People
from tests.factories.consents import attach_scan, make_consent, make_template
from tests.factories.participants import OPERATOR, make_participant

pytestmark = pytest.mark.usefixtures("app")

#: The rules that stop a use because a day has passed on which somebody should have acted.
RULES = frozenset({3, 5, 6, 7})
USES = (Use.STORE, Use.ACADEMIC_RESEARCH, Use.RECONTACT)
LISTS = (
    DutyKind.SCAN,
    DutyKind.RECONSENT,
    DutyKind.VALIDITY,
    DutyKind.MAJORITY,
    DutyKind.AUTHORITY,
)


@dataclass(frozen=True)
class Story:
    """What is on record of somebody, and which days are running."""

    #: Who signed: the participant, the parents or a guardian.
    who: str = "self"
    regime: Regime = Regime.EXPRESS
    proof_within_days: int | None = None
    has_scan: bool = False
    valid_months: int | None = None
    is_mandatory: bool = False
    #: In how many days a newer version has to be signed.
    newer_in_days: int | None = None
    newer_is_signed: bool = False
    #: Another form that asks about some of the uses, signed since.
    asked_since: bool = False
    is_told: bool = False


STORIES = st.builds(
    Story,
    who=st.sampled_from(["self", "parents", "guardian"]),
    regime=st.sampled_from(Regime),
    proof_within_days=st.sampled_from([None, 2, 40]),
    has_scan=st.booleans(),
    valid_months=st.sampled_from([None, 12]),
    is_mandatory=st.booleans(),
    newer_in_days=st.sampled_from([None, 5]),
    newer_is_signed=st.booleans(),
    asked_since=st.booleans(),
    is_told=st.booleans(),
)


def signed_by(
    who: str, signed_on: date, mandate_ends: date
) -> tuple[Audience, tuple[Signatory, ...]]:
    """For whom the form is, and who signs it."""
    return {
        "self": (Audience.ADULT, ()),
        "parents": (
            Audience.MINOR,
            (Signatory(SignatoryRole.PARENT), Signatory(SignatoryRole.SECOND_PARENT)),
        ),
        "guardian": (
            Audience.PROTECTED_ADULT,
            (
                Signatory(
                    SignatoryRole.GUARDIAN,
                    paper=b"%PDF-1.7\njudgment\n%%EOF\n",
                    authority_from=signed_on,
                    authority_to=mandate_ends,
                ),
            ),
        ),
    }[who]


def happened(actors: People, story: Story) -> tuple[Participant, set[date]]:
    """Somebody of whom this is on record, and the last days before something stops."""
    today = clock.today()
    signed_on = months_later(today, -12) + timedelta(days=3)
    adult_from = months_later(today.replace(day=1), 1) if story.who == "parents" else None
    mandate_ends = today + timedelta(days=4)
    audience, signatories = signed_by(story.who, signed_on, mandate_ends)
    items = (
        ItemText("keep", "Keep.", frozenset({Use.STORE}), mandatory=True),
        ItemText(
            "use",
            "Use.",
            frozenset({Use.ACADEMIC_RESEARCH, Use.RECONTACT}),
            mandatory=story.is_mandatory,
            valid_months=story.valid_months,
        ),
    )
    kind = {"items": items, "audience": audience, "regime": story.regime}
    code = token_hex(4)
    form = make_template(code=code, proof_within_days=story.proof_within_days, **kind)
    participant = make_participant(actors, adult_from=adult_from, included_on=signed_on)
    facts = {"signed_on": signed_on, "signatories": signatories}
    consent = make_consent(actors, participant, template=form, **facts)
    if story.has_scan:
        attach_scan(consent)
    days = {today + timedelta(days=story.proof_within_days or 0), months_later(signed_on, 12)}
    days |= {mandate_ends}
    if adult_from is not None:
        days.add(adult_from + timedelta(days=limits.MAJORITY_GRACE_DAYS - 1))
    if story.newer_in_days is not None:
        by = today + timedelta(days=story.newer_in_days)
        newer = make_template(
            code=code, version=2, change_rule=ChangeRule.RECONSENT, change_by=by, **kind
        )
        days.add(by)
        if story.newer_is_signed:
            facts["signed_on"] = today - timedelta(days=1)
            make_consent(actors, participant, template=newer, **facts)
    if story.asked_since:
        other = make_template(code=f"{code}-B", **(kind | {"items": items[1:]}))
        make_consent(actors, participant, template=other, **(facts | {"signed_on": today}))
    if story.is_told:
        information.inform(
            OPERATOR,
            [participant.id],
            template_id=form.id,
            informed_on=today,
            channel=Channel.IN_PERSON,
        )
    return participant, days


def stops_after(participant: Participant, day: date) -> set[int]:
    """The rules that stop on the next day what is allowed on this one."""
    before = decision.decide_uses(participant.id, USES, day)
    after = decision.decide_uses(participant.id, USES, day + timedelta(days=1))
    lost = {use for use in USES if before[use].is_allowed and not after[use].is_allowed}
    return {after[use].rule for use in lost} & RULES


def listed(actors: People, day: date) -> dict[str, set[DutyKind]]:
    """Who is on which of the lists of that day."""
    found: dict[str, set[DutyKind]] = {}
    with clock.frozen(datetime.combine(day, time(12), clock.PARIS)):
        for kind in LISTS:
            for duty in queries.everything(actors.nurse, kind, Horizon.WEEK):
                found.setdefault(duty.code, set()).add(kind)
    return found


@pytest.mark.parametrize(
    ("story", "rule", "kind"),
    [
        (Story(proof_within_days=2), 3, DutyKind.SCAN),
        (Story(who="parents"), 5, DutyKind.MAJORITY),
        (Story(who="guardian"), 5, DutyKind.AUTHORITY),
        (Story(valid_months=12), 6, DutyKind.VALIDITY),
        (Story(newer_in_days=5), 7, DutyKind.RECONSENT),
    ],
)
def test_each_rule_that_stops_in_time_has_its_list(
    actors: People, story: Story, rule: int, kind: DutyKind
):
    participant, days = happened(actors, story)

    [day] = [day for day in days if stops_after(participant, day)]

    assert stops_after(participant, day) == {rule}
    assert listed(actors, day) == {participant.code: {kind}}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=STORIES)
def test_what_stops_tomorrow_is_listed_today(actors: People, story: Story):
    participant, days = happened(actors, story)

    for day in sorted(days):
        if stops_after(participant, day):
            assert participant.code in listed(actors, day)
