"""From personas.yaml to `Rules`, or one RulesError with every mistake at its line and column."""

from __future__ import annotations

import hashlib
from pathlib import Path as FilePath
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from segmentation.errors import Problem, RulesError
from segmentation.rules.conditions import EVERYONE, Path
from segmentation.rules.dimensions import parse_dimension
from segmentation.rules.notice_levels import parse_levels
from segmentation.rules.prose import quoted
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.file import DEVICES, NAME, RESERVED, PersonaFile, RulesFile, Sources
from segmentation.rules.reading.shapes import hint, shown
from segmentation.rules.ruleset import Persona, Rules
from segmentation.rules.source_paths import folder_of, mistake
from segmentation.rules.sources import Source, TableName
from segmentation.rules.value_settings import ValueFile
from segmentation.rules.yaml import Document, load


def read_rules(path: FilePath) -> Rules:
    """The rules of a file. Raises RulesError with every mistake of shape, grammar and names."""
    document = load(path)
    rules, problems = _parsed(document, hashlib.sha256(document.source).hexdigest())
    if rules is None or problems:
        named = () if rules is None else _wrong_names(rules, document)
        raise RulesError(*sorted({*problems, *named}, key=_place))
    return rules


def parse_rules(document: Document, sha256: str = "") -> Rules:
    """The rules of a loaded document. Raises RulesError with every mistake of shape and grammar."""
    rules, problems = _parsed(document, sha256)
    if rules is None or problems:
        raise RulesError(*sorted(problems, key=_place))
    return rules


def _parsed(document: Document, sha256: str) -> tuple[Rules | None, list[Problem]]:
    """What can be understood of a document, and every mistake of shape and grammar."""
    parser = Parser(document)
    file = _shaped(document, parser)
    rules = None if file is None else _meaning(file, document, sha256, parser)
    return rules, parser.problems


def _wrong_names(rules: Rules, document: Document) -> list[Problem]:
    """Mistakes of names in a file that has others, without those that follow from the others."""
    from segmentation.rules.checking.names import problems  # which needs this module

    dropped = [
        f'"{name}"'
        for group in ("features", "dimensions", "personas")
        for name in (document.data.get(group) or {})
        if name not in getattr(rules, group)
    ]
    found = problems(rules, attributes=None)
    return [p for p in found if not any(name in p.what for name in dropped)]


def _place(problem: Problem) -> tuple[int, ...]:
    return tuple(int(n) for n in problem.where.split(":")[1:] if n.isdigit())


def _shaped(document: Document, parser: Parser) -> RulesFile | None:
    data = document.data
    if not isinstance(data, dict):
        parser.wrong((), "the file is not a mapping", "It starts with version: 1.")
        return None
    if "version" not in data:
        parser.wrong((), "version is missing", "Add version: 1 as the first line.")
        data = {"version": 1, **data}
    try:
        return RulesFile.model_validate(data)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            _complain(one, parser)
        return _lenient(data, error)


def _lenient(data: dict[str, Any], error: ValidationError) -> RulesFile | None:
    """The file without what is misshapen, so that the rest is checked in the same go."""
    places = [(_written(one["loc"], data), one["type"]) for one in error.errors(include_url=False)]
    bad = [path[:-1] if kind == "missing" else path for path, kind in places]
    for paths in (bad, [path[:1] for path in bad]):  # first as little as possible
        try:
            return RulesFile.model_validate(_without(data, set(paths)) | {"version": 1})
        except ValidationError:
            continue
    return None


def _without(data: dict[str, Any], bad: set[Path], at: Path = ()) -> dict[str, Any]:
    """The mapping without the values at these places; lists that hold one of them go whole."""
    kept = {}
    for key, value in data.items():
        path = (*at, key)
        if path in bad or (isinstance(value, list) and any(b[: len(path)] == path for b in bad)):
            continue
        kept[key] = _without(value, bad, path) if isinstance(value, dict) else value
    return kept


def _complain(error: Any, parser: Parser) -> None:
    loc, kind = _written(error["loc"], parser.document.data), error["type"]
    if kind == "extra_forbidden":
        known = _known_keys(loc)
        mend = f"{hint(str(loc[-1]), known)}There are: {', '.join(known)}."
        parser.wrong(loc, f"{quoted(loc[-1])} is not known here", mend, key=True)
    elif kind == "missing":
        parser.wrong(loc[:-1], f"{loc[-1]} is missing")
    else:
        name = ".".join(str(p) for p in loc)
        parser.wrong(loc, f"{name}: {_said(error)}, not {shown(error['input'])}"
                     if kind != "value_error" else f"{name}: {_said(error)}")  # fmt: skip


def _said(error: Any) -> str:
    """Pydantic's message in the words of the file."""
    expected = _EXPECTED.get(error["type"])
    said = expected or str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return (said[:1].lower() + said[1:]).replace("'", '"')


_EXPECTED: Final = {
    "string_type": "expected a text", "int_type": "expected a whole number",
    "dict_type": "expected a mapping", "model_type": "expected a mapping",
    "tuple_type": "expected a list", "is_instance_of": "expected a mapping",
}  # fmt: skip


def _written(loc: Path, data: Any) -> Path:
    """A place as the file has it: one source may stand there without its list."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(part, int) and not isinstance(data, list):
            continue
        path.append(part)
        inside = isinstance(data, list) or (isinstance(data, dict) and part in data)
        data = data[part] if inside else None
    return tuple(path)


def _known_keys(loc: Path) -> tuple[str, ...]:
    if len(loc) == 1:
        return tuple(RulesFile.model_fields)
    inner: dict[str, type[BaseModel]] = {"personas": PersonaFile, "value": ValueFile}
    in_sources = Sources if len(loc) == 2 else Source
    return tuple(inner.get(str(loc[0]), in_sources).model_fields)


def _meaning(file: RulesFile, document: Document, sha256: str, parser: Parser) -> Rules:
    features = {}
    for name, spec in file.features.items():
        _check_name(name, ("features", name), parser, "feature")
        measure = parser.feature(spec, ("features", name))
        if measure is not None:
            features[name] = measure
    dimensions = {}
    for name, spec in file.dimensions.items():
        _check_name(name, ("dimensions", name), parser, "dimension")
        dimension = parse_dimension(spec, ("dimensions", name), parser, base=file.base)
        if dimension is not None:
            dimensions[name] = dimension
    return Rules(
        document=document, sha256=sha256, timezone=file.timezone, base=file.base,
        sources={t: _sources(t, file, document, parser) for t in get_args(TableName)},
        new_arrival_days=file.new_arrival_days, features=features, dimensions=dimensions,
        personas={n: _persona(n, p, file, parser) for n, p in file.personas.items()},
        suppress=tuple(parser.condition(c, ("suppress", i)) for i, c in enumerate(file.suppress)),
        waterfall=file.waterfall, columns=file.columns, value=file.value.rules(),
        notices=parse_levels(file.notices, parser),
    )  # fmt: skip


def _sources(
    table: TableName, file: RulesFile, document: Document, parser: Parser
) -> tuple[Source, ...]:
    """The sources of a table, each knowing the folder that its path starts from."""
    found: tuple[Source, ...] = getattr(file.sources, table)
    for i, source in enumerate(found):
        wrong = mistake(source.path)
        if wrong:
            path = _written(("sources", table, i, "path"), document.data)
            parser.wrong(path, wrong, "Write ${NAME}, ${NAME:-default}, or $${ for the two signs themselves.")  # fmt: skip
    folder = folder_of(FilePath(document.name))
    return tuple(source.within(folder) for source in found)


def _persona(name: str, written: PersonaFile, file: RulesFile, parser: Parser) -> Persona:
    path: Path = ("personas", name)
    _check_name(name, path, parser, "persona")
    match = EVERYONE if written.match == {} else parser.condition(written.match, (*path, "match"))
    if written.most is not None and written.for_each is None:
        parser.wrong((*path, "most"), f"most counts the files of for_each, and persona {quoted(name)} has none",
                     "Add for_each, such as for_each: country; or leave most out.", key=True)  # fmt: skip
    safe_csv = file.safe_csv if written.safe_csv is None else written.safe_csv
    return Persona(name, written.title or name.replace("_", " "), match, written.for_each,
                   written.columns, written.most, safe_csv)  # fmt: skip


def _check_name(name: str, path: Path, parser: Parser, what: str) -> None:
    if not NAME.fullmatch(name):
        parser.wrong(path, f"{quoted(name)} cannot be the name of a {what}",
                     "Names start with a lower-case letter and hold a-z, 0-9, _ and -, at most 63; "
                     "free text goes into title.", key=True)  # fmt: skip
    elif name in RESERVED or name in DEVICES:
        parser.wrong(
            path, f"{quoted(name)} is a reserved word, so not the name of a {what}", key=True
        )
