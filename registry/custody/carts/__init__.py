"""Carts: working lists of scanned tubes that colleagues share, from one workstation to the next.

Always true here: a cart holds nothing.  Whoever has a tube has it still, and
what may be done with it is asked by the act, not by the cart; a tube is once on
one cart, and none leaves it but by an act or by somebody's hand.
"""
