"""Reports and templates as data: columns, cells, flags, formulas by meaning."""
