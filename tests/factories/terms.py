"""Terms that the administrator added to a vocabulary."""

from registry.kernel.messages import Bilingual
from registry.participants.terms import service
from registry.participants.terms.models import Term
from registry.vocab.custody import CheckoutReason
from registry.vocab.terms import Vocabulary
from tests.factories.accounts import People


def make_term(
    actors: People,
    en: str = "ELISA",
    *,
    fr: str = "Dosage ELISA",
    refines: str = CheckoutReason.ANALYSIS.value,
    vocabulary: Vocabulary = Vocabulary.CHECKOUT_REASON,
) -> Term:
    """A term of the place, an analysis by default."""
    return service.add(actors.admin, vocabulary, refines=refines, name=Bilingual(en, fr=fr))
