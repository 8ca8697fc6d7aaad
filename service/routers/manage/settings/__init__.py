"""What the team sets for everybody: days off, products, words, keys, reminders; and what left, and who changed what."""
