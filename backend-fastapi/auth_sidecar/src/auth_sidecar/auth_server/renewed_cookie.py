"""The `Set-Cookie` of a session that was extended: the one header of the auth server's that a browser gets to see."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from auth_sidecar.credential import Credential, is_bearer

_ATTRIBUTE = r"Max-Age=[0-9]{1,10}|Path=/|HttpOnly|Secure|SameSite=(?:Lax|Strict|None)|Expires=[A-Za-z0-9 ,:-]{1,40}"
# No Domain: it would hand the session to sibling hosts.
_RENEWED = re.compile(
    rf"(?:__Secure-)?better-auth\.session_token=([!#-+\--:<-\[\]-~]+)(?=.*; HttpOnly)(?i:(?:; (?:{_ATTRIBUTE}))*)"
)


def read_renewed_cookie(set_cookies: Iterable[str], credential: Credential) -> tuple[str, ...]:
    """One or none: the first that renews the session whose cookie was sent, as better-auth writes it.

    Any other header is dropped, not refused: it says nothing about who is behind the request. A cookie of another
    session would sign this browser in as somebody else.
    """
    if is_bearer(credential):
        return ()
    sent = unquote(credential.decode("ascii").partition(";")[0].partition("=")[2].strip('"'))
    for cookie in set_cookies:
        match = _RENEWED.fullmatch(cookie)
        if match is not None and unquote(match[1]) == sent:
            return (cookie,)
    return ()
