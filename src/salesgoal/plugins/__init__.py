"""The built-in importers and renderers: plugins of themselves, strangers to each other."""
