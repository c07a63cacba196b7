"""The source of an entry: as the options or the result itself name it."""

import argparse
import re

from evalmark.errors import UsageProblem
from evalmark.formats.results import Source
from evalmark.harness.result import Result
from evalmark.report.escape import plain


def source_of(args: argparse.Namespace) -> Source | None:
    """The source that the options name. Raises `UsageProblem` for one without an address."""
    url, rest = args.source_url, (args.source_name, args.source_org, args.source_user)
    if url is None:
        if any(rest):
            raise UsageProblem("a source needs an address, or the Hub refuses the file", "give it with --source-url")
        return None
    if not re.match(r"https?://", url):
        raise UsageProblem(f"`--source-url {plain(url)}` is no address", "begin it with https://")
    return Source(url=url, name=args.source_name, org=args.source_org, user=args.source_user)


def own_source(result: Result) -> Source | None:
    """The source that the result itself names, if that is an address."""
    url = result.source_url or ""
    return Source(url=url, name=result.source_name) if re.match(r"https?://\S+$", url) else None
