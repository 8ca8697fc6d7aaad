"""Pure rules: which events may happen, under which guards, and what reminds whom. No SQL, no web, no clock."""
