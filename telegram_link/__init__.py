"""Telegram: chats that are linked, what they ask and what they are sent."""
