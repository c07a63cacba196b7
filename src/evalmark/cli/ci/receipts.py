"""What came of signing, for whoever tells of it. Nothing here needs the libraries that sign."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipts:
    """How many were written, the key that signed them (empty: none), and whether there is something to attest."""

    count: int = 0
    public: str = ""
    to_attest: bool = False


NONE = Receipts()
