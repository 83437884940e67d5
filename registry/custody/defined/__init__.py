"""Acts that an administrator defines, beside those that the registry knows.

Always true here: a definition is never changed or deleted; another version
takes its place, and an act keeps the one by which it was done.  Such an act
leaves the sample with whoever holds it.
"""
