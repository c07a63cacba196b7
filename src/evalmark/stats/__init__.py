"""Statistics of a verdict: numbers in, numbers out."""
