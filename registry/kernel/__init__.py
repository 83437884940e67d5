"""What every layer stands on: messages, errors, the actor, the clock, codes and events.

Pure Python.  Always true here: no I/O, no framework, no state but the clock's
test hook and the table of event handlers.
"""
