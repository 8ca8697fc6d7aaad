"""The call at the desk: who could do it, who was asked, who answered, and whom the work is offered to."""
