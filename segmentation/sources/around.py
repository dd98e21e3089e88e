"""Tables that are another one with something beside its columns; what they do not say is what that says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.sources.files.content import Content
from segmentation.sources.reader import OddRows, Partner, RawTable
from segmentation.sources.settings import Settings

if TYPE_CHECKING:
    from segmentation.sources.csv.dialect import CsvFile


@dataclass(frozen=True)
class AroundTable(RawTable):
    """A table, and what it says of itself."""

    table: RawTable

    @property
    def is_scanned_in_parts(self) -> bool:
        """As the table is."""
        return self.table.is_scanned_in_parts

    @property
    def can_hold_quoted_blanks(self) -> bool:
        """As the table can."""
        return self.table.can_hold_quoted_blanks

    @property
    def no_rows(self) -> str:
        """What the table says."""
        return self.table.no_rows

    @property
    def texts(self) -> tuple[CsvFile, ...]:
        """Those of the table."""
        return self.table.texts

    @property
    def contents(self) -> tuple[Content, ...]:
        """Those of the table."""
        return self.table.contents

    @property
    def settings(self) -> Settings:
        """Those of the table."""
        return self.table.settings

    @property
    def raises(self) -> tuple[type[BaseException], ...]:
        """What the table raises."""
        return self.table.raises

    def rows_counted(self) -> int | None:
        """Those of the table."""
        return self.table.rows_counted()

    def odd_rows(self) -> OddRows:
        """Those of the table."""
        return self.table.odd_rows()

    def with_text(self, text: str) -> str:
        """The file of the table."""
        return self.table.with_text(text)

    def with_oversize(self, column: str) -> Sequence[str]:
        """The files of the table."""
        return self.table.with_oversize(column)

    def undelimited(self, table: str) -> Problem | None:
        """What the table says."""
        return self.table.undelimited(table)

    def explained(self, error: BaseException) -> Problem:
        """What the table says."""
        return self.table.explained(error)

    def shown(self) -> Mapping[str, str]:
        """The files of the table."""
        return self.table.shown()

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the table."""
        return self.table.notes

    @property
    def pointed(self) -> frozenset[str]:
        """Those of the table."""
        return self.table.pointed

    @property
    def partners(self) -> tuple[Partner, ...]:
        """Those of the table."""
        return self.table.partners
