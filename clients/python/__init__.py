"""The Python client of the live feed."""
