"""Statistics of a verdict: numbers in, numbers out.

Start at `question.Question` (what is asked) and `sequential.decide` (the answer); `margins` says how far is far,
`scale`, `units` and `paired` bring scores of other kinds to the same test, `betting` is the test itself.
"""
