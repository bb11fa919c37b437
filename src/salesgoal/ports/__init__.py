"""The words shared with plugins."""
