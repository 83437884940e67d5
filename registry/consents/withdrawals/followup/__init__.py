"""After a withdrawal: what had left, who is told of it, and the letter to the person."""
