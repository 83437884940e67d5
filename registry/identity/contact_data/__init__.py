"""How a person is reached: address, telephones, e-mail; sealed, and never matched on.

What is given last counts; what was given before is kept.
"""
