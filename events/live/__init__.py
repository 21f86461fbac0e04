"""The live feed: how the log of messages reaches open sockets. docs/live.md tells the whole."""
