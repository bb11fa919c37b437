"""Tracking workbooks: made as templates, and read back with a diff of what they change."""
