"""A GitHub for tests: real objects and HTTP, held to GitHub's own description of its API."""
