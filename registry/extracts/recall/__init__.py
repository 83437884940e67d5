"""Taking extracts back when consent is withdrawn, and what is told to whom about it."""
