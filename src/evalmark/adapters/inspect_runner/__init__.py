"""Reruns through Inspect's public API, in a process of their own that holds no secret."""
