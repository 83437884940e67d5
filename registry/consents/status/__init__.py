"""How a cohort's consents stand, item by item, month by month: numbers for those who follow it."""
