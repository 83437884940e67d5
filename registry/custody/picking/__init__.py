"""Pick lists: tubes reserved together, fetched in the order of the freezers, by whoever is there.

Always true here: a tube waits on one list at most; what waits on a list whose
reservation runs is used by nobody but through that list.
"""
