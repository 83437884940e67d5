"""Who may do what: the permissions, the table that grants them and the question itself.

Always true here: what the table does not grant is refused; predicates read
attributes of the actor and of the resource only, never a database.
"""

from registry.access.permissions import Permission
from registry.access.require import allows, require

__all__ = ["Permission", "allows", "require"]
