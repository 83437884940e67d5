"""Setting up places and boxes."""

from collections.abc import Collection

from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.storage.models import Box, StorageUnit
from registry.vocab.samples import SampleType
from registry.vocab.storage import Labelling, StorageClass, UnitKind


@transactional
def create_unit(
    actor: Actor,
    *,
    site_id: int,
    kind: UnitKind,
    code: str,
    name: str,
    parent_id: int | None = None,
    storage_class: StorageClass | None = None,
    accepts: Collection[SampleType] | None = None,
) -> StorageUnit:
    """Set up a room, freezer, tank or rack, inside another place or at the top of the site.

    :raises InvalidInput: the code is taken, a box was asked for (see
        `create_box`), or a place of this kind cannot be inside the parent.
    :raises NotFound: the parent is not at this site.
    """
    raise NotImplementedError


@transactional
def create_box(  # noqa: PLR0913 - each is one fact about the box
    actor: Actor,
    *,
    parent_id: int,
    code: str,
    name: str,
    rows: int,
    columns: int,
    row_labels: Labelling = Labelling.LETTERS,
    column_labels: Labelling = Labelling.NUMBERS,
    accepts: Collection[SampleType] | None = None,
) -> Box:
    """Set up an empty box inside a place, at that place's site.

    :raises InvalidInput: the code is taken, or the box would be larger than a box may be.
    :raises NotFound: there is no such place at the actor's sites.
    """
    raise NotImplementedError
