"""Pages for people with questions: the form, their own pages, and signing in."""
