"""Raw rows to actuals: parse, map, canonical names, reject."""
