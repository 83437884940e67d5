"""Lists of contacts, to invite participants again or to ask for their consent afresh.

Always true here: a list leaves the vault sealed and in memory only, and who
took it, of whom and what for is recorded first.
"""
