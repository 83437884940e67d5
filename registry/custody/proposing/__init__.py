"""Where tubes on the bench should go: a cell for each, reserved while somebody works.

A reserved cell is taken for everybody but the person it is reserved for, until it ends.
"""
