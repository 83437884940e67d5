"""Adding terms to a vocabulary, offering them no longer, and offering them again."""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.kernel.messages import Bilingual, T
from registry.participants.terms import queries
from registry.participants.terms.models import Term
from registry.persistence import registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab.audit import AuditTag
from registry.vocab.defined import key_of
from registry.vocab.terms import MEMBERS, SETTLED, Vocabulary


@transactional
def add(actor: Actor, vocabulary: Vocabulary, *, refines: str, name: Bilingual) -> Term:
    """Offer a term of the place; the rules take it for the one that it refines.

    :raises RuleBroken: nothing is added to this vocabulary.
    :raises InvalidInput: it refines none of the rules' terms, or another term
        has the same English name, or nearly.
    """
    require(actor, Permission.VOCABULARY_EDIT)
    if vocabulary in SETTLED:
        raise RuleBroken(T("Nothing is added to this vocabulary: the rules reckon with its terms."))
    if refines not in set(MEMBERS[vocabulary]):
        raise InvalidInput(T("Choose one of the values offered."), field="refines")
    code = key_of(name.en)
    if not code:
        raise InvalidInput(
            T("Each English name needs letters or digits that tell it from others."), field="en"
        )
    advisory_lock(f"vocabulary:{vocabulary}")
    if code in {one.code for one in queries.entries(vocabulary)}:
        raise InvalidInput(
            T("Two have the same English name, or nearly: {key}.", key=code), field="en"
        )
    made = Term(vocabulary=vocabulary, code=code, refines=refines, fr=name.fr, en=name.en)
    registry_session.add(made)
    registry_session.flush()
    audit.record(actor, AuditTag.TERM_ADDED, made, refines=refines, fr=name.fr, en=name.en)
    return made


@transactional
def retire(actor: Actor, vocabulary: Vocabulary, code: str) -> Term:
    """Offer a term no longer, one of the rules too; what was recorded with it stays.

    :raises NotFound: the vocabulary has no such term.
    :raises RuleBroken: it is not offered, or no other one would be.
    """
    require(actor, Permission.VOCABULARY_EDIT)
    advisory_lock(f"vocabulary:{vocabulary}")
    term = _term(vocabulary, code)
    if term.retired_at is not None:
        raise RuleBroken(T("This term is not offered already."))
    if len(queries.offered(vocabulary)) == 1:
        raise RuleBroken(T("Something must be left to choose: add another term first."))
    term.retired_at = clock.now()
    registry_session.flush()
    audit.record(actor, AuditTag.TERM_RETIRED, term)
    return term


@transactional
def resume(actor: Actor, vocabulary: Vocabulary, code: str) -> Term:
    """Offer a term again.

    :raises NotFound: the vocabulary has no such term.
    :raises RuleBroken: it is offered already.
    """
    require(actor, Permission.VOCABULARY_EDIT)
    advisory_lock(f"vocabulary:{vocabulary}")
    term = _term(vocabulary, code)
    if term.retired_at is None:
        raise RuleBroken(T("This term is offered already."))
    term.retired_at = None
    registry_session.flush()
    audit.record(actor, AuditTag.TERM_RESUMED, term)
    return term


def _term(vocabulary: Vocabulary, code: str) -> Term:
    """The term; one of the rules has a row from the first time that it is retired."""
    found = registry_session.scalar(
        sa.select(Term)
        .where(Term.vocabulary == vocabulary, Term.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    if code not in set(MEMBERS[vocabulary]):
        raise NotFound(T("The vocabulary has no such term."))
    made = Term(vocabulary=vocabulary, code=code)
    registry_session.add(made)
    return made
