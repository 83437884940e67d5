"""Tubes that arrived and nobody knows whose they are: they wait until a nurse attaches them.

Always true here: what is in the tray is no sample, so nothing divides, lends
or counts it; a code is in the tray once, and never while it is a sample's.
"""
