"""Forms: written as drafts, final for good, retired; and those that a registry begins with."""

from datetime import date

import pytest

from registry.consents.signing import policies
from registry.consents.templates import queries, service as templates, starter
from registry.consents.templates.service import FormText, ItemText
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.vocab.consent import Language, Regime, TemplateStatus, Use
from tests.factories.accounts import People
from tests.factories.consents import make_template
from tests.factories.participants import OPERATOR

pytestmark = pytest.mark.usefixtures("app")

LAST_DAY = date(2026, 6, 30)


class TestLife:
    def test_a_final_form_has_the_digest_of_its_text(self, actors: People):
        template = make_template()

        assert template.status is TemplateStatus.FINAL
        assert template.document_sha256 == templates.digest(template)

    def test_another_text_has_another_digest(self, actors: People):
        one = make_template(code="ONE", items=[ItemText("a", "Yes?", frozenset({Use.STORE}))])
        other = make_template(code="ONE", version=2, items=[ItemText("a", "No?", frozenset())])

        assert one.document_sha256 != other.document_sha256

    def test_a_final_form_is_not_made_final_again(self, actors: People):
        with pytest.raises(RuleBroken):
            templates.finalise(OPERATOR, make_template().id)

    def test_a_retired_form_is_signed_until_its_last_day(self, actors: People):
        template = templates.retire(OPERATOR, make_template().id, last_day=LAST_DAY)

        policies.check_can_be_signed(template, LAST_DAY)
        with pytest.raises(InvalidInput, match="not in use on that day"):
            policies.check_can_be_signed(template, date(2026, 7, 1))

    def test_a_draft_is_not_retired(self, actors: People):
        with pytest.raises(RuleBroken):
            templates.retire(OPERATOR, make_template(final=False).id, last_day=LAST_DAY)

    def test_a_form_is_not_retired_before_it_began(self, actors: People):
        with pytest.raises(InvalidInput, match="not in use yet"):
            templates.retire(OPERATOR, make_template().id, last_day=date(2019, 1, 1))

    def test_a_draft_is_offered_to_nobody(self, actors: People):
        draft, final = make_template(final=False), make_template(code="OTHER")

        assert queries.signable() == [final]
        assert draft.status is TemplateStatus.DRAFT


class TestWrite:
    def form(self, **changes) -> FormText:
        facts = {
            "code": "FORM",
            "version": 1,
            "language": Language.FRENCH,
            "title": "Form",
            "regime": Regime.EXPRESS,
            "items": [ItemText("a", "Yes?", frozenset({Use.STORE}))],
            "valid_from": date(2026, 1, 1),
            **changes,
        }
        return FormText(**facts)

    def test_a_version_exists_once_in_a_language(self, actors: People):
        templates.write(actors.data_manager, self.form())
        templates.write(actors.data_manager, self.form(language=Language.ENGLISH))

        with pytest.raises(InvalidInput, match="exists already"):
            templates.write(actors.data_manager, self.form())

    @pytest.mark.parametrize("items", [[], [ItemText("a", "x", frozenset())] * 2])
    def test_its_items_have_codes_of_their_own(self, actors: People, items: list[ItemText]):
        with pytest.raises(InvalidInput, match="code of its own"):
            templates.write(actors.data_manager, self.form(items=items))

    def test_a_nurse_does_not_write_forms(self, actors: People):
        with pytest.raises(NotPermitted):
            templates.write(actors.nurse, self.form())


class TestStarter:
    def test_it_is_installed_once(self, actors: People, audit_tags):
        first = starter.install(OPERATOR)
        before = audit_tags()

        again = starter.install(OPERATOR)

        assert [one.id for one in again] == [one.id for one in first]
        assert audit_tags() == before

    def test_every_form_is_in_french_and_in_english_and_asks_the_same(self, actors: People):
        def asked(form: FormText) -> list[tuple[str, frozenset[Use], bool]]:
            return [(item.code, item.uses, item.mandatory) for item in form.items]

        by_language = {
            language: {
                (form.code, form.version): asked(form)
                for form in starter.forms()
                if form.language is language
            }
            for language in Language
        }

        assert by_language[Language.FRENCH] == by_language[Language.ENGLISH]
        assert len(by_language[Language.FRENCH]) == 4

    def test_one_version_of_the_biobank_form_is_in_use_on_any_day(self, actors: People):
        starter.install(OPERATOR)

        for day, version in ((date(2024, 12, 31), 1), (date(2025, 1, 1), 2)):
            found = [
                form.number
                for form in queries.signable()
                if (form.code, form.language) == (starter.BIOBANK, Language.FRENCH)
                and form.valid_from <= day <= (form.valid_to or day)
            ]
            assert found == [version]

    def test_together_they_ask_about_every_use(self):
        assert {use for form in starter.forms() for item in form.items for use in item.uses} == set(
            Use
        )
