"""Read what belongs to Telegram."""
