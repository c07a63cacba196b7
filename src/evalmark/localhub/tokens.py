"""The token that comes with a request: as the Hub's client sends it, or as git does."""

import base64
import binascii

from evalmark.localhub.message import Request


def token_of(request: Request) -> str:
    """The token, or an empty string. Git sends it as a password, behind any name."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[2]
