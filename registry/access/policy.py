"""The one table of who may do what.

Each permission has its ways of being granted; a way is granted when all its
conditions hold.  A permission absent here is granted to nobody.
"""

from registry.access.permissions import Permission
from registry.access.predicates import Predicate, is_a, is_signed_in
from registry.vocab.people import Role

Way = tuple[Predicate, ...]

POLICY: dict[Permission, tuple[Way, ...]] = {
    Permission.SIGN_IN: (),  # the sign-in page acts as the operator it is
    Permission.ACCOUNT_OWN: ((is_signed_in,),),
    Permission.ACCOUNT_MANAGE: ((is_a(Role.ADMIN),),),
    Permission.AUDIT_READ: ((is_a(Role.DPO),),),
    Permission.AUDIT_VERIFY: ((is_a(Role.DPO),), (is_a(Role.ADMIN),)),
}
