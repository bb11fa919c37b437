"""Reviews: causes and actions of a shortfall, from tables and from people, and their report."""
