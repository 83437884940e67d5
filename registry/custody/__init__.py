"""Who holds which sample, and every act by which that changed.

Always true here: a sample has exactly one holder; an act never changes and is
put right only by another that names it; two samples never share a cell; a
sample that is checked out keeps its cell and has one open loan.
"""
