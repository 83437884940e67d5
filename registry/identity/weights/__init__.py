"""The weights of a comparison, estimated from the registry's own population.

Always true here: identities are opened in memory only and what is kept are
counts and chances, never a name nor how often one occurs; a version is never
changed, the newest one counts; without enough persons, or with an estimate
that cannot be right, the version before stays.
"""

from registry.identity.weights.queries import current

__all__ = ["current"]
