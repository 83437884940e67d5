"""What is to be made of each tube of a kit: a tree of planned derivatives and aliquots.

Always true here: a plan is only added to or withdrawn from, for what was made
by it refers to its lines; whatever is planned can come of what it is made of.
"""
