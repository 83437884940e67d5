"""What the registry owes a participant who asks: the dossier, a link to read it at home, a no.

Always true here: a dossier is about one participant and names nobody, neither
another participant nor a member of the staff; whoever opens one is recorded;
of a link only digests are kept; what is opposed from home holds at once.
"""
