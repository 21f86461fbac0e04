"""The sky of one place: what rises and sets there, and what it sees of an eclipse."""
