"""Where tables come from: one `Source` per entry under `sources:` in personas.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

TableName = Literal["transactions", "customers", "products", "events"]


class Source(BaseModel):
    """One entry of `sources`: files of one shape, and how to read them.

    `path` is a file, a glob, a folder, `-` for standard input, or an s3://, gs:// or az:// address.
    `columns` maps canonical names to the file's own. What is left out is detected and said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[str, Field(min_length=1)]
    columns: dict[str, str] = {}
    event: str | None = None
    date_format: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None
    encoding: str | None = None
