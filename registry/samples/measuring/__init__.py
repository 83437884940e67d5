"""What was measured of the content of tubes, and how much that makes.

Always true here: a measurement is never changed; another one corrects it, and
both stay.  What was not measured is not known: nothing is taken over from a
parent or a sibling.
"""
