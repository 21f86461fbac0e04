"""Live delivery against other servers, on one machine, in one run."""
