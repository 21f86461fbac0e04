"""Scripts of the house; bootstrap.py runs before anything is installed."""
