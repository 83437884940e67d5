"""Terms of the place, which refine those that the rules know, and which of both are offered.

Always true here: a term is never changed or deleted, only no longer offered;
what was recorded with it bears its names; the rules see the term it refines.
"""
