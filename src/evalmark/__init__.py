"""evalmark: proof for reported benchmark scores."""

__version__ = "0.1.0"
