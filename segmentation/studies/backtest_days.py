"""The days of a backtest, and what to ask for instead when there cannot be one."""

from __future__ import annotations

from datetime import date, timedelta

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, counted
from segmentation.rules.value_settings import YEAR


@dataclass(frozen=True)
class Days:
    """The first order of all, the cutoff, and the last day of the horizon."""

    first: date
    cutoff: date
    until: date

    @property
    def horizon(self) -> int:
        """From the cutoff to the last day."""
        return (self.until - self.cutoff).days

    @property
    def unseen(self) -> int:
        """Days of the horizon whose part of the year lies before the first order."""
        earliest = self.cutoff + timedelta(1 - YEAR)
        return min(max((self.first - earliest).days, 0), self.horizon)


def days_of(first: date, last: date, horizon: int, cutoff: date | None) -> Days:
    """A horizon after the cutoff (default: that the data end with it), all from first to last.

    Raises InputError when they do not fit; whatever its mending says does.
    """
    latest = last - timedelta(horizon)
    found = cutoff or latest
    if not first <= found <= latest:
        raise InputError(
            Problem(_misfit(first, last, horizon, cutoff), mend=_mend(first, last, horizon, cutoff))
        )
    return Days(first, found, found + timedelta(horizon))


def _misfit(first: date, last: date, horizon: int, cutoff: date | None) -> str:
    if cutoff is None:
        history = counted((last - first).days + 1, "day")
        wanted = f"{last - timedelta(horizon)}, the horizon of {counted(horizon, 'day')} before their end"
        return f"there are {history} of history, {first} to {last}: nobody had ordered by {wanted}"
    if cutoff < first:
        return f"nobody had ordered by the cutoff {cutoff}: the first order is of {first}"
    if cutoff >= last:
        return f"nothing comes after the cutoff {cutoff}: the data end on {last}"
    left = counted((last - cutoff).days, "day")
    return f"the data end on {last}, {left} after the cutoff: the horizon has {horizon}"


def _mend(first: date, last: date, horizon: int, cutoff: date | None) -> str:
    """What would do; of the rules' horizon and of the cutoff asked for, what can be kept."""
    longest = (last - first).days
    if not longest:
        return "A backtest needs orders on two days at the least."
    found = []
    if horizon <= longest:
        latest = last - timedelta(horizon)
        found.append(
            f"a --cutoff from {first} to {latest}" if latest > first else f"--cutoff {first}"
        )
    if cutoff is not None and first <= cutoff < last:
        found.append(f"--horizon {(last - cutoff).days}d or less")
    if not found:
        a_third = f"--horizon {max(longest // 3, 1)}d"
        found.append(f"{a_third}{' and no --cutoff' if cutoff else ''}, for example")
    return f"Give {', or '.join(found)}."
