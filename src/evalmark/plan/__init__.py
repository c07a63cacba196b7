"""Claims, facts and a policy in; a plan out: which claims are rerun, how, and which are not and why."""
