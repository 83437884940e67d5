"""What people take back or oppose: it never expires and nothing is deleted."""
