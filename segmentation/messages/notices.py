"""What a run or a check has to say, as one kind of value: a code, a level, a text, a place, a mend.

Every check yields notices into one list. `CODES` is the one table of what can be said; a code is
API (docs/notices.md is generated from it). The rules may give a code another level, `--strict`
makes warnings errors, and an error stops a run before anything is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, Protocol

from segmentation.dataclass import dataclass
from segmentation.messages.errors import CheckFailed, InputError, Problem, SegmentationError, Where

Level = Literal["info", "warn", "error"]
Setting = Literal["off", "info", "warn", "error"]


@dataclass(frozen=True)
class Code:
    """One thing that can be said: its usual level, and for docs/notices.md what it means.

    `of_suppression`: whether it speaks of who must not be written to. `if read`: where suppress
    reads what it is about; whoever says it tells.
    """

    level: Level
    of_suppression: Literal["always", "if read", "never"]
    meaning: str
    cause: str
    mend: str


FEWEST_DAYS: Final = 90  # of a silence that is signed for: with less, a healthy feed stops runs


@dataclass(frozen=True)
class Door:
    """What whoever signs the rules says there, so that a finding stops nothing.

    `when` begins a sentence: the case in which it may be said. `entries` are the sources of `table`
    (by their place in its list) that get `values`, by column, or `quiet_for`; with `as_none` these values
    are words for nothing and stand under `missing`. Without a table, the code of the notice is set to warn.
    """

    when: str = ""
    table: str = ""
    entries: tuple[int, ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    quiet_for: str = ""
    as_none: bool = False


@dataclass(frozen=True)
class Notice:
    """One thing that was found.

    `is_of_suppression` marks doubts about who must not be written to: no setting brings them
    below a warning. `mend` says how to repair what was found, `doors` how to sign for it.
    """

    code: str
    level: Level
    text: str
    where: Where = ""
    mend: str = ""
    is_of_suppression: bool = False
    doors: tuple[Door, ...] = ()

    def problem(self) -> Problem:
        """The same as a problem, for errors."""
        return Problem(self.text, self.where, self.mend)

    def to_json(self) -> dict[str, str]:
        """The shape of manifests."""
        return {
            "code": self.code,
            "level": self.level,
            "text": self.text,
            "where": str(self.where),
            "mend": self.mend,
        }


def notice(
    code: str,
    text: str,
    *,
    where: Where = "",
    mend: str = "",
    level: Level | None = None,
    is_of_suppression: bool = False,
    door: Door | None = None,
) -> Notice:
    """A notice at the usual level of its code, or at another where the finding says so.

    Every stop of suppression has a door: where it names none, the level of its code is one.
    """
    usual = CODES[code].level  # also asked of those that bring their own: no code is unknown
    is_of_suppression |= CODES[code].of_suppression == "always"
    is_stop = is_of_suppression and (level or usual) == "error"
    found = door or (Door() if is_stop else None)
    doors = () if found is None else (found,)
    return Notice(code, level or usual, text, where, mend, is_of_suppression, doors)


class Doors(Protocol):
    """How doors are told: `segmentation.checks.doors` knows the rules in which they are opened."""

    def told(self, one: Notice) -> Notice:
        """The notice, its mend with what is to be said of its doors."""

    def merged(self, stops: Sequence[Notice]) -> str:
        """The doors of everything that stopped a command, as one text; empty where there are none."""


def judged(
    found: Iterable[Notice],
    settings: Mapping[str, Setting],
    *,
    strict: bool = False,
    own: type[SegmentationError] = InputError,
    doors: Doors | None = None,
) -> tuple[Notice, ...]:
    """The notices at the levels that the rules and `strict` give them, each once.

    Raises `own` where something is an error by itself and the rules leave it one, CheckFailed where
    it was only made one; the exception names every error, and carries every notice for --json and
    the `doors` of errors.
    """
    pairs = [(one, levelled(one, settings, strict=strict)) for one in dict.fromkeys(found)]
    kept = tuple(after for _, after in pairs if after is not None)
    errors = [(before, after) for before, after in pairs if after and after.level == "error"]
    if errors:
        stop = own if any(_is_left_an_error(one, settings) for one, _ in errors) else CheckFailed
        raise stopped(stop, [after for _, after in errors], kept, doors)
    return kept


def _is_left_an_error(one: Notice, settings: Mapping[str, Setting]) -> bool:
    """Whether a notice is an error by itself, and the rules do not sign for it."""
    left = levelled(one, settings)
    return one.level == "error" and left is not None and left.level == "error"


def stopped(
    kind: type[SegmentationError],
    errors: Sequence[Notice],
    kept: Sequence[Notice] | None = None,
    doors: Doors | None = None,
) -> SegmentationError:
    """The exception for notices that stop a command; `kept` is all that was to be said (default: they)."""
    kept = errors if kept is None else kept
    if doors is None:
        return kind(*(one.problem() for one in errors), notices=kept)
    told = [doors.told(one) for one in kept]
    problems = (doors.told(one).problem() for one in errors)
    return kind(*problems, notices=told, doors=doors.merged(errors))


def levelled(
    one: Notice, settings: Mapping[str, Setting], *, strict: bool = False
) -> Notice | None:
    """A notice at the level that the rules and `strict` give it, None where it is switched off.

    `off` and `info` do not reach what is said of suppression: it keeps its own level.
    """
    level: Setting = settings.get(one.code, one.level)
    if one.is_of_suppression and level in ("off", "info"):
        level = one.level
    if strict and level == "warn":
        level = "error"
    return None if level == "off" else replace(one, level=level)


#: code -> its usual level, what it means, where it comes from, how to mend it
CODES: Final[Mapping[str, Code]] = {
    "guessed": Code("info", "never", "Something was recognised, not declared.",
                    "A column, a date format or a decimal sign is not named in the rules.",
                    "Nothing, if it is right; else say it under sources."),
    "unread-column": Code("info", "never", "Two columns of a file could be meant by a name, and neither is read.",
                          "Both have a name that is known for it, and no rule needs it.",
                          "Nothing; to have it read, say which under sources: columns."),
    "hidden-column": Code("info", "if read", "A column of a file is not used.",
                          "It is called like a built-in feature, or like a column that is worked out of "
                          "others (discounted, new_arrival, margin, the days ordered_on and occurred_on), "
                          "which is used instead.",
                          "Give the column another name under sources: columns, of its table."),
    "rules-of-the-tool": Code("info", "never", "The rules that come with the tool were used.",
                              "There is no personas.yaml here.", "Write one: segment init DIR."),
    "no-personas": Code("info", "never", "The rules have no persona, so that there is no audience.",
                        "The file has sources, and the key personas is missing or empty.",
                        "Add one: personas: {everyone: {}}. segment init DIR writes examples, segment init --from FILE "
                        "those that a file can carry."),
    "without-order": Code("info", "never", "Customers without an order were left out.",
                          "They are known from customers, events or returns only.",
                          "base: everyone includes them."),
    "rows-set-aside": Code("info", "if read", "Rows are not used, and nothing is wrong with them.",
                           "No customer, after as_of, blank, or a duplicate.", "Nothing."),
    "rows-joined": Code("info", "never", "How many rows have a partner in the files that are joined to them.",
                        "A join stands under the source.", "Nothing; rows without a partner are in rejects.csv, or stay with optional: true."),
    "join-keys-alike": Code("warn", "if read", "Rows have no partner in a joined file, but would if keys were written alike.",
                            "One file writes 00012, A1 or 1.0 where the other has 12, a1 or 1. Where suppress reads what an optional "
                            "join brings, it stops the run.",
                            "Write the key in one way in both files."),
    "unchosen-rows": Code("error", "never", "Rows that are said to be no sales would count as purchases, or a consent to another channel as one to mails.",
                          "A column holds states of orders (cancelled, unpaid, test), flags or kinds of events, or says of which channel "
                          "the consent of a customer is, and no where chooses among them.",
                          "Write a where on that column under sources; any one is taken."),
    "continued-orders": Code("error", "never", "Rows of orders have no customer, or no day, and a row above them has one.",
                             "A system writes what holds for all lines of an order on the first one only, or cells were merged.",
                             "Write fill_down under sources with the columns that are blank there; or leave the rows out "
                             "by a where."),
    "total-rows": Code("error", "never", "Rows that add up others would count as purchases.",
                       "The column of customers holds Total, or a customer's id with such a word beside it; or lines of orders do, and are the sum of others of their order, or stand in most orders; or what an order or a set came to stands beside its lines or parts, or below zero what was paid for it.",
                       "Leave them out with a where on that column under sources; it decides about those that it names."),
    "amount-in-cents": Code("info", "never", "An amount is read as it stands from a column that speaks of cents.",
                            "A payment service writes whole cents.",
                            "Write amount: COLUMN / 100 under columns of the source, or nothing."),
    "where-unseen": Code("error", "if read", "A where names a value that no row of its column has.",
                         "It is written otherwise in the data, or is still to come; or it is true or false, and cells say neither yes nor no. "
                         "Under a negation (is_not, none_of) it leaves out nobody, and stops the run, as it does where suppress reads "
                         "the source and the column has a value like it; else it warns. Where another value of the list is held, and none "
                         "that is like this one, it is a note.",
                         "Write it as the column has it; of what is still to come declare `values` on the source."),
    "where-spelling": Code("error", "if read", "Rows have a value that a where names in another spelling, too.",
                           "A where compares values as they are written, with capitals and accents. Under a negation "
                           "the other spelling counts, and stops the run; else its rows are set aside, and it warns, or stops where "
                           "suppress reads the source.",
                           "Name both spellings, or mend the data."),
    "equal-rows": Code("info", "never", "Rows are alike to the last cell, or two files say the same of one order.",
                       "Two pieces are two lines, or an export was written twice. In two files it is a warning.",
                       "Nothing, or remove them from the export."),
    "orders-by-day": Code("info", "never", "No column tells orders, so that a customer's day is one.",
                          "No column has a name that is known for order_id.",
                          "Name the column: columns: {order_id: NAME}; or sign for it: order_id: null."),
    "order-ids-again": Code("warn", "never", "Purchases of one order id lie a month or more apart, and count as one order.",
                            "Numbers begin again: for each store, each till, each year.",
                            "Two columns tell an order then: columns: {order_id: [STORE, NUMBER]}."),
    "guests": Code("error", "never", "Customers of whom an address is known and no id would be left out, or be one.",
                   "The column of customers is blank or 0 in rows of guests, and a column of addresses is filled in.",
                   "Read customer_id from the addresses under columns of the source, or name the column of ids there."),
    "nobody-in-particular": Code("info", "never", "An id that names nobody in particular is taken for a customer.",
                                 "A guest account or a till's own card is in the column of customers.",
                                 "Name it under missing of the source, or nothing."),
    "empty-file": Code("warn", "never", "A file of transactions has no rows, and others have some.",
                       "Nothing was sold, or the export failed.", "Nothing, or write the export once more."),
    "feed-shrank": Code("error", "never", "A file holds less than half of the rows that the last run read of it.",
                        "The export was cut off, or is of one day where it was of a year.",
                        "Look at the export; where it is meant, set this code to warn."),
    "several-currencies": Code("error", "never", "Amounts of several currencies would be added up.",
                               "A column of currencies holds more than one.",
                               "Keep one with a where on that column under sources, or convert them there with rates."),
    "currency-blank": Code("warn", "never", "Rows with an amount leave the currency blank, and others name one.",
                           "Programs of accounts leave the currency of the house blank.",
                           "Read the blank ones as a source of their own, with their currency and rates; or say that all are "
                           "in one: columns: {currency: {constant: USD}}."),
    "amount-per-order": Code("error", "never", "The amount of a whole order would count as that of a line.",
                             "In all orders of several rows it stands on one of them only, or is the same on all; of an amount that is "
                             "called by its order (`Order Total`) one such order is enough.",
                             "Write amount: {per_order: NAME} under columns of the source. Where each row has its own, "
                             "name the column there: that is a warning."),
    "doubted-amount": Code("error", "never", "What was guessed to be the amount is not what was paid.",
                           "Refunds stand in a column beside it and are not taken off, it is before discounts or in cents, returns have their "
                           "sign at the quantity alone, pieces came back, the price that is multiplied with the quantity is that of the whole line, "
                           "it is net and what was paid stands beside it, the amount is called by the price of one piece, or other currencies have columns of their own. "
                           "Amounts that are joined from another source of sales would count twice, and so would orders that stand in two sources. "
                           "A warning names files whose whole amounts are a hundred times those of others: cents; "
                           "and discounts in percent beside a quantity and a price.",
                           "Write the amount under columns of the source: as the message says, or as it was guessed."),
    "second-header": Code("error", "never", "A header stands within a file, its columns in another order.",
                          "Two exports were put together.", "Cut the file in two at the line that is named."),
    "orders-not-alone": Code("error", "never", "Orders whose amount stands for all of them have rows of several customers.",
                             "Numbers of orders repeat, as each shop has its own. Where such an order stands in several files, "
                             "it is a warning: it counts once in each.",
                             "Make the order of two columns: columns: {order_id: [SHOP, ORDER]}."),
    "rows-rejected": Code("warn", "if read", "Rows cannot be used.", "A date, a number or a cell is unreadable.",
                          "Look at rejects.csv and mend the export."),
    "left-out": Code("warn", "never", "Rules were left out.",
                     "Files of the command line lack a table, a column or an event that they need.",
                     "Give the table or the column, or do without."),
    "suppression-left-out": Code("warn", "always", "Not every suppress rule could be applied.",
                                 "Files of the command line lack what it reads.",
                                 "Do not send to these files before consent is checked."),
    "consent-unread": Code("warn", "never", "A column or an event tells who must not be written to, and no suppress rule reads it.",
                           "The name speaks of consent or of a refusal, and so do the cells; or they hold codes that are no plain yes or no.",
                           "Write the suppress rule that is named, with the words that say yes where they are asked for. Where it says nothing of that, declare its words under "
                           "values of the source, or set this code to off."),
    "unseen-value": Code("warn", "if read", "A rule compares with a value that nobody has.",
                         "A typo, other case, or a value that is yet to come.",
                         "Write it as the data has it; or declare it under values of the source."),
    "unseen-part": Code("info", "if read", "Of a list of parts of texts nobody has one, and somebody another.",
                        "A pattern that nobody meets today; or a typo.", "Nothing, if it is right."),
    "unreadable-value": Code("warn", "if read", "A column holds words that a rule cannot read.",
                             "Texts where a rule adds up or compares numbers, dates, or yes and no.",
                             "Mend the column, compare it as text, or declare under missing of its source what says nothing."),
    "not-added-up": Code("warn", "if read", "Cells of a column that a rule adds up are left out of the sum.",
                         "They hold numbers beyond 9e18 or below 1e-12.",
                         "Mend the column, or choose its rows with where."),
    "near-value": Code("warn", "if read", "A rule names a value, and the data has the same in another spelling, too.",
                       "Capitals, blanks, signs that cannot be seen.",
                       "Name both in the rule, mend the data, or declare the other under values."),
    "quiet-source": Code("info", "always", "A feed that suppress reads is silent, and the rules sign for that.",
                         "`quiet_for` of its source.", "Nothing; look at the feed now and then."),
    "declared-value": Code("info", "always", "A word is known only because a source declares it (values).",
                           "It is yet to come, or says nothing that a rule could read.",
                           "Remove it from values once the data has it."),
    "unknown-column": Code("warn", "never", "values or missing of a source name a column that its table lacks.",
                           "A typo, or the file's own name of a column that is mapped.",
                           "Write the column as rules do."),
    "blank-cells": Code("info", "always", "A column that suppress compares is blank for some.",
                        "Nobody asked them, or the export leaves them out.",
                        "Nothing, if a blank is no refusal; else add {COLUMN: {missing: true}}."),
    "percent-ties": Code("warn", "if read", "A percentage matches more than twice as many as it says.",
                         "Many have the same value, such as 0.",
                         "Leave them out with among, or compare with a number."),
    "nobody-did": Code("warn", "if read", "A did, count or share holds for no customer.",
                       "A value is not written as the data has it, or nobody did.",
                       "Check the spelling."),
    "unknown-event": Code("warn", "if read", "A rule reads an event that the data lacks.", "A typo, mostly.",
                          "Write it as the data has it."),
    "ids-do-not-meet": Code("warn", "always", "The ids of a table are not those of the buyers.",
                            "Ids are written in another way: 007 is not 7.",
                            "Write customer_id alike everywhere."),
    "file-without-rows": Code("error", "always", "A file that suppress reads has no row that can be used.",
                              "The export failed; or nothing happened.",
                              "Mend the export; or quiet_for on the source, if it may be silent."),
    "other-order-of-days": Code("error", "always", "A file that suppress reads writes day and month the other way round.",
                                "The export changed its date format.",
                                "Give the file a source of its own, with its date_format."),
    "file-cut-off": Code("warn", "always", "The last line of a file that suppress reads looks cut off.",
                         "The export or the copy was cut short.", "Copy the file once more, or end its last line."),
    "files-not-read": Code("warn", "always", "A folder or pattern that suppress reads leaves out what looks like its files.",
                           "Of a folder only its own *.csv, *.json, *.jsonl, *.ndjson (each also .gz), *.parquet and *.xlsx are read; `*.csv` matches no `b.CSV`.",
                           "Rename or move the file, or name a pattern that matches it."),
    "file-without-column": Code("error", "always", "A file lacks a column that suppress reads and others have.",
                                "The export changed.", "Map the column, or mend the export."),
    "twin-columns": Code("warn", "if read", "A file has two columns whose names are almost the same, and a rule reads one.",
                         "They differ in case, blanks or signs only; the export has one twice.",
                         "Rename one, or say under columns of the source which is meant."),
    "file-without-event": Code("error", "always", "A file lacks the event that it stands for.",
                               "The word for the event changed; or nothing happened.",
                               "Mend the export; or quiet_for on the source, if it may be silent."),
    "rejected-rows-suppress": Code("warn", "always", "Customers are suppressed as their rows cannot be read.",
                                   "Rejected rows of what suppress reads may be their no.",
                                   "Mend the rows that rejects.csv names."),
    "rows-in-quotes": Code("error", "if read", "Rows stand in a quoted cell of another, and are not read.",
                           "A quote that opens in one row and closes in a later one. Of transactions it stops the run; "
                           "whom such rows of what suppress reads name is suppressed.",
                           "Mend the quotes of the line that is named."),
    "undated-rows-suppress": Code("warn", "always", "Customers are suppressed as nobody knows which of their rows is the newest.",
                                  "A row without a date in latest_by says something else than the newest of its customer.",
                                  "Mend the dates, or set such rows aside with a where."),
    "rejected-rows-of-nobody": Code("error", "always", "Rows that suppress reads name no customer that can be read.",
                                    "Cells too many or too few, or a file that is cut off.",
                                    "Mend the rows."),
    "column-without-values": Code("error", "always", "A column that suppress reads is empty for all customers.",
                                  "The export left it out.", "Mend the export."),
    "customers-unlisted": Code("info", "if read", "Customers who ordered have no row in customers.",
                               "Guests; or ids that are written in another way.",
                               "Nothing, or write customer_id alike everywhere."),
    "suspicious-ids": Code("warn", "always", "Ids meet nobody, but would if they were written alike.",
                           "008, c8, +8 or 8.0 for 8; a spreadsheet, mostly.",
                           "Write customer_id alike everywhere."),
    "ids-in-two-ways": Code("error", "never", "Customers have the id of another one, written in another way.",
                            "One file or system writes 007, AB12 or 12345.0 where another has 7, ab12 or 12345. From a "
                            "twentieth of all customers on it stops the run.",
                            "Write ids: plain on the sources where they are the same people."),
    "rounded-ids": Code("error", "if read", "Ids are numbers that a spreadsheet rounded.",
                        "Scientific notation, or numbers of a workbook from 2^53 on: different customers, orders or products have one id.",
                        "Export the ids as text."),
    "rows-after-as-of": Code("warn", "always", "Rows that suppress reads are of days after as_of.",
                             "--as-of lies in the past.", "Nothing, if that is meant."),
    "rows-in-the-future": Code("warn", "always", "Rows that suppress reads are dated after today.",
                               "A typo, a time zone, or a wrong clock.", "Mend the dates."),
    "suppress-among": Code("info", "always", "A percentage under suppress is of some customers only.",
                           "among, or base: everyone.", "Nothing, if that is meant."),
    "percent-of-nobody": Code("error", "always", "A percentage under suppress is reached by nobody.",
                              "Nobody has a value; or --cuts has the threshold of other data.",
                              "Take newer cuts, or mend what is ranked."),
    "broken-feed": Code("error", "if read", "More of an input's rows, or of its value, is rejected than its source allows (1 %).",
                        "The export changed.", "Mend the export, or how it is read."),
    "as-of-moved": Code("warn", "never", "One table runs ahead of the others and so moves as_of.",
                        "A feed came early, another late; or a wrong date.",
                        "Wait for the other feed, or give --as-of."),
    "stale-source": Code("warn", "if read", "A feed is old.", "It stopped, or runs late.", "Look at the feed."),
    "event-went-quiet": Code("warn", "always", "An event that suppress reads stopped, and others of its feed go on.",
                             "The word for it changed; or nothing happened.",
                             "Look at the feed; or quiet_for on the source, if it may be silent."),
    "unlisted-products": Code("warn", "if read", "Lines name products that products lack.",
                              "The catalogue is not complete.", "Complete it."),
    "all-suppressed": Code("warn", "always", "Suppression takes everybody.", "Its column holds other words.",
                           "Check the values of its columns."),
    "empty-persona": Code("warn", "never", "A persona has no members.", "Its conditions are too narrow.",
                          "Widen them, or wait."),
    "known-now": Code("info", "never", "A history takes columns of customers as they are now, at every date.",
                      "The file holds no former values.", "Nothing; what changes is better told by events."),
    "model-fit": Code("warn", "never", "A model says something of its fit.", "Too few customers, or a bound.",
                      "Read docs/value.md."),
    "cuts-fitted-anew": Code("warn", "never", "Thresholds of --cuts do not answer the rules.",
                             "The rules changed since.", "Nothing, or take newer cuts."),
    "cuts-lack-value": Code("warn", "never", "--cuts lists fewer values than the data has.",
                            "New values since.", "Take newer cuts."),
    "formula-guard": Code("warn", "never", "Cells were written with an apostrophe before them.",
                          "A spreadsheet would run them.",
                          "For machines: safe_csv: false, or --format parquet."),
    "impossible-persona": Code("error", "never", "A persona can never match.",
                               "Its conditions exclude each other.", "Change one of them."),
    "unreachable-rung": Code("error", "never", "No customer reaches a rung of a dimension.",
                             "Its condition holds for nobody, or rungs above it take everybody.",
                             "Move it up, change it, or remove it."),
    "unreachable-label": Code("warn", "never", "No customer can get a label of a grid.",
                              "The labels that it crosses exclude each other.",
                              "Use another label in its place."),
    "persona-suppressed": Code("warn", "never", "Whoever matches a persona is suppressed.",
                               "suppress holds for all that its conditions allow.",
                               "Change its conditions, or those of suppress."),
    "idle-suppress": Code("warn", "always", "suppress leaves nobody out.",
                          "None of its conditions can hold.", "Change it, or remove it."),
    "always-outranked": Code("warn", "never", "A persona of the waterfall always loses.",
                             "Whoever matches it is in a higher one.",
                             "Move it up, or narrow what stands above it."),
    "uncovered": Code("warn", "never", "The waterfall has no persona for some combinations of labels.",
                      "A gap between personas that are made of labels.",
                      "Add a persona, or say that the gap is meant: notices: {uncovered: off}."),
    "matched-when-missing": Code("warn", "if read", "A negation lets in customers of whom nothing is known.",
                                 "not of a missing value is true.",
                                 "Add missing: false beside it, or say that it is meant."),
    "taken-on-trust": Code("info", "never", "Names are taken for columns of customers.",
                           "validate reads no data, and no header of these files.",
                           "Nothing; segment run knows the columns."),
    "backtest-bias": Code("warn", "never", "A backtest's predicted total is far from the actual one.",
                          "The past was another than what came.",
                          "Trust the ranking, not totals; docs/value.md."),
    "backtest-season": Code("warn", "never", "A backtest's horizon lies in a part of the year not seen before.",
                            "Less than a year of history before the cutoff.",
                            "Take a later --cutoff, or more history."),
    "backtest-ranking": Code("warn", "never", "The model ranks no better than a plain rule.",
                             "Little repeat business, or too few customers.",
                             "Rank by spend, or give more history."),
    "latest-stays": Code("warn", "never", "latest leads to a later day.", "An old day was filled in.",
                         "Nothing."),
}  # fmt: skip
