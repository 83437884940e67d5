"""Codes that people scan and type: they notice a slip instead of naming another thing."""
