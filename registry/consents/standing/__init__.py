"""What the decision comes to for each participant, kept ready for counting.

Always true here: a standing is what the one decision would answer between two
days, and is worked out by it; the databases forget it themselves when
anything arrives that could change it; whoever has none is asked about live;
nothing is handed out by it.
"""
