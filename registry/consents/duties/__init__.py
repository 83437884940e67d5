"""What needs doing about consents, derived from the facts: no list of it is kept.

Always true here: a duty is there as long as the facts say so, and gone with
what settles it; whatever the decision will stop for want of an act is listed
before the day.
"""
