"""Badges with a PIN: how a second person proves to be there at somebody else's screen.

Always true here: a person has one live badge at most, and a live badge is one
person's; neither what the badge says nor the PIN is kept, only what each can be
compared with; a badge never signs anybody in.
"""
