"""Write what belongs to Telegram: chats, links, the queue."""
