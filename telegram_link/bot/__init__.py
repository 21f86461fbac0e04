"""What the bot answers: commands, buttons, and the words of what it sends."""
