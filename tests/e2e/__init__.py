"""The command and what it makes, as processes on this machine."""
