"""The demonstration cohort: a year and a half of a registry's work, replayed through the services.

Always true here: every person is made up; nothing is written but by the
services that people use, as the person who would have done it and with the
clock at that moment; the same seed tells the same story, but for the codes
and keys that the services draw themselves.
"""
