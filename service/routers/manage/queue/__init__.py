"""The queue: what its address asks for, its rows, and what is done to several at once."""
