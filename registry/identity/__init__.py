"""The identity vault: who a pseudonym is, sealed; and whether two are one person.

Always true here: an identifying value is stored only inside a sealed blob and
leaves only through `reveal` and `compare`, which record who looked and why;
people are found through composite blind indexes, never by opening rows one
after the other; a hospital number belongs to one person of its site; what was
decided about two identities is remembered; without its keys the vault is
closed and nothing else is.
"""

from registry.identity.door import vault

follow_keys = vault.follow

__all__ = ["follow_keys", "vault"]
