"""From the outbox to the world: what a message says, how it becomes a letter, and the ways a letter leaves."""
