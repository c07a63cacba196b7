"""What the harness says when an action does what GitHub would refuse, or what ours must never do."""


class Refused(Exception):
    """The reason, as one sentence."""
