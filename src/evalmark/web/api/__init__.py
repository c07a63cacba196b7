"""The read-only API: what the store holds, as JSON below `/api`."""
