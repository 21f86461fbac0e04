"""The desk of the curators: pages of the admin beside those that Django makes of a model."""
