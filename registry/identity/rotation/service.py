"""The change of keys, as the command line and the background worker call it."""

from registry.identity.rotation.changing import Where, note_ceremony, promote, retire, rotate
from registry.identity.rotation.reindexing import reindex
from registry.identity.rotation.rewrapping import rewrap

__all__ = ["Where", "note_ceremony", "promote", "reindex", "retire", "rewrap", "rotate"]
