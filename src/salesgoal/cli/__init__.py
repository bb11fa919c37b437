"""The command: reads the clock and the arguments, prints."""
