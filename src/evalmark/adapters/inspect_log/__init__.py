"""Inspect logs of strangers, read in processes that hold no secret and may use little."""
