"""The action: a strict runner of its own for `action.yml`, and what the workflows to copy must keep to."""
