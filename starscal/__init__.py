"""StarsCalendars: the astronomical calendar of 1900-2100, live, in ten languages."""
