"""The astronomy core against plain Skyfield, astronomy-engine and ephem."""
