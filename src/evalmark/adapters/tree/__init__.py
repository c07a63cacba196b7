"""Repos in folders of this machine: what is read of them, and what is not followed."""
