"""The forms that people sign: written, put in use, retired; a final one keeps its text."""
