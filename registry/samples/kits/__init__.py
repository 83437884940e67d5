"""Kits printed in advance: a code for the kit and one for each of its tubes, used once.

Always true here: a printed kit is bound to at most one collection, and no two
kits share a code.
"""
