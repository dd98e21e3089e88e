"""Where tables come from: one `Source` per entry under `sources:` in personas.yaml."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    WithJsonSchema,
)

from segmentation.rules.source_paths import located
from segmentation.rules.windows import SPAN, Span

TableName = Literal["transactions", "customers", "products", "events"]
#: a word as YAML has it: `values: {size: [42]}` declares the text 42
Word = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if _is_number(v) else v),
    WithJsonSchema({"type": ["string", "number"]}),
]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_LENGTH: Final = "is not a length of time. Write a whole number and a unit: 30d, 2w, 3mo or 1y"


def _length(text: str) -> str:
    if Span.parse(text) is None:
        raise ValueError(f'"{text}" {_LENGTH}')
    return text


class Source(BaseModel):
    """One entry of `sources`: files of one shape, and how to read them.

    `path` is a file, a glob, a folder, `-` for standard input, or an s3://, gs:// or az:// address,
    as it is written; `place` is where that is.
    `columns` maps canonical names to the file's own. What is left out is detected and said.
    `values` lists, by column, words that rules may name or cells may hold though nobody has them
    yet, or no rule can read them: they are known, and stop nothing.
    `quiet_for` says how long a feed that `suppress` reads may be silent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[str, Field(min_length=1)]
    columns: dict[str, str] = {}
    event: str | None = None
    date_format: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None
    encoding: str | None = None
    values: dict[str, Annotated[tuple[Word, ...], Field(min_length=1)]] = {}
    quiet_for: (
        Annotated[str, AfterValidator(_length), Field(json_schema_extra={"pattern": f"^{SPAN}$"})]
        | None
    ) = None
    _folder: FilePath | None = PrivateAttr(default=None)  # of the rules that name it

    def within(self, folder: FilePath) -> Source:
        """The source as rules in a folder name it: relative to it, and with variables."""
        found = self.model_copy()
        found._folder = folder
        return found

    @property
    def is_of_rules(self) -> bool:
        """Whether the rules name it, and not the command line."""
        return self._folder is not None

    @property
    def place(self) -> str:
        """Where it is from here; as it is written where the command line names it. Raises Unset."""
        return self.path if self._folder is None else located(self.path, self._folder)
