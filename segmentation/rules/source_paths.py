"""Where a source is: its path, relative to the file of rules, with `${NAME}` from the environment.

Messages and the manifest say the path as it is written: what stands in the environment (a bucket,
a token in an address) may be a secret, and differs from machine to machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from segmentation.messages.errors import Problem, RulesError

if TYPE_CHECKING:
    from segmentation.rules.ruleset import Rules

VARIABLE: Final = "${"
#: `$${` is a written `${`; `${NAME}`; `${NAME:-default}`; anything else after `${` is a mistake
_PARTS: Final = re.compile(r"\$(?=\$\{)(?P<literal>\$\{)|\$\{(?P<inside>[^}]*)\}|(?P<open>\$\{)")
_INSIDE: Final = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL)
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: parts of a query that give access; `sig` and `X-Amz-Signature` are those of the large stores
_SECRET: Final = re.compile(
    r"(?i)sig$|signature|token|secret|passw|^(api|access)?[-_]?key$|credential"
)
STANDARD_INPUT: Final = "-"


class Unset(Exception):
    """A variable of the environment that a path needs, and that is not set or empty."""


def path_text(name: str, given: object, mend: str) -> str:
    """A path that Python hands over, as its text; `mend` says what is expected. Raises RulesError."""
    try:
        text = given.__fspath__() if isinstance(given, os.PathLike) else given
    except Exception as error:  # the caller's own method raises what it likes
        what = f"{name}: its __fspath__ fails ({type(error).__name__})"
        raise RulesError(Problem(what, mend=mend)) from error
    if not isinstance(text, str):
        raise RulesError(Problem(f"{name} cannot be of the type {type(text).__name__}", mend=mend))
    if "\0" in text:
        raise RulesError(Problem(f"{name}: no path has a NUL in it", mend="Give another path."))
    try:
        os.fsencode(text)
    except UnicodeEncodeError as error:
        what = f"{name}: no path has half a letter in it (U+{ord(text[error.start]):04X})"
        raise RulesError(Problem(what, mend="Give another path.")) from None
    return text


def secret_in(path: str) -> str:
    """What an address holds that messages and the manifest must not show, or an empty text.

    >>> secret_in("https://ann:pw@shop.example/a.csv"), secret_in("https://shop.example/a.csv?sig=x")
    ('the address holds a password', 'the address holds a key (sig=…)')
    >>> secret_in("https://shop.example/a.csv?day=1&sig=${KEY}"), secret_in("abfss://data@shop/a.csv")
    ('', '')
    """
    if not _ADDRESS.match(path):
        return ""
    scheme, _, rest = path.partition("://")
    user, at, _ = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")
    is_web = scheme.lower() in ("http", "https")
    if at and (is_web or ":" in user) and VARIABLE not in user:
        return "the address holds a password"
    parts = (part.partition("=") for part in rest.partition("?")[2].split("&"))
    keys = (key for key, _, value in parts if VARIABLE not in value and _SECRET.search(key))
    key = next(keys, "")
    return f"the address holds a key ({key}=…)" if key else ""


def mistake(path: str) -> str:
    """What is wrong with the variables of a path, or an empty text; a secret is a variable not used.

    >>> mistake("${DATA}/a.csv"), mistake("${DATA:-here}/a.csv"), mistake("$${DATA}/a.csv")
    ('', '', '')
    >>> mistake("${DATA/a.csv")
    '${ is not closed by }'
    >>> mistake("${1st}/a.csv")
    '${1st} is not a variable: its name has letters, digits and _, and begins with no digit'
    """
    secret = secret_in(path)
    if secret:
        return secret
    for part in _PARTS.finditer(path):
        if part["open"]:
            return "${ is not closed by }"
        if VARIABLE in (part["inside"] or ""):
            return "a default is no place for another variable: ${ within ${…} is not read"
        if part["inside"] is not None and not _INSIDE.fullmatch(part["inside"]):
            return (
                f"${{{part['inside']}}} is not a variable: its name has letters, digits and _, and "
                "begins with no digit"
            )
    return ""


def interpolated(path: str, environment: Mapping[str, str]) -> str:
    """The path with variables replaced. Raises Unset for one that is not set, or empty.

    >>> interpolated("${DATA}/${DAY:-today}.csv", {"DATA": "/srv"})
    '/srv/today.csv'
    >>> interpolated("$${DATA}/$5.csv", {})
    '${DATA}/$5.csv'
    """

    def value(part: re.Match[str]) -> str:
        if part["literal"]:
            return part["literal"]
        inside = _INSIDE.fullmatch(part["inside"] or "")
        assert inside is not None  # `mistake` was asked when the rules were read
        found = environment.get(inside["name"]) or inside["default"]
        if found is None:
            raise Unset(inside["name"])
        return found

    return _PARTS.sub(value, path)


def is_whole(path: str) -> bool:
    """Whether a path leads to the same place from every folder.

    >>> is_whole("~/a.csv"), is_whole("s3://shop/a.csv"), is_whole("data/a.csv")
    (True, True, False)
    """
    is_address = _ADDRESS.match(path) is not None
    return path == STANDARD_INPUT or is_address or path.startswith(("/", "~"))


def located(path: str, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Where a path of the rules in a folder leads from here. Raises Unset.

    >>> located("data/a.csv", Path("shop")), located("/srv/a.csv", Path("shop")), located("-", Path("shop"))
    ('shop/data/a.csv', '/srv/a.csv', '-')
    >>> located("s3://shop/a.csv", Path("shop")), located("data/a.csv", Path("."))
    ('s3://shop/a.csv', 'data/a.csv')
    """
    found = interpolated(path, os.environ if environment is None else environment)
    return found if is_whole(found) or str(folder) == "." else os.path.join(folder, found)


def folder_of(rules: Path) -> Path:
    """The folder that paths in a file of rules start from; for rules from a pipe the current one."""
    is_file = rules.is_file() and not str(rules).startswith(("/dev/", "/proc/"))
    return rules.parent if is_file else Path()


def unset(rules: Rules) -> Iterator[Problem]:
    """A problem for each path of the rules that needs what the environment lacks."""
    for table, sources in rules.sources.items():
        for i, source in ((i, file) for i, one in enumerate(sources) for file in one.files):
            try:
                _ = source.place
            except Unset as error:
                where = rules.where(("sources", table, i, "path"))
                yield Problem(
                    f"{source.path}: the variable {error} is not set in the environment, or empty",
                    where,
                    f"Set it where segment runs, or write a default: ${{{error}:-data}}",
                )


def refuse_unset(rules: Rules) -> None:
    """Raise RulesError where a path of the rules needs what the environment lacks."""
    problems = tuple(unset(rules))
    if problems:
        raise RulesError(*problems)
