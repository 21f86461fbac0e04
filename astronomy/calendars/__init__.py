"""Calendars of peoples and churches: which civil day is which date, by the true sky or by rule."""
