"""The samples that were in a place while it was out of its limits, until each is decided.

Always true here: a sample counts for the time that the acts that stand, and
the places that boxes stood in then, show it there; what was decided stays, and
holds for that time and for no worse a temperature.
"""
