"""The scale of money: amounts and quantities are integers of 1/10,000, so that sums are exact."""

from typing import Final

SCALE: Final = 10_000
