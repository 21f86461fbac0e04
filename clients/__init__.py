"""Clients of the service in other places than its own pages; each is one file to copy."""
