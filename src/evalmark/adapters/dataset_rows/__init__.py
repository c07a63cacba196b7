"""A look into a dataset of a stranger, in a process of its own that holds no secret."""
