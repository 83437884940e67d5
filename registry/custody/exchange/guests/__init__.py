"""Partners' tubes while they are here: where they lie, what is done with them, how they end.

Always true here: they are no samples; one is used only as its manifest allows on that day,
and never once it is recalled; what was recorded of it stays.
"""
