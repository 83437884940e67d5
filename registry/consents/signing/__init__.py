"""What people have signed: recorded once, corrected by a record that follows."""
