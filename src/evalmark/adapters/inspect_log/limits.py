"""How much a log may cost. A log comes from a stranger, and a few kilobytes can unpack to a terabyte."""

import contextlib
import resource
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogLimits:
    """Of one log, unless it says otherwise."""

    file_bytes: int = 1024 * MIB
    json_bytes: int = 256 * MIB
    unpacked_bytes: int = 8 * 1024 * MIB
    member_bytes: int = 256 * MIB
    members: int = 250_000
    ratio: int = 1000
    memory_bytes: int = 3 * 1024 * MIB
    cpu_seconds: int = 300
    seconds: int = 600
    result_bytes: int = 128 * MIB
    logs: int = 100
    """Logs at one place."""


def confine(limits: LogLimits) -> None:
    """Hold this process to the limits. A system without one of them (macOS has no limit of memory) goes without."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.result_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def allow_cpu(limits: LogLimits) -> None:
    """The next log has the processor for so many seconds; then the system ends this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + limits.cpu_seconds, hard))
