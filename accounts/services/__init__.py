"""Writing accounts: each service is one transaction."""
