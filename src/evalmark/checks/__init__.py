"""The rules: parsed files in, findings out. `registry.RULES` is the one list of all rule ids."""
