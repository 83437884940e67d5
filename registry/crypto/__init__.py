"""Sealing, blind indexes, pseudonyms and the keys they need: bytes in, bytes out.

Always true here: a blob names the key that made it and is bound to the place
where it is stored; each purpose has a key of its own; no key is ever printed,
guessed or replaced by a default one.  No database, no web, no other package
of the registry.
"""
