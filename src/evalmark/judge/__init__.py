"""The only place that says what "the same score" means.

A verdict is a statement about a difference, never the absence of one: `verified` needs the whole interval of the
rerun's score inside the margin, `mismatch` needs it wholly outside, and everything else is `inconclusive`.
"""
