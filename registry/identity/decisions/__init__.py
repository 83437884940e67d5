"""Whether two persons are one: every decision kept, a merge that can be undone.

Always true here: a decision is added and never changed; what a merge altered is
kept with it; the registry notes each decision that it has heard of, so that one
which a crash kept from it is found.
"""
