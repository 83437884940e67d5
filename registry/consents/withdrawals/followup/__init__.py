"""After a withdrawal: what had left is on record, its recipients are told, the person gets a letter."""
