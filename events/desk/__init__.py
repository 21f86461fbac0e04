"""The curators' desk: how the admin lays an event out."""
