"""The astronomy core: what happens in the sky, from the JPL ephemeris, in codes and numbers."""

import os

# The matrices here are tiny: more threads only cost time. It takes effect if NumPy is not loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
