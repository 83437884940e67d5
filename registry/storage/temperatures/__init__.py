"""Temperatures that loggers recorded in places, and when they left their limits.

Always true here: a reading is what a logger wrote, at a moment in UTC; what
no logger saw is called unseen, and never filled in.
"""
