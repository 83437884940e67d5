"""Enumerations, limits, patterns and their labels: each choice and limit is written once, here.

Pure Python.  A member's value is what the database and the files hold and never
changes meaning; its label is in ``labels`` and is what people read.
"""
