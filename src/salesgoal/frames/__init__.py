"""Any dataframe to cells, by its own engine, and the roll-up in arrays; the extra ``fast``."""
