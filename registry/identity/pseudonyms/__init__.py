"""Pseudonyms: those that a project is given, and those that partners have given.

Always true here: without the vault's key a project's codes can neither be made
nor led back; who bears one is answered one at a time, for a recorded reason,
and by a participant's code alone; a partner's code is one person's, sealed
with that person's key.
"""
