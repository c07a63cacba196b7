"""The dashboard: pages from the store, for a server and as files."""
