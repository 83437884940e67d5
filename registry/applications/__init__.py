"""Requests for an extract: what is asked, by whom, for what, and what became of it.

Always true here: nobody decides their own request; a request is decided with
its reason or not at all; every step of every request is kept.
"""
