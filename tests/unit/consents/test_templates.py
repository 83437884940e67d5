"""Forms: written as drafts, final for good, retired; and those that a registry begins with."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry import documents
from registry.consents.signing import policies
from registry.consents.templates import queries, service as templates, starter
from registry.consents.templates.wording import FormText, ItemText, Term, digest
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.vocab.audit import AuditTag
from registry.vocab.consent import ChangeRule, Language, Regime, TemplateStatus, Use
from registry.vocab.research import DuoTerm
from tests.factories.accounts import People
from tests.factories.consents import ITEMS, make_template
from tests.factories.participants import OPERATOR

pytestmark = pytest.mark.usefixtures("app")

LAST_DAY = date(2026, 6, 30)
STORE = ItemText("a", "Yes?", frozenset({Use.STORE}))


class TestLife:
    def test_a_final_form_keeps_its_pdf_and_bears_the_digest_of_it(self, actors: People):
        template = make_template()

        assert template.status is TemplateStatus.FINAL
        content = documents.get(template.document.ref)
        assert content.startswith(b"%PDF")
        assert template.document_sha256 == hashlib.sha256(content).hexdigest()

    def test_another_text_has_another_pdf(self, actors: People):
        one = make_template(code="ONE", items=[STORE])
        other = make_template(code="ONE", version=2, items=[replace(STORE, text="No?")])

        assert one.document_sha256 != other.document_sha256
        assert digest(one) != digest(other)

    def test_a_form_that_asks_nothing_is_not_put_in_use(self, actors: People):
        for items in ([], [replace(STORE, uses=frozenset())]):
            draft = make_template(code=f"F{len(items)}", items=items, final=False)
            with pytest.raises(RuleBroken):
                templates.finalise(OPERATOR, draft.id)

    def test_a_form_asks_the_same_in_every_language(self, actors: People):
        make_template(items=[STORE])
        other = make_template(
            items=[replace(STORE, mandatory=True)], language=Language.ENGLISH, final=False
        )

        with pytest.raises(RuleBroken, match="something else in"):
            templates.finalise(OPERATOR, other.id)

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
            "items": [STORE],
            "valid_from": date(2026, 1, 1),
            **changes,
        }
        return FormText(**facts)

    def test_a_version_exists_once_in_a_language(self, actors: People):
        templates.write(actors.data_manager, self.form())
        templates.write(actors.data_manager, self.form(language=Language.ENGLISH))

        with pytest.raises(InvalidInput, match="exists already"):
            templates.write(actors.data_manager, self.form())

    def test_its_questions_have_codes_of_their_own(self, actors: People):
        with pytest.raises(InvalidInput, match="this code already"):
            templates.write(actors.data_manager, self.form(items=[STORE, STORE]))

    @pytest.mark.parametrize(
        "terms",
        [{(DuoTerm.DS, "")}, {(DuoTerm.NCU, "x")}, {(DuoTerm.GRU, ""), (DuoTerm.HMB, "")}],
    )
    def test_its_conditions_mean_something(self, actors: People, terms: set[Term]):
        item = replace(STORE, terms=frozenset(terms))

        with pytest.raises(InvalidInput):
            templates.write(actors.data_manager, self.form(items=[item]))

    def test_several_diseases_may_be_named(self, actors: People):
        item = replace(STORE, terms=frozenset({(DuoTerm.DS, "M05"), (DuoTerm.DS, "M06")}))

        written = templates.write(actors.data_manager, self.form(items=[item]))

        assert queries.text_of(written).items == [item]

    @pytest.mark.parametrize(
        "change",
        [
            {"change_rule": ChangeRule.INFORM},
            {"version": 2, "change_rule": ChangeRule.RECONSENT},
            {"version": 2, "change_by": date(2026, 6, 1)},
            {"valid_to": date(2025, 1, 1)},
        ],
    )
    def test_what_it_asks_of_earlier_signers_fits(self, actors: People, change: dict[str, Any]):
        with pytest.raises(InvalidInput):
            templates.write(actors.data_manager, self.form(**change))

    def test_a_nurse_does_not_write_forms(self, actors: People):
        with pytest.raises(NotPermitted):
            templates.write(actors.nurse, self.form())


class TestRevise:
    def test_a_draft_is_written_anew(self, actors: People):
        draft = make_template(final=False)
        items = [replace(STORE, text="Anew?"), replace(ITEMS[1], code="b")]

        templates.put_items(actors.data_manager, draft.id, items)

        assert [item.text for item in queries.get(draft.id).items] == ["Anew?", ITEMS[1].text]

    def test_questions_change_places(self, actors: People):
        draft = make_template(final=False)

        templates.put_items(actors.data_manager, draft.id, ITEMS[::-1])

        found = queries.get(draft.id).items
        assert [item.code for item in found] == [item.code for item in ITEMS[::-1]]

    def test_a_form_in_use_keeps_its_text(self, actors: People):
        template = make_template()

        with pytest.raises(RuleBroken, match="its text stays"):
            templates.put_items(actors.data_manager, template.id, [STORE])
        with pytest.raises(RuleBroken, match="its text stays"):
            templates.discard(actors.data_manager, template.id)

    def test_a_draft_is_thrown_away(self, actors: People, audit_tags):
        draft = make_template(final=False)

        templates.discard(actors.data_manager, draft.id)

        assert queries.every() == []
        assert audit_tags()[-1] == AuditTag.CONSENT_TEMPLATE_DISCARDED

    def test_a_new_version_begins_as_a_copy_in_every_language(self, actors: People):
        make_template()
        make_template(language=Language.ENGLISH)

        begun = templates.begin_version(actors.data_manager, "FORM")

        assert {(one.number, one.language) for one in begun} == {
            (2, Language.FRENCH),
            (2, Language.ENGLISH),
        }
        assert [queries.text_of(one).items for one in begun] == [list(ITEMS)] * 2
        with pytest.raises(RuleBroken, match="still a draft"):
            templates.begin_version(actors.data_manager, "FORM")

    def test_another_language_begins_as_a_copy(self, actors: People):
        made = templates.begin_language(actors.data_manager, make_template().id, Language.ENGLISH)

        assert (made.number, made.status) == (1, TemplateStatus.DRAFT)
        with pytest.raises(InvalidInput, match="exists already"):
            templates.begin_language(actors.data_manager, made.id, Language.FRENCH)


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
        assert len(by_language[Language.FRENCH]) == 6

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
