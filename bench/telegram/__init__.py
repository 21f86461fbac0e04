"""How fast the bot is, against the double of the Bot API."""
