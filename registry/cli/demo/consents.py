"""The forms in use, and how participants answer them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.cli.demo import agenda, specimen
from registry.cli.demo.plan import Inclusion, Plan, Story
from registry.consents.signing import checks, information, proofs, service as signing
from registry.consents.signing.models import Consent
from registry.consents.signing.parties import Signatory
from registry.consents.signing.service import SignedForm
from registry.consents.templates import queries as forms, service as templates, starter
from registry.consents.templates.wording import FormText, ItemText
from registry.consents.withdrawals import service as withdrawals
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.vocab import limits
from registry.vocab.consent import (
    Answer,
    Channel,
    CheckOutcome,
    Language,
    Regime,
    Use,
    WithdrawalScope,
)

_PILOT = "PILOTE"
_PILOT_MONTHS = 12
_FIRST, _SECOND = 1, 2
_DESK_DAYS = 4
_CHECKED = 12
_NOT_IN_ORDER = "Le papier porte une autre réponse à la question 3."

#: What is taken back by those who do not leave altogether.
_PARTLY = (Use.COMMERCIAL_RESEARCH, Use.GENETICS)


@dataclass(frozen=True)
class _InUse:
    """A form in the language in which it is signed here."""

    id: int
    text: FormText


class Forms:
    """The forms of the story, which change while it goes on."""

    def __init__(self, data_manager: Actor, plan: Plan) -> None:
        self._data_manager = data_manager
        self._plan = plan
        self._in_use: dict[tuple[str, int], _InUse] = {}
        #: From the day after, papers still lie on the desk when the story ends.
        self._scanned_until = agenda.working_days_back(plan.ends, _DESK_DAYS)
        self._scanned: list[int] = []
        self._to_inform: list[int] = []

    def put_in_use(self) -> None:
        """The forms with which the story begins."""
        for form in starter.forms():
            if not _is_second(form):
                self._use(replace(form, valid_from=self._plan.begins, valid_to=None))
        self._use(_pilot(self._plan.begins))

    def change(self) -> None:
        """From today on the second version of the general form is signed, not the first."""
        today = self._plan.second_form
        for language in Language:
            old = forms.find(starter.BIOBANK, _FIRST, language)
            if old is not None:
                templates.retire(self._data_manager, old.id, last_day=today - timedelta(days=1))
        for form in starter.forms():
            if _is_second(form):
                self._use(replace(form, valid_from=today, valid_to=None))

    def _use(self, form: FormText) -> None:
        template = templates.write(self._data_manager, form)
        templates.finalise(self._data_manager, template.id)
        if form.language is Language.FRENCH:
            self._in_use[form.code, form.version] = _InUse(template.id, form)

    def sign(self, nurse: Actor, participant_id: int, one: Inclusion) -> None:
        """Record what the participant signs today, by the story and by the day."""
        today = clock.today()
        if one.story is Story.NOT_OPPOSED:
            self._record(nurse, participant_id, one, starter.NOTICE, _FIRST)
        elif one.story is Story.EXPIRED:
            self._record(nurse, participant_id, one, _PILOT, _FIRST)
        elif today >= self._plan.second_form:
            self._record(nurse, participant_id, one, starter.BIOBANK, _SECOND)
        else:
            self._record(nurse, participant_id, one, starter.BIOBANK, _FIRST)
            self._record(nurse, participant_id, one, starter.GENETICS, _FIRST)

    def is_due_again(self, one: Inclusion) -> bool:
        """Whether the participant is asked anew at a visit of today."""
        changed = self._plan.second_form
        return one.story is Story.RENEWED and one.at.date() < changed <= clock.today()

    def _record(
        self, nurse: Actor, participant_id: int, one: Inclusion, code: str, version: int
    ) -> None:
        answers = self._answers(one, code, version)
        consent = self.record(nurse, participant_id, (code, version), answers)
        if (code, version) == (starter.BIOBANK, _FIRST):
            self._to_inform.append(participant_id)
        # The papers of the last days wait for the scanner; of who came twice, one was lost.
        if (
            consent.template.regime is Regime.EXPRESS
            and one.visits
            and (clock.today() <= self._scanned_until)
        ):
            self.scan(nurse, consent)

    def scan(self, nurse: Actor, consent: Consent) -> None:
        """Attach the scan of the paper."""
        proofs.attach(nurse, consent.id, [specimen.scan(f"{consent.id}")])
        self._scanned.append(consent.id)

    def tell_of_change(self) -> None:
        """Record the letter that tells whoever signed the first version of the second one."""
        information.inform(
            self._data_manager,
            self._to_inform[: limits.INFORMED_AT_ONCE_MAX],
            template_id=self._in_use[starter.BIOBANK, _SECOND].id,
            informed_on=clock.today(),
            channel=Channel.LETTER,
        )

    def check(self, officer: Actor) -> None:
        """Compare some records with their scans; one of them says something else."""
        for nth, consent_id in enumerate(self._scanned[-_CHECKED:]):
            if nth:
                checks.check(officer, consent_id, outcome=CheckOutcome.PASSED)
            else:
                checks.check(officer, consent_id, outcome=CheckOutcome.FAILED, remark=_NOT_IN_ORDER)

    def _answers(self, one: Inclusion, code: str, version: int) -> dict[str, Answer]:
        items = self._in_use[code, version].text.items
        return {item.code: _answer(one, item.uses) for item in items}

    def record(
        self,
        nurse: Actor,
        participant_id: int,
        form: tuple[str, int],
        answers: Mapping[str, Answer] | None = None,
        *signatories: Signatory,
    ) -> Consent:
        """Record a form signed today; everything is agreed to that is not answered otherwise."""
        used = self._in_use[form]
        agreed = {item.code: Answer.ACCEPTED for item in used.text.items}
        today = clock.today()
        return signing.record(
            nurse,
            participant_id,
            SignedForm(
                template_id=used.id,
                answers=agreed | dict(answers or {}),
                signed_on=today,
                channel=Channel.PAPER if used.text.regime is Regime.EXPRESS else Channel.LETTER,
                information_given_on=today,
                signatories=signatories,
            ),
        )


def withdraw(actor: Actor, participant_id: int, story: Story) -> None:
    """Record what the participant takes back today: everything, or some uses."""
    if story is Story.WITHDRAWN:
        withdrawals.withdraw(
            actor,
            participant_id,
            scope=WithdrawalScope.ALL,
            channel=Channel.LETTER,
            reason="Ne souhaite plus participer à la recherche.",
        )
    else:
        withdrawals.withdraw(
            actor,
            participant_id,
            scope=WithdrawalScope.USES,
            channel=Channel.TELEPHONE,
            uses=_PARTLY,
        )


def _answer(one: Inclusion, uses: frozenset[Use]) -> Answer:
    said = [one.answers[use] for use in sorted(uses) if use in one.answers]
    return said[0] if said else Answer.ACCEPTED


def _is_second(form: FormText) -> bool:
    return (form.code, form.version) == (starter.BIOBANK, _SECOND)


def _pilot(since: date) -> FormText:
    """The form of a pilot study, which holds for a year."""
    return FormText(
        code=_PILOT,
        version=_FIRST,
        language=Language.FRENCH,
        title="Consentement à l’étude pilote, valable un an",
        regime=Regime.EXPRESS,
        valid_from=since,
        items=[
            ItemText(
                code="pilot",
                text=(
                    "J’accepte que des échantillons de mon sang soient prélevés et conservés "
                    "pendant un an pour l’étude pilote."
                ),
                uses=frozenset({Use.COLLECT, Use.STORE}),
                mandatory=True,
                valid_months=_PILOT_MONTHS,
            ),
            ItemText(
                code="research",
                text="J’accepte qu’ils servent à la recherche publique pendant cette année.",
                uses=frozenset({Use.ACADEMIC_RESEARCH}),
                valid_months=_PILOT_MONTHS,
            ),
        ],
    )
