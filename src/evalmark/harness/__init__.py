"""Results of other harnesses, read into one form: one module a harness, each a pure function of parsed files."""

from evalmark.harness.reader import Reader

READERS: tuple[Reader, ...] = ()
