"""Background work: what was asked for, who does it now, and how far it has come.

Always true here: of each kind at most one task waits or runs; a task is done
by one worker at a time, who says again and again that it lives; one whose
worker fell silent is taken up from where it stood; no row holds a name, a
value or the words of an error.
"""
