"""Inventories of boxes: what was found, what was not, and who looked.

Always true here: what an inventory found never changes; a sample that was not
found stays where it is recorded, and is shown as not found until it is seen again.
"""
