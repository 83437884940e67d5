"""Every shape of text that is checked in more than one place, as a regular expression."""

#: The signs of a label's code: those of Code 39, and the few more that makers of tubes use.
SCANNED_CODE = r"[A-Z0-9 ._/+:#()*%$-]+"
