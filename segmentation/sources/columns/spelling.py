"""Ids that are written in another way: 008, c8, 8-DE, +8, #8, ="8", 8.0, %38 and 1.23E+18 look like customer 8's.

Such an id meets nobody, so what it says is lost. It is suspicious when it would meet a customer
after plain normalisation; nothing is joined that way, for 007 may be another than 7.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

import polars as pl

from segmentation.messages.errors import commonest, listed

_INVISIBLE: Final = r"[\p{Cf}\p{Cc}\p{Mn}\p{Zl}\p{Zp}]"
_EDGES: Final = (
    r"^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$"  # quotes, signs, brackets: whatever is no letter or digit
)
_SCHEME: Final = r"^(mailto|urn:uuid|urn):"
_BETWEEN: Final = r"[^\p{L}\p{N}]"
_BLANKS: Final = r"[\s\x{00A0}]"
_THOUSANDS: Final = r"^[0-9]{1,3}([,.'’ ][0-9]{3})+$"
_PREFIXED: Final = r"^[a-z]+[^a-z0-9]*0*([0-9]+)$"
_SUFFIXED: Final = r"^0*([0-9]+)[^a-z0-9]*[a-z]+$"
_STEM: Final = r"^(.*[0-9])[^a-z0-9]+[a-z]{1,3}$"  # C0099-DE
_ZEROS: Final = r"^([a-z]*[-_#:./]?)0+([0-9]+)$"
_DOT_ZERO: Final = r"([0-9])[.,]0+$"
_NUMBER: Final = r"^[1-9][0-9]*$"
_UUID: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_PREFIX_AND_DIGITS: Final = r"([A-Za-z]+[-_#:./]?)([0-9]+)"
_ROUNDED: Final = r"^([1-9][0-9]{14})0+$"  # a spreadsheet keeps fifteen digits
_EXACT: Final = r"^([1-9][0-9]{14})[0-9]+$"
_USUAL: Final = (
    r"^([A-Za-z]([A-Za-z0-9_@.-]*[A-Za-z0-9])?|[0-9]+)$"  # nothing to clean but case and zeros
)
_ZEROS_BEFORE: Final = r"^0+([a-z][^@]*)$"  # 00A7
_HYPHENS: Final = r"[\p{Pd}\x{2212}]"
_ADDRESS: Final = r"([^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+\.[^\s<>()\[\],;:\"'.]+)"
_OF_PATH: Final = r"^[a-z][a-z0-9+.-]*://.*[/=:#]([^/=:#?]+)[/]?$"  # gid://shopify/Customer/17
#: what stands between two ids in one cell
_AND: Final = r"\s*[,;|&]\s*|\s+(?:and|und|et|y|e|en|i|och|og|or|oder|ou|o)\s+"
_LIKE_ID: Final = r"[0-9]|@"
_SCIENTIFIC: Final = r"^[0-9]([.,][0-9]+)?e\+?([0-9]{1,2})$"

#: %20 of an address, &amp; of a page
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|&(#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z]+);"
#: letters of Cyrillic and Greek -> the Latin ones that look the same, in capitals or not
LOOK_ALIKES: Final[Mapping[str, str]] = {
    **dict(zip("АВЕКМНОРСТУХЅІЈԌԚԜ", "ABEKMHOPCTYXSIJGQW", strict=True)),
    **dict(zip("авекмнорстухѕіјԍԛԝһԁ", "abekmhopctyxsijgqwhd", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("αικνορτυχ", "aikvoptux", strict=True)),
}

ALPHABET: Final = "letters of another alphabet"
#: how an id can be written in another way -> what tells it, looked for in this order
KINDS: Final[Mapping[str, str]] = {
    "scientific notation": r"(?i)^[0-9]([.,][0-9]+)?e\+?[0-9]{1,2}$",
    "escaped signs": _ESCAPED,
    "quotes": r"""["'`´‘’“”„«»=]""",
    "invisible characters": r"[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]",
    "a sign": r"^[+]",
    "a .0": r"[0-9][.,]0+$",
    "thousands separators": _THOUSANDS,
    "a name or another id beside it": rf"@.*[<>();,]|[<(;].*@|://|[0-9](?:{_AND})",
    "another kind of hyphen": r"[\p{Pd}\x{2212}&&[^-]]",
    "another kind of blank": r"[\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]",
    "blanks inside": r"\S\s+\S",
    "digits that a spreadsheet rounded": _ROUNDED,
    "leading zeros": r"^\p{L}*[-_#:./ ]?0[0-9]",
    "a letter before the number": r"^\p{L}+[^\p{L}\p{N}]?[0-9]+$",
    "letters after the number": r"[0-9][^\p{L}0-9]*\p{L}+$",
    ALPHABET: f"[{''.join(LOOK_ALIKES)}]",
    "accents or letters of another form": r"[^\x00-\x7F]",
    "capital letters": r"[A-Z]",
    "signs around or inside": r"[^\p{L}\p{M}\p{N}]",
}

NOBODY: Final = pl.DataFrame(schema={"id": pl.String, "known": pl.String, "kind": pl.String})


def suspicious(unmet: pl.Series, known: pl.Series) -> pl.DataFrame:
    """Those of the unmet ids that would meet a known one if they were written alike.

    One row per pair: `id`, the `known` id it would meet (of numbers in scientific notation one of
    those it may be), and `kind`, a name of KINDS (of the known id where only that one is written
    unusually). Both series hold text; nobody is in both.
    """
    hiding = _that_may_hide(unmet, known)
    pairs = NOBODY if hiding.is_empty() else _alike(_forms(hiding), _forms(known))
    if pairs.is_empty():
        return NOBODY
    return kinds_of(pairs.unique(maintain_order=True))


def kinds_of(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of `id` and `known`, and in `kind` how the two differ."""
    letters = [pl.col(column).str.replace_all(_BETWEEN, "") for column in ("id", "known")]
    signs = pl.when(letters[0] == letters[1]).then(pl.lit("signs around or inside"))
    kind = pl.coalesce(_difference(), signs, _kind("id"), _kind("known"), pl.lit("another form"))
    return pairs.with_columns(kind.alias("kind"))


def _alike(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of ids of which one form is the same; the order says which form counts first."""
    return pl.concat(
        [
            _pairs(ours, theirs, "plain", "plain"),
            _pairs(ours, theirs, "bare", "plain"),
            _pairs(ours, theirs, "plain", "bare"),
            _pairs(ours, theirs, "squeezed", "plain"),
            _pairs(ours, theirs, "plain", "squeezed"),
            _pairs(ours, theirs, "parted", "parted"),
            *(_pairs(o, t, a, b) for o, t in _within(ours, theirs) for a, b in _ANY_OF_BOTH),
            _pairs(ours, theirs, "stem", "plain"),
            _pairs(ours, theirs, "plain", "stem"),
            _pairs(ours, theirs, "rounded", "exact"),
            _pairs(ours, theirs, "magnitude", "length").unique(
                "id", keep="first", maintain_order=True
            ),
        ]
    )


_ANY_OF_BOTH: Final = (("part", "plain"), ("plain", "part"), ("part", "part"))


def _within(
    ours: pl.DataFrame, theirs: pl.DataFrame
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The ids with a row for each id that stands within another text; nothing where none does."""
    if any(each["part"].null_count() < each.height for each in (ours, theirs)):
        yield ours.explode("part"), theirs.explode("part")


def _that_may_hide(unmet: pl.Series, known: pl.Series) -> pl.Series:
    """The unmet ids without those that are what they are: among ids that are all of one kind.

    Plain numbers, UUIDs, and texts of one prefix and width: two of a kind that differ mean different
    customers.
    """
    for pattern in (_NUMBER, _UUID, *_of_width(known)):
        plain = unmet.str.contains(pattern) & ~unmet.str.contains(_ROUNDED)
        if plain.any() and known.str.contains(pattern).all():
            return unmet.filter(~plain)
    return unmet


def _of_width(known: pl.Series) -> Sequence[str]:
    """The pattern of ids with the prefix and the width of one of them; none where it has no such."""
    one = re.fullmatch(_PREFIX_AND_DIGITS, known[0]) if len(known) else None
    return [f"^{re.escape(one[1])}[0-9]{{{len(one[2])}}}$"] if one else []


def _pairs(ours: pl.DataFrame, theirs: pl.DataFrame, mine: str, other: str) -> pl.DataFrame:
    left = ours.select("id", pl.col(mine).alias("form")).drop_nulls("form")
    forms = pl.col(other).is_in(left["form"].unique().implode())
    right = theirs.filter(forms).select(pl.col("id").alias("known"), pl.col(other).alias("form"))
    found = left.join(right, on="form").select("id", "known")
    return found.sort("id", "known")  # what is told is the same whatever order rows came in


def _unescaped(text: str) -> str:
    """A text without the escapes of web pages and addresses."""
    from html import unescape  # its table of entities would be read at every start

    return unquote(unescape(text))


def _forms(ids: pl.Series) -> pl.DataFrame:
    """Each id in its `plain` form; `bare`, without letters before or after the number, `squeezed`,
    without signs inside, `parted`, with a hyphen in the place of each, and its `stem`, without a few letters
    after a sign (all null without such); the ids that are a `part` of it (a list); what a spreadsheet keeps of a long number, of one
    that may be `rounded` and of any (`exact`); and how many digits it has, by its `length` or by its
    `magnitude` in scientific notation.
    """
    every = ids.alias("id").to_frame().drop_nulls()
    escaped = every["id"].filter(every["id"].str.contains(_ESCAPED)).unique()
    meant = [_unescaped(text) for text in escaped]
    usual = pl.col("id").str.contains(_USUAL) & ~pl.col("id").str.contains(_DOT_ZERO)
    return pl.concat(
        [
            _finished(every.filter(usual), pl.col("id").str.to_lowercase(), _NO_PARTS),
            _finished(
                every.filter(~usual),
                _cleaned(pl.col("id").replace(escaped, meant)),
                _parts(pl.col("id").str.to_lowercase()),
            ),
        ]
    )


def _cleaned(ids: pl.Expr) -> pl.Expr:
    """Ids without what cannot be seen, signs around them, blanks, thousands separators or a .0."""
    text = ids.str.normalize("NFKC").str.replace_all(_INVISIBLE, "")
    text = text.str.replace_many(LOOK_ALIKES).str.to_lowercase()
    text = text.str.replace_all(_EDGES, "").str.replace(_SCHEME, "")
    digits = text.str.replace_all(r"[^0-9]", "")
    text = pl.when(text.str.contains(_THOUSANDS)).then(digits).otherwise(text)
    return text.str.replace_all(_BLANKS, "").str.replace(_DOT_ZERO, "$1")


_NO_PARTS: Final = pl.lit(None, dtype=pl.List(pl.String))


def _finished(ids: pl.DataFrame, text: pl.Expr, parts: pl.Expr) -> pl.DataFrame:
    """The forms of ids from their cleaned text."""
    plain = text.str.replace(_ZEROS, "$1$2").str.replace(_ZEROS_BEFORE, "$1")
    return ids.with_columns(plain=plain).with_columns(
        bare=pl.coalesce(pl.col("plain").str.extract(p, 1) for p in (_PREFIXED, _SUFFIXED)),
        squeezed=pl.when(pl.col("plain").str.contains(_BETWEEN)).then(
            pl.col("plain").str.replace_all(_BETWEEN, "")
        ),
        parted=_parted(pl.col("plain")),
        part=parts,
        stem=pl.col("plain").str.extract(_STEM, 1).str.replace(_ZEROS, "$1$2"),
        rounded=_kept(_ROUNDED),
        exact=_kept(_EXACT),
        magnitude=pl.col("plain").str.extract(_SCIENTIFIC, 2).cast(pl.Int64) + 1,
        length=pl.when(pl.col("plain").str.contains(r"^[0-9]{7,}$")).then(
            pl.col("plain").str.len_bytes().cast(pl.Int64)
        ),
    )


def _parted(plain: pl.Expr) -> pl.Expr:
    """Ids with signs inside, each as a hyphen; of an address only what is a kind of hyphen."""
    signs = pl.when(plain.str.contains("@")).then(plain.str.replace_all(_HYPHENS, "-"))
    every = signs.otherwise(plain.str.replace_all(f"(?:{_BETWEEN})+", "-"))
    return pl.when(plain.str.contains(_BETWEEN)).then(every)


def _parts(text: pl.Expr) -> pl.Expr:
    """The ids that stand within a text: addresses beside a name, the end of a path, several in one cell."""
    addresses = text.str.extract_all(_ADDRESS)
    end = pl.concat_list(text.str.extract(_OF_PATH, 1))
    several = text.str.replace_all(_AND, "\0").str.split("\0")
    are_ids = several.list.eval(pl.element().str.contains(_LIKE_ID)).list.all()
    return (
        pl.when(text.str.contains(_OF_PATH))
        .then(end)
        .when(text.str.contains("@") & text.str.contains(r"[\s<>()\[\],;:\"']"))
        .then(addresses)
        .when((several.list.len() > 1) & are_ids & ~text.str.contains(_THOUSANDS))
        .then(several)
    )


def _kept(pattern: str) -> pl.Expr:
    """The first digits of a long number that fits a pattern, and how many it has in all."""
    digits = pl.col("plain").str.extract(pattern, 1)
    return digits + "/" + pl.col("plain").str.len_bytes().cast(pl.String)


def _difference() -> pl.Expr:
    """What an id has and the known one has not, else the other way round.

    P1 and p1 both have a letter before the number, so that tells nothing.
    """
    lower = [pl.col(column).str.to_lowercase() for column in ("id", "known")]
    cases = pl.when(lower[0] == lower[1]).then(pl.lit("capital letters"))
    return pl.coalesce(cases, _kind("id", but_not="known"), _kind("known", but_not="id"))


def _kind(column: str, *, but_not: str | None = None) -> pl.Expr:
    found = pl.lit(None, dtype=pl.String)
    for name, pattern in reversed(list(KINDS.items())):
        is_of = pl.col(column).str.contains(pattern)
        if but_not is not None:
            is_of &= ~pl.col(but_not).str.contains(pattern)
        found = pl.when(is_of).then(pl.lit(name)).otherwise(found)
    return found


def kinds_told(pairs: pl.DataFrame) -> str:
    """How the ids are written, commonest first: `leading zeros (12), a sign (1)`."""
    counts = Counter(pairs.unique("id", keep="first", maintain_order=True)["kind"].to_list())
    return listed([f"{kind} ({counts[kind]:,})" for kind in commonest(counts)], most=len(KINDS))
