"""Two installations that exchange shipments know each other by their verification keys.

Always true here: a partner's key counts only after a second person compared its
fingerprint with what the partner read out; a key is retired and never deleted,
and one that was retired never counts again.
"""
