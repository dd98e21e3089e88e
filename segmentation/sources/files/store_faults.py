"""What object stores answer when they do not give a file, as errors that name place and mend.

Never in the store's own words: they hold addresses, and addresses may hold secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem


@dataclass(frozen=True)
class _Fault:
    """What a store's answer looks like, and what to say: never its own words, which hold addresses."""

    signs: tuple[str, ...]
    what: str
    mend: str


_KEYS: Final = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (of a profile: `aws configure export-credentials "
    "--format env`), or AWS_SKIP_SIGNATURE=true for what is public; GOOGLE_… and AZURE_… likewise."
)
_FAULTS: Final = (
    _Fault(("//169.254.169.254/", "//metadata.google.internal/", "MissingAccessKeyId", "MissingSecretAccessKey", "MissingAccount"), "there are no credentials for this store", _KEYS),
    _Fault(("<Code>NoSuchBucket<", "<Code>ContainerNotFound<"), "there is no such bucket",
           "Is its name right, and AWS_ENDPOINT_URL if there is one?"),
    _Fault(("<Code>PermanentRedirect<", "<Code>AuthorizationHeaderMalformed<", "redirect without LOCATION"),
           "the bucket is in another region", "Say which, such as AWS_REGION=eu-central-1"),
    _Fault(("<Code>InvalidAccessKeyId<", "<Code>SignatureDoesNotMatch<", "<Code>ExpiredToken<", "<Code>InvalidToken<",
            "<UnauthenticatedError>"), "the store does not take these credentials", f"They are wrong, or have expired. {_KEYS}"),
    _Fault(("<PermissionDeniedError>", "status code: 403"), "access is denied",
           "Are the credentials right, and allowed to list the bucket and to read the file (s3:ListBucket, s3:GetObject)?"),
    _Fault(("<InvalidPathError>",), "an object there has a name with an empty part (//)",
           "Rename it, or name an address that does not meet it."),
    _Fault(("<PreconditionError>",), "the file changed while it was read",
           "Nothing is published. Run again when it is complete."),
    _Fault(("HTTP error: builder error",), "the endpoint is http://, which is not encrypted",
           "Use https://, or allow it: AWS_ALLOW_HTTP=true"),
    _Fault(("error sending request", "operation timed out", "kind: Timeout"), "the store cannot be reached",
           "Is the network up? Check AWS_REGION, and AWS_ENDPOINT_URL if there is one."),
    _Fault(("<FileNotFoundError>", "<NotFoundError>"), "the file is gone", "It was removed while it was read: run again."),
)  # fmt: skip
_STATUS: Final = re.compile(r"status code: (\d{3})")


@contextmanager
def as_input_error(where: str) -> Iterator[None]:
    """Turns what a store raises into an InputError that says place and mend."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        is_of_store = type(error).__module__.partition(".")[0] == "obstore"
        if is_of_store or isinstance(error, FileNotFoundError):
            raise InputError(_said_of(error, where)) from error
        if not isinstance(error, OSError):
            raise
        what = f"the file cannot be copied ({error.strerror or error})"
        mend = "Is there room in the folder for temporary files (TMPDIR)?"
        raise InputError(Problem(what, where, mend)) from error


def _said_of(error: Exception, where: str) -> Problem:
    said = f"<{type(error).__name__}> {error}"
    for fault in _FAULTS:
        if any(sign in said for sign in fault.signs):
            return Problem(fault.what, where, fault.mend)
    status = _STATUS.search(said)
    answer = f"it answers {status[1]}" if status else "it gives no reason"
    return Problem(f"the store does not give the file ({answer})", where, "Check the address.")
