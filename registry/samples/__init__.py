"""Samples: what they are, where they come from, how much of each is left.

Always true here: a code names one sample; the quantity of a sample is the sum
of a ledger that only grows and never falls below zero, in the database too;
what a child received was drawn from its parent.
"""
