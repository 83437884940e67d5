"""Cohorts, their protocols, and the persons enrolled in them.

Always true here: a participant is known by a random code and a random
``person_uid``, and of the birth date holds the year alone; a person is in a
cohort once; nobody sees a participant of another site; what a participant was
at an earlier moment can still be told.
"""
