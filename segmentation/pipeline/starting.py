"""`segment init --from`: rules for files that nobody has described yet, and whether they run.

The sources are what was detected of the files. The rest are those of the shipped rules that the files
can carry, cut out of their text as they stand, with all that these need.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from segmentation.checks.refund_files import is_called_by_refunds
from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, SegmentationError, shell_word
from segmentation.pipeline.answered import answered, is_named
from segmentation.pipeline.job import run
from segmentation.pipeline.meeting_columns import met
from segmentation.pipeline.one_of_two import without_same_sales
from segmentation.publish.starter import RULES, shipped_rules, write_new
from segmentation.rules.column_specs import written as as_written
from segmentation.rules.comparisons import events_in, readings
from segmentation.rules.conditions import Condition, fields
from segmentation.rules.operators import MISSING
from segmentation.rules.reading.options import source_of
from segmentation.rules.reading.read_options import Keys, with_keys
from segmentation.rules.reading.reader import read_rules
from segmentation.rules.ruleset import Rules, with_sources
from segmentation.rules.schema.document import json_schema
from segmentation.rules.source_paths import STANDARD_INPUT, is_whole
from segmentation.rules.sources import Source, TableName
from segmentation.rules.yaml.flow import flow
from segmentation.scan.prepare import Request, prepare
from segmentation.sources.columns.consent import (
    Consent,
    by_last_order,
    is_of_another_channel,
    words_of_list,
)
from segmentation.sources.columns.proposals import stand_in
from segmentation.sources.detected import Detected, Key, detected

Files = Mapping[TableName, Sequence[str]]
KeysOf = Mapping[TableName, Keys]
#: the groups of the rules, in the order of the file, and what stands above each
_GROUPS: Final = {
    "features": "Figures of your own, beside the built-in ones (`segment features` lists those).",
    "dimensions": "Each dimension gives every customer one label: the first rung that holds wins.",
    "personas": "Who gets which message. Everything under one name must hold.",
}
_EVERYONE: Final = "  everyone:\n    title: Everyone\n    match: {}\n"
IGNORED: Final = "audiences/\n"
SCHEMA: Final = "segment.schema.json"


@dataclass(frozen=True)
class Start:
    """Rules that were written: the files, why they do not run yet, and what to know."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    personas: int


def start(folder: Path, files: Files, today: date, keys: KeysOf = MappingProxyType({})) -> Start:
    """Write rules for these files into a folder, and run them without writing. Raises SegmentationError.

    `keys` are what is known of how the files of a table are written.
    """
    for table in keys:
        with_keys(table, [source_of({"path": path}) for path in files.get(table, ())], keys[table])
    named = [is_called_by_refunds(path) for path in files["transactions"]]
    every = [
        answered(one, is_first=i == 0, is_refunds=not all(named) and any(named[i : i + 1]))
        for i, one in enumerate(_detected(files, keys))
    ]
    found = without_same_sales(every)
    kept = _carried(found, today)
    text = "".join(_text([_moved(one, folder) for one in found], kept, files))
    written = write_new(folder, {RULES: text, **_beside(folder)})
    rules = read_rules(folder / RULES)
    problems = tuple(problem for one in found for problem in one.problems)
    guessed = _as_guessed(rules, found)
    for one in (rules, *([guessed] if guessed != rules else [])):
        problems = problems or _stopped_by(one, today)
    return Start(written, problems, len(rules.personas))


def _as_guessed(rules: Rules, found: Sequence[Detected]) -> Rules:
    """The rules without amounts that were found by their names alone: to declare one is to answer what a run asks."""
    detected_so = [one for one in found if one.table == "transactions"]
    sources = [
        _without_amount(source) if any(map(is_named, one.keys)) else source
        for source, one in zip(rules.sources["transactions"], detected_so, strict=True)
    ]
    return replace(rules, sources={**rules.sources, "transactions": tuple(sources)})


def _without_amount(source: Source) -> Source:
    """The source as a run would guess it: where a quantity or a price is declared, no amount of a line is."""
    made = ("amount", "quantity", "unit_price")
    return replace(source, columns={n: c for n, c in source.columns.items() if n not in made})


def _detected(files: Files, keys: KeysOf) -> Iterator[Detected]:
    """How each file is to be read; transactions come first, and say which column customers are told by."""
    transactions = _told_alike(files.get("transactions", ()), keys.get("transactions", {}))
    buyers = frozenset(name for one in transactions for name in _told_by(one))
    every = {
        table: [
            detected(table, _file(path), keys.get(table, {}), of_buyers=buyers)
            for path in files[table]
        ]
        for table in files
        if table != "transactions"
    }
    if len(transactions) == 1 and len(every.get("customers", ())) == 1:
        transactions[0], every["customers"][0] = met(transactions[0], every["customers"][0], keys)
    for table in files:
        yield from transactions if table == "transactions" else every[table]


def _told_alike(paths: Sequence[str], keys: Keys) -> list[Detected]:
    """Files of transactions, whose customers are told by one column where all of them have it."""

    def of(buyers: Collection[str]) -> list[Detected]:
        of_buyers = frozenset(buyers)
        return [
            detected(
                "transactions",
                _file(path),
                keys,
                of_buyers=of_buyers,
                is_beside_others=len(paths) > 1,
            )
            for path in paths
        ]

    found = of(())
    names = dict.fromkeys(name for one in found for name in _told_by(one))
    for name in names if len(names) > 1 else ():
        alike = of((name,))
        if all(_told_by(one) == [name] for one in alike):
            return alike
    return found


def _told_by(one: Detected) -> list[str]:
    """The column that customers are told by."""
    return [
        str(key.value) for key in one.keys if (key.under, key.name) == ("columns", "customer_id")
    ]


def _beside(folder: Path) -> dict[str, str]:
    """What a folder of rules needs besides, where it is not there: what git leaves out, and editors read."""
    wanted = {".gitignore": IGNORED, SCHEMA: json.dumps(json_schema(), indent=2) + "\n"}
    return {name: text for name, text in wanted.items() if not (folder / name).exists()}


def _file(path: str) -> str:
    """A path of the command line. Raises InputError for what is no file."""
    if path == STANDARD_INPUT or path.startswith("/dev/"):
        what = "what comes through a pipe can be read only once"
        raise InputError(Problem(what, path, "Save it as a file, and name that."))
    return path


def _moved(one: Detected, folder: Path) -> Detected:
    """The source as rules in a folder write it: paths start from there."""
    path, *others = one.keys
    keys = [replace(path, value=_from(folder, str(path.value)))]
    keys += [_joined_from(folder, key) if key.name == "join" else key for key in others]
    return replace(one, keys=tuple(keys))


def _joined_from(folder: Path, key: Key) -> Key:
    if not key.certain:  # a person names the file
        return key
    return replace(key, value=[{**one, "path": _from(folder, one["path"])} for one in key.value])


def _from(folder: Path, path: str) -> str:
    """A path as it is written in a folder."""
    if is_whole(path):
        return path
    return os.path.relpath(os.path.realpath(path), os.path.realpath(folder))


def _stopped_by(rules: Rules, today: date) -> tuple[Problem, ...]:
    """Why the rules do not run; nothing where they do."""
    try:
        run(rules, today=today)
    except SegmentationError as error:
        return error.problems
    return ()


# -- which rules ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kept:
    """Of the shipped rules what the files can carry, by group; and the numbers of its suppress rules."""

    rules: Rules
    names: Mapping[str, Sequence[str]]
    suppress: Sequence[int]


def _carried(found: Sequence[Detected], today: date) -> _Kept:
    """What the files can carry; where they cannot be read yet, everything that needs nothing but transactions."""
    shipped = read_rules(shipped_rules())
    sources: dict[TableName, Any] = {}
    for one in found:
        is_open = any(not key.certain and key.under == "columns" for key in one.keys)
        data = _stand_in(one) if is_open else one.data
        sources[one.table] = (*sources.get(one.table, ()), source_of(data))
    try:
        possible = prepare(Request(with_sources(shipped, sources), today)).possible
    except SegmentationError:
        return _Kept(shipped, {"personas": ()}, ())
    personas = [one.name for one in possible.personas]
    conditions = [shipped.personas[name].match for name in personas]
    each = [one.for_each for one in possible.personas if one.for_each]
    named = _named(shipped, conditions, each)
    names = {
        "features": [n for n in shipped.features if n in named],
        "dimensions": [n for n in shipped.dimensions if n in named],
        "personas": personas,
    }
    numbers = [int(label.split()[1]) - 1 for label in possible.suppress]
    return _Kept(shipped, names, numbers)


def _stand_in(one: Detected) -> dict[str, Any]:
    """The source with something for each column that a person has to name."""
    is_open = any(key.name == "join" and not key.certain for key in one.keys)
    data = {n: value for n, value in one.data.items() if n != "join" or not is_open}
    for key in one.keys:
        if not key.certain and key.under == "columns":
            data.setdefault(key.under, {})[key.name] = as_written(stand_in(key.name))
    return data


def _named(rules: Rules, conditions: Iterable[Condition], labels: Sequence[str]) -> set[str]:
    """The names behind conditions and labels, with the dimensions that others cross."""
    dimensions = {name: rules.dimensions[name] for name in labels if name in rules.dimensions}
    behind = [*conditions, *(c for one in dimensions.values() for c in one.conditions())]
    found = {*labels, *(str(n) for c in rules.reached(behind) for n in fields(c))}
    crossed = {n for name in found & {*rules.dimensions} for n in rules.dimensions[name].crosses()}
    return found if crossed <= found else found | _named(rules, behind, [*found, *crossed])


# -- as text --------------------------------------------------------------------------------------


def _text(found: Sequence[Detected], kept: _Kept, files: Files) -> Iterator[str]:
    named = " ".join(_option(table, path) for table in files for path in files[table])
    yield f"# yaml-language-server: $schema={SCHEMA}\n"
    yield f'# Written by `segment init {named}`. What says "decide" or "check" is for you.\n#\n'
    yield "#   segment run         computes every persona and writes its customers to audiences/<date>/\n"
    yield "#   segment validate    checks this file without data\n\nversion: 1\n"
    if any(one.has_zone for one in found):
        yield "\n# timezone: Europe/Berlin    # decide: moments carry a zone, and without this days are those of UTC\n"
    yield "\nsources:\n"
    for table in dict.fromkeys(one.table for one in found):
        yield from _table(table, [one for one in found if one.table == table])
    yield from _groups(kept, found)


def _option(table: str, path: str) -> str:
    return f"{'--from' if table == 'transactions' else f'--{table}'} {shell_word(path)}"


def _table(table: str, found: Sequence[Detected]) -> Iterator[str]:
    yield f"  {table}:\n"
    for one in found:
        yield from (f"    # {remark}\n" for remark in one.remarks)
        is_listed = len(found) > 1
        lines = list(_keys(one.keys))
        for number, line in enumerate(lines):
            yield f"    {('- ' if number == 0 else '  ') if is_listed else ''}{line}\n"


def _keys(keys: Sequence[Key]) -> Iterator[str]:
    """The lines of a source; those of which a person decides are comments."""
    for key in keys:
        if not key.under:
            yield _line(key)
    for group in dict.fromkeys(key.under for key in keys if key.under):
        own = [key for key in keys if key.under == group]
        yield f"{group}:" if any(key.certain for key in own) else f"# {group}:"
        yield from (_line(key, "  ") for key in own)


def _line(key: Key, indent: str = "") -> str:
    said = f"    # {'' if key.certain else 'decide: '}{key.said}" if key.said else ""
    return f"{indent}{'' if key.certain else '# '}{flow(key.name)}: {flow(key.value)}{said}"


def _groups(kept: _Kept, found: Sequence[Detected]) -> Iterator[str]:
    """The groups of the rules, cut out of the text of those that come with the tool."""
    lines = kept.rules.document.source.decode().splitlines(keepends=True)
    told, consents = _consents(found)
    for group, said in _GROUPS.items():
        names = kept.names.get(group, ())
        blocks = [_block(lines, kept.rules, (group, name)) for name in names]
        if group == "features":
            blocks += [f"  {name}: {flow(feature)}\n" for name, feature in told.items()]
        if group == "personas" and not blocks:
            blocks = [_EVERYONE]
        if blocks:
            yield f"\n# {said}\n{group}:\n"
            yield ("" if group == "features" else "\n").join(blocks)
    yield from _suppressed(lines, kept, found, consents)
    order = [name for name in kept.rules.waterfall if name in kept.names.get("personas", ())]
    if order:
        yield "\n# One message each: whoever is in several of these stays in the first.\nwaterfall:\n"
        yield from (f"  - {name}\n" for name in order)
    yield "\n# Some crossings have no journey: without this line you are told which.\nnotices: {uncovered: off}\n"


def _consents(
    found: Sequence[Detected],
) -> tuple[Mapping[str, Mapping[str, Any]], Sequence[Consent]]:
    """What the files tell of consent, each column once; and the features that it takes.

    What was said with an order is older than what a file of customers says: it counts without one.
    """
    by_table = {
        table: {c.column: c for one in found if one.table == table for c in one.consents}
        for table in ("customers", "transactions")
    }
    customers = [*by_table["customers"].values()]
    if any(not is_of_another_channel(one.column) for one in customers):
        return {}, customers
    features, orders = by_last_order([*by_table["transactions"].values()])
    return features, [*customers, *orders]


def _suppressed(
    lines: Sequence[str], kept: _Kept, found: Sequence[Detected], consents: Sequence[Consent]
) -> Iterator[str]:
    """The rules of who is left out: of what the files tell, then those that come with the tool."""
    suppressing = [kept.rules.suppress[number] for number in kept.suppress]
    own = list(_own_rules(found, consents, events_in(readings(kept.rules, suppressing, ()))))
    told = {column for consent in consents for column in _fields_of(consent)}
    shipped = [
        n for n in kept.suppress if told.isdisjoint(map(str, fields(kept.rules.suppress[n])))
    ]
    if shipped or any(not line.startswith("  #") for line in own):
        yield "\n# Nobody here is written to, whatever the persona.\nsuppress:\n"
        yield from own
        yield from (_block(lines, kept.rules, ("suppress", number)) for number in shipped)
        return
    yield "\n# decide: nobody is left out before consent is known"
    yield ", for example\n" if not own else "\n"
    yield "# suppress:\n"
    yield from own or [
        "#   - {consent_email: {is_not: true}}    # a column of customers: --customers FILE\n"
    ]


def _choice(rule: Mapping[str, Any]) -> str:
    """What a rule means of which a person decides."""
    if words_of_list(rule):
        return "if these words say that somebody must not be written to"
    [test] = rule.values()
    if MISSING.name not in test:
        return "for WORD, what stands there where somebody may be written to"
    return f"if whoever has {'nothing' if test[MISSING.name] else 'a day'} there must not be written to"


def _fields_of(one: Consent) -> set[str]:
    """The column, where there is a rule for it."""
    return {one.column} if one.conditions else set()


def _own_rules(
    found: Sequence[Detected], consents: Sequence[Consent], known: Collection[str]
) -> Iterator[str]:
    """A line for each column and event of the files that tells who must not be written to, but for those known."""
    are_others = [is_of_another_channel(one.column) for one in consents]
    for one, is_other in zip(consents, are_others, strict=True):
        of_others = is_other and not all(are_others)
        for condition in one.conditions:
            mark, said = ("# - ", "decide: for what goes out that way") if of_others else ("- ", "")
            yield f"  {mark}{flow(condition)}    # {said or f'check: {one.said}'}\n"
        for choice in one.choices:
            yield f"  # - {flow(choice)}    # decide: {_choice(choice)}\n"
    refusals = dict.fromkeys(event for source in found for event in source.refusals)
    for event in (event for event in refusals if event not in known):
        yield f"  - {flow({'did': event})}    # check: this event is read as a refusal\n"


def _block(lines: Sequence[str], rules: Rules, path: tuple[str | int, ...]) -> str:
    """The lines of one name, without what stands above it or the next one."""
    first = (rules.where(path, key=True).line or 1) - 1
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while last < len(lines) and _is_within(lines[last], indent):
        last += 1
    return "".join(lines[first:last])


def _is_within(line: str, indent: int) -> bool:
    bare = line.lstrip()
    return bool(bare) and len(line) - len(bare) > indent
