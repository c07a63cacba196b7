"""The words of all reports, under the name that pages use."""

from evalmark.report.words import *  # noqa: F403
