"""What parts the cells of a text, guessed from its header: without Polars, as rules are checked without."""

from typing import Final

DELIMITERS: Final = ",;\t|"


def delimiter_of(header: str) -> str:
    """The delimiter that a header has most of outside quotes; a comma when it has none.

    >>> delimiter_of("id;date;amount, net"), delimiter_of("id"), delimiter_of('id;"a,b,c";d')
    (';', ',', ';')
    """
    return max(DELIMITERS, key=outside_quotes(header).count)


def outside_quotes(line: str) -> str:
    """A line without what stands in quotes."""
    return "".join(line.split('"')[::2])
