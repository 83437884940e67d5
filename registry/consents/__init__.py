"""What participants have agreed to, refused and taken back, and what that allows.

Always true here: a consent, an answer and a withdrawal are never changed or
removed, only followed by another; a final template keeps its text; one
function decides, from dated facts, and what it cannot decide it denies.
"""
