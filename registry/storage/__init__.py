"""Where samples can be kept: site, room, freezer or tank, rack, box, cell.

Always true here: a place lies within one of its own site; a box is no larger
than it is; what a place accepts, everything in it accepts at most.
"""
