"""Files in: each row taken whole or refused with its line, column and reason.

Always true here: nothing is guessed; a row that was taken before changes
nothing; what is refused can be corrected in the report and sent again.
"""
