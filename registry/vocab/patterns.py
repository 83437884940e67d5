"""Every shape of text that is checked in more than one place, as a regular expression."""

#: The signs of a label's code: those of Code 39, and the few more that makers of tubes use.
#: A code that began with a dot or a slash could not stand in the address of a page.
SCANNED_CODE = r"(?![./])[A-Z0-9 ._/+:#()*%$-]+"

#: The code of a form, of a question in it, or of what a condition names.
FORM_CODE = r"[A-Z][A-Z0-9-]*"
ITEM_CODE = r"[a-z][a-z0-9_]*"

#: A commune (Corsica with 2A and 2B) or, from 99, a country: INSEE's official geographic code.
INSEE_CODE = r"(?:(?!00)[0-9]{2}|2[AB])(?!000)[0-9]{3}"

#: Kept without separators; + and the country's number, or the national number.
TELEPHONE = r"\+?[0-9]{6,15}"
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"

#: What a journal entry is about: a kind and a code.  A name has no colon after a kind.
REFERENCE = r"[a-z_]+:[A-Za-z0-9 ._/+:#()*%$-]+"
#: What may be kept of an address that was refused: a number or a code, which holds a digit.
ADDRESSED_CODE = r"(?=.*[0-9])[A-Za-z0-9._-]+"

#: The name or IPv4 address of a machine.
HOST = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"

#: The beginning of a SPREC code; an asterisk stands for any one of its seven elements.
SPREC_START = r"(?:[A-Z0-9]{1,3}|\*)(?:-(?:[A-Z0-9]{1,3}|\*)){0,6}"
