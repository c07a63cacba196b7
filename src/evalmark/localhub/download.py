"""Answers `resolve`: one file, or a range of it."""

import re

from evalmark.localhub.message import Request, Response, error_response
from evalmark.localhub.repository import GitRepository

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


def resolve(repository: GitRepository, sha: str, path: str, request: Request) -> Response:
    """The file at `path`, with what the Hub's client needs to cache it; 404 EntryNotFound if there is none."""
    at_commit = {"X-Repo-Commit": sha}
    entry = repository.entry(sha, path)
    if entry is None or entry.kind != "file":
        message = f"no file {path!r} at {sha} (folders, links and submodules are not downloaded)"
        return error_response(404, message, "EntryNotFound", at_commit)
    content = repository.content(entry)
    if content is None:
        message = (
            f"{path!r} at {sha} is a Git LFS pointer and its real file is not at hand: run `git lfs pull` in the folder"
        )
        return error_response(404, message, "EntryNotFound", at_commit)
    headers = at_commit | {
        "ETag": f'"{entry.oid}"',
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
    }
    pointer = repository.pointer(entry)
    if pointer is not None:
        headers |= {"X-Linked-ETag": f'"{pointer.sha256}"', "X-Linked-Size": str(pointer.size)}
    size = content.size
    wanted = parse_range(request.headers.get("range", ""), size)
    if wanted is None:
        return Response(200, headers, size, lambda: content.chunks(0, size))
    if not wanted:
        headers |= {"Content-Range": f"bytes */{size}"}
        return error_response(416, f"{path!r} has {size} bytes; the range is outside", headers=headers)
    headers |= {"Content-Range": f"bytes {wanted.start}-{wanted.stop - 1}/{size}"}
    return Response(206, headers, len(wanted), lambda: content.chunks(wanted.start, wanted.stop))


def parse_range(header: str, size: int) -> range | None:
    """The bytes that a Range header asks for: empty if outside the file, None (all) if there is no single range.

    >>> parse_range("bytes=2-", 10), parse_range("bytes=-3", 10), parse_range("bytes=10-", 10), parse_range("", 10)
    (range(2, 10), range(7, 10), range(10, 10), None)
    """
    found = _RANGE.fullmatch(header)
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    stop = min(size, int(last) + 1) if last else size
    # An end before the start is no range by the standard, and is ignored.
    return None if last and int(last) < int(first) else range(min(int(first), size), stop)
