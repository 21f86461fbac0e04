"""What a figure of the sky shows, in numbers: discs, shadows and tracks. It draws nothing."""
