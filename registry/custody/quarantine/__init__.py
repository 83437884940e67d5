"""Samples that must not be used: each stays where it is, and nothing is made of it."""
