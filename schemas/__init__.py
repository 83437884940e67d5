"""Every shape that enters or leaves: form posts, CSV rows, JSON.

Knows the vocabulary, the kernel's codes and messages, and nothing else: no
database, no actor.  A shape is written once and read by every delivery.
"""
