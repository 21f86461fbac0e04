"""The soak of the drill (T1, T2): a town of real processes, many careful readers, faults."""
