"""How far an identity can be trusted: its status, what proves it, and its attributes.

Always true here: a status is exactly what its two facts say (was the INS
retrieved, was a document checked), and the database holds it to that; an
identity marked as doubtful or fictitious is provisional; a corrected strict
trait makes the identity provisional in the same transaction.
"""
