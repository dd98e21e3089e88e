"""Files at an `https://` address: fetched whole to a private file, which is read like any other.

An answer is followed to other addresses of the web only, and from an encrypted one to encrypted ones.
"""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.sources.files.place import NothingThere, Place, copy_of
from segmentation.sources.files.scratch import scratch_file
from segmentation.system.plain_files import SILENCE_SECONDS

MOST_BYTES: Final = 64 << 30
"""What is larger is no export of a shop: a server that never stops, more likely than not."""

_STEP: Final = 1 << 20
_NO_FILE: Final = ("text/html", "application/xhtml+xml")
_KEPT: Final = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)


@dataclass(frozen=True)
class _Copy:
    """What was fetched, and what the server calls this content; nothing where it does not."""

    path: Path
    tag: str
    changed: str


_FETCHED: Final[dict[str, _Copy]] = {}  # by address, for this process: tables are read again


def find(written: str, real: str) -> Place:
    """The file at an address. Raises NothingThere, and InputError where it cannot be fetched."""
    if "*" in real.partition("?")[0]:
        what = "a pattern finds nothing on the web: a server does not say what it holds"
        raise InputError(Problem(what, written, "Name each file."))
    with _as_input_error(written):
        path = _fetched(written, real)
    return copy_of(written, path, real)


def _fetched(written: str, address: str) -> Path:
    """A private copy; what is unchanged by its tag or its date is not fetched again."""
    known = _FETCHED.get(address)
    request = Request(quote(address, safe=_KEPT), headers={"Accept-Encoding": "identity"})  # noqa: S310  # it begins with http
    if known is not None and known.tag:
        request.add_header("If-None-Match", known.tag)
    elif known is not None and known.changed:
        request.add_header("If-Modified-Since", known.changed)
    try:
        answer = _opener().open(request, timeout=SILENCE_SECONDS)
    except HTTPError as error:
        with error:
            if error.code == http.client.NOT_MODIFIED and known is not None:
                return known.path
            raise
    with answer:
        if answer.status != http.client.OK:
            raise _refused(written, answer.status)
        if answer.headers.get_content_type() in _NO_FILE:
            mend = "Does it ask for a login? Open the address in a browser."
            raise InputError(Problem("this is a web page, not a file", written, mend))
        path = _copied(written, answer)
    headers = answer.headers
    _FETCHED[address] = _Copy(path, headers.get("ETag", ""), headers.get("Last-Modified", ""))
    return path


def _copied(written: str, answer: http.client.HTTPResponse) -> Path:
    path = scratch_file(".web")
    promised = answer.headers.get("Content-Length", "")
    size, room = 0, min(MOST_BYTES, shutil.disk_usage(path.parent).free)
    with path.open("wb") as file:
        while chunk := answer.read(_STEP):
            size += len(chunk)
            if size > room:
                what = f"the file is larger than {room >> 20:,} MB, which is all the room that there is"
                raise InputError(
                    Problem(what, written, "Make room where temporary files are (TMPDIR).")
                )
            file.write(chunk)
    if promised.isdigit() and int(promised) != size:
        what = f"the file was cut off on its way: {size:,} of {int(promised):,} bytes came"
        raise InputError(Problem(what, written, "Run again."))
    return path


class _Redirects(HTTPRedirectHandler):
    """Follows an answer to another address of the web, never from an encrypted one to a plain one."""

    def redirect_request(  # noqa: PLR0917  # its base's arguments
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request for the new address. Raises HTTPError for one that is not followed."""
        before, after = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if after not in ("http", "https") or (before, after) == ("https", "http"):
            raise HTTPError(req.full_url, code, "a redirection that is not followed", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(_Redirects())


@contextmanager
def _as_input_error(written: str) -> Iterator[None]:
    """Turns what a server answers, or a network does, into an InputError with place and mend."""
    try:
        yield
    except HTTPError as error:
        error.close()
        if error.msg.startswith(_Redirects.inf_msg):
            raise InputError(_sent_in_circles(written)) from error
        raise _refused(written, error.code) from error
    except URLError as error:
        if isinstance(error.reason, str):  # urllib's own word on the address
            raise InputError(_no_address(written)) from error
        raise _silent(written, "the server cannot be reached", error.reason) from error
    except (http.client.InvalidURL, ValueError) as error:
        raise InputError(_no_address(written)) from error
    except (TimeoutError, http.client.HTTPException, ConnectionError) as error:
        raise _silent(written, "the server stopped answering", error) from error
    except OSError as error:
        what = f"the file cannot be copied ({error.strerror or error})"
        mend = "Is there room in the folder for temporary files (TMPDIR)?"
        raise InputError(Problem(what, written, mend)) from error


def _no_address(written: str) -> Problem:
    mend = "It looks so: https://shop.example/sales.csv"
    return Problem("this is no address of the web", written, mend)


def _sent_in_circles(written: str) -> Problem:
    what = "the server sends from one address to the next and back"
    return Problem(what, written, "Does it ask for a login? Open the address in a browser.")


def _silent(written: str, what: str, reason: object) -> InputError:
    """Never in the words of an exception, which may hold the address: only its kind."""
    mend = "Is the address right, and the network up?"
    return InputError(Problem(f"{what} ({type(reason).__name__})", written, mend))


def _refused(written: str, status: int) -> InputError:
    if status in (404, 410):
        return NothingThere(written, "there is no such file", "Is the address right?")
    if status in (401, 403, 407):
        mend = "A key of the address may have expired; name it as a variable: https://…?${KEY}"
        return InputError(Problem(f"access is denied (the server answers {status})", written, mend))
    if status in (301, 302, 303, 307, 308):
        mend = "Name the address to which the server sends, if it can be trusted."
        return InputError(
            Problem("the server sends elsewhere, to what is not followed", written, mend)
        )
    if status == http.client.PARTIAL_CONTENT:
        what = "the server gives a part of the file, and all of it was asked for (it answers 206)"
        return InputError(Problem(what, written, "Ask whoever runs it to give it whole."))
    what = f"the server does not give the file (it answers {status})"
    return InputError(Problem(what, written, "Run again, or ask whoever runs it."))
