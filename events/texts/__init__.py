"""What an event is called and what is said of it: whole phrases, one function a kind."""
