"""The plan file: what its keys are called, which types they have, and how it is read."""
