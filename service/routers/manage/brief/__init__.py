"""The brief at the desk: written, compared, previewed as universities will see it, and sent for agreement."""
