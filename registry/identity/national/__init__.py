"""The national health number (INS) of a person: taken in, compared, never given out.

A number is sealed under a data key of its own, wrapped by keys that wrap
nothing else, and found again through an index that no two persons share.
Nothing here returns a number in clear to a caller outside the vault; no part
of the registry sends one to another system, so nothing unseals one for that.
"""
