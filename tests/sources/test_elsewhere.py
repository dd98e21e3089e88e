"""Text that comes through a pipe, from the web or from a store is read as the same file here is."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import importlib
import io
import logging
import os
import re
import socket
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import PATIENCE
from polars.testing import assert_frame_equal

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources.files import objects, web
from segmentation.sources.files.locate import locate
from segmentation.sources.readers import ENDINGS

H = "customer_id,ordered_at,amount,department\n"
ROWS = "1,2026-01-15,2.50,Men\n2,2026-01-16,3.00,Women\n"


@dataclass(frozen=True)
class Oddity:
    """A file that is not plain: its bytes, and what a source says of it."""

    content: bytes
    says: Mapping[str, str] = field(default_factory=dict)
    rows: int = 2
    rejected: int = 0


def odd(text: str, encoding: str = "utf-8", **more: Any) -> Oddity:
    return Oddity(text.encode(encoding), **more)


GERMAN = (
    "customer_id;ordered_at;amount;department\n1;15.01.2026;2,50;Börse\n2;16.01.2026;3,00;Möbel\n"
)
ODDITIES = {
    "plain": odd(H + ROWS),
    "semicolons": odd(H.replace(",", ";") + ROWS.replace(",", ";")),
    "a declared delimiter": odd((H + ROWS).replace(",", "^"), says={"delimiter": "^"}),
    "latin-1 with decimal commas": odd(GERMAN, "latin-1", says={"encoding": "latin-1"}),
    "UTF-16": odd(H + ROWS, "utf-16", says={"encoding": "utf-16"}),
    "a byte order mark": odd(H + ROWS, "utf-8-sig"),
    "ragged rows and a blank line": odd(
        H + "3,2026-01-15\n" + ROWS + "\n4,2026-01-15,1,Men,x\n", rejected=2
    ),
    "a cell of several lines": odd(
        H + '5,2026-01-15,9,"Men\nand, boys"\n6,never,1,"a\nb"\n' + ROWS, rows=3, rejected=1
    ),
    "stray quotes": odd(H + '5,2026-01-15,9,19" TV\n6,never,1,7" TV\n', rows=1, rejected=1),
    "carriage returns": odd((H + ROWS + "9,never,1,Men\n").replace("\n", "\r\n"), rejected=1),
    "gzip": Oddity(gzip.compress((H + ROWS + "9,never,1,Men\n").encode(), mtime=0), rejected=1),
    "a last line without an end": odd((H + ROWS).rstrip("\n")),
}
PARQUET = pl.DataFrame(
    {"customer_id": [1, 2], "ordered_at": ["2026-01-15", "never"], "amount": [1.5, 2.5]}
)


def parquet(frame: pl.DataFrame = PARQUET) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


# -- a server that answers as it is told, for the web and for the calls of a store ----------------


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """Serves `answers` by path; what was asked for is in `asked`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, int]] = []  # method, path, status

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        known = self.server.answers.get(path, Answer(status=404))
        tag = known.headers.get("ETag")
        body, status = known.body, known.status
        if tag and self.headers.get("If-None-Match") == tag:
            body, status = b"", 304
        ranged = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        self.server.asked.append((self.command, path, status))
        self.send_response(206 if ranged else status)
        if ranged:
            first, last = int(ranged[1]), int(ranged[2])
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
            body = body[first : last + 1]
        for name, value in known.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in known.headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_GET = do_HEAD = _answer  # noqa: N815  # so http.server finds them

    def log_message(self, *told: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def needed(module: str, reason: str) -> Any:
    """A module of the extra `test`, without which a test is skipped, but not where all must run."""
    if os.environ.get("CI"):
        return importlib.import_module(module)
    return pytest.importorskip(module, reason=reason)


AWS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "s3cret",
    "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true",
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Points what is said of AWS to an endpoint, and nothing else."""
    needed("obstore", "reads object stores; the extra `cloud`, part of `test`")

    def point(endpoint: str) -> None:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in {**AWS, "AWS_ENDPOINT_URL": endpoint}.items():
            monkeypatch.setenv(name, value)

    return point


# -- the ways that a file comes -------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """How a test reads some bytes from elsewhere: `path`, `stdin`, and what messages call it."""

    path: str
    stdin: io.BytesIO | None = None
    shown: str = ""


def by_stdin(content: bytes, request: pytest.FixtureRequest) -> Way:
    return Way("-", io.BytesIO(content), "standard input")


def by_pipe(content: bytes, request: pytest.FixtureRequest) -> Way:
    path = request.getfixturevalue("tmp_path") / "feed"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDWR)  # so that opening it for reading finds a writer
    os.write(descriptor, content)

    until = time.monotonic() + PATIENCE

    def close_when_read() -> None:
        while time.monotonic() < until and fcntl.ioctl(
            descriptor, termios.FIONREAD, b"1234"
        ) != bytes(4):
            time.sleep(0.002)
        os.close(descriptor)

    thread = threading.Thread(target=close_when_read)
    thread.start()
    request.addfinalizer(thread.join)
    return Way(str(path), shown=str(path))


def by_web(content: bytes, request: pytest.FixtureRequest) -> Way:
    server = request.getfixturevalue("server")
    server.answers["/feed"] = Answer(content)
    return Way(f"{server.url}/feed", shown=f"{server.url}/feed")


def by_store(content: bytes, request: pytest.FixtureRequest) -> Way:
    """Two calls of the real client to a server that knows no more of S3 than these."""
    server = request.getfixturevalue("server")
    request.getfixturevalue("aws")(server.url)
    headers = {
        "ETag": f'"{hashlib.md5(content).hexdigest()}"',
        "Last-Modified": "Thu, 15 Jan 2026 10:00:00 GMT",
    }
    server.answers["/shop/feed"] = Answer(content, headers=headers)
    return Way("s3://shop/feed", shown="s3://shop/feed")


def by_s3(content: bytes, request: pytest.FixtureRequest) -> Way:
    request.getfixturevalue("bucket")({"in/feed": content})
    return Way("s3://shop/in/feed", shown="s3://shop/in/feed")


WAYS = {"stdin": by_stdin, "pipe": by_pipe, "web": by_web, "store": by_store, "s3": by_s3}


def ways() -> list[Any]:
    marks = {"s3": [pytest.mark.deep]}
    return [
        pytest.param(way, oddity, id=f"{name}: {what}", marks=marks.get(name, []))
        for what, oddity in ODDITIES.items()
        for name, way in WAYS.items()
    ]


@pytest.mark.sampled
@pytest.mark.parametrize(("way", "oddity"), ways())
def test_text_from_elsewhere_is_read_as_the_same_file_here(read_all, written, request, way, oddity):
    here = str(written(oddity.content, "here"))
    found = way(oddity.content, request)
    local = read_all("transactions", Source(path=here, **oddity.says))
    other = read_all("transactions", Source(path=found.path, **oddity.says), stdin=found.stdin)
    assert (len(local.rows), len(local.rejects)) == (oddity.rows, oddity.rejected)
    assert_frame_equal(other.rows, local.rows)
    assert_frame_equal(other.rejects.drop("file"), local.rejects.drop("file"))
    assert {*other.rejects["file"]} <= {found.shown}
    told, of_local = (vars(one.count) | {"path": ""} for one in (other, local))
    assert told == of_local  # the fingerprint too: it is one of the bytes
    assert other.notes == local.notes


@pytest.mark.parametrize("way", [by_web, by_store, pytest.param(by_s3, marks=pytest.mark.deep)])
def test_a_header_alone_is_no_feed_wherever_it_is(read_all, request, way):
    found = way(H.encode(), request)
    with pytest.raises(
        InputError, match=f"^{re.escape(found.shown)}: the file has a header and no rows"
    ):
        read_all("transactions", Source(path=found.path))


@pytest.mark.parametrize(
    "way", [by_stdin, by_web, by_store, pytest.param(by_s3, marks=pytest.mark.deep)]
)
def test_parquet_of_any_name_is_read_as_parquet(read_all, request, way):
    found = way(parquet(), request)
    other = read_all("transactions", Source(path=found.path), stdin=found.stdin)
    assert other.rejects["line"].to_list() == [2]
    assert other.rows["customer_id"].to_list() == [1]


# -- the web --------------------------------------------------------------------------------------

OK = (H + ROWS).encode()
WEB = {
    "no such file": (Answer(status=404), "there is no such file"),
    "denied": (Answer(status=403), "access is denied (the server answers 403)"),
    "a broken server": (Answer(status=503), "the server does not give the file (it answers 503)"),
    "a page": (
        Answer(b"<html>", headers={"Content-Type": "text/html; charset=utf-8"}),
        "this is a web page, not a file",
    ),
    "nothing": (Answer(b""), "the file is empty"),
    "cut off": (
        Answer(OK, headers={"Content-Length": str(len(OK) + 9)}),
        f"the file was cut off on its way: {len(OK)} of {len(OK) + 9} bytes came",
    ),
    "sent to a file": (
        Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "the server sends elsewhere, to what is not followed",
    ),
    "sent to ftp": (
        Answer(status=302, headers={"Location": "ftp://127.0.0.1/x"}),
        "the server sends elsewhere, to what is not followed",
    ),
    "sent round and round": (
        Answer(status=302, headers={"Location": "/feed"}),
        "the server sends from one address to the next and back",
    ),
    "a part of it": (
        Answer(OK[:-20], status=206),
        "the server gives a part of the file, and all of it was asked for (it answers 206)",
    ),
    "something not of its own": (
        Answer(OK, status=203),
        "the server does not give the file (it answers 203)",
    ),
}


@pytest.mark.parametrize(("answer", "said"), WEB.values(), ids=list(WEB))
def test_what_a_server_does_not_give_is_an_error_with_its_place(read_all, server, answer, said):
    server.answers["/feed"] = answer
    with pytest.raises(InputError) as found:
        read_all("transactions", Source(path=f"{server.url}/feed"))
    [problem] = found.value.problems
    assert (problem.what, problem.where) == (said, f"{server.url}/feed")
    assert problem.mend


def test_a_server_that_is_not_there_is_an_error_with_its_place(read_all):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/feed"
        with pytest.raises(InputError, match="the server cannot be reached") as found:
            read_all("transactions", Source(path=address))
    assert found.value.problems[0].where == address


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "http:///x.csv",
        "http://[x/a.csv",
        "http://127.0.0.1:x/a",
    ],
)
def test_what_is_no_address_is_an_error_of_the_input(read_all, address):
    with pytest.raises(InputError) as found:
        read_all("transactions", Source(path=address))
    [problem] = found.value.problems
    assert (problem.what, problem.where) == ("this is no address of the web", address)


def test_a_scheme_in_capitals_is_the_same(read_all, server, request):
    server.answers["/sales"] = Answer(OK)
    by_store(OK, request)
    for path in (f"{server.url}/sales".replace("http", "HTTP"), "S3://shop/feed"):
        assert len(read_all("transactions", Source(path=path)).rows) == 2


def test_a_redirection_within_the_web_is_followed(read_all, server):
    server.answers["/old"] = Answer(status=302, headers={"Location": f"{server.url}/new"})
    server.answers["/new"] = Answer(OK)
    assert len(read_all("transactions", Source(path=f"{server.url}/old")).rows) == 2


def test_an_encrypted_address_is_not_followed_to_a_plain_one():
    request = web.Request("https://shop.example/a.csv")
    with pytest.raises(web.HTTPError):
        web._Redirects().redirect_request(
            request, io.BytesIO(), 302, "", web.HTTPMessage(), "http://shop.example/a.csv"
        )


def test_a_file_larger_than_its_bound_is_refused_before_it_fills_the_disk(
    read_all, server, monkeypatch
):
    monkeypatch.setattr(web, "MOST_BYTES", 10)
    server.answers["/feed"] = Answer(OK)
    with pytest.raises(InputError, match="the file is larger than"):
        read_all("transactions", Source(path=f"{server.url}/feed"))


def test_what_a_server_knows_to_be_unchanged_is_fetched_once(read_all, server):
    source = Source(path=f"{server.url}/feed")
    server.answers["/feed"] = Answer(OK, headers={"ETag": '"1"'})
    first = read_all("transactions", source)
    assert read_all("transactions", source).count == first.count
    assert [status for _, _, status in server.asked] == [200, 304]
    server.answers["/feed"] = Answer((H + "7,2026-01-15,1,Men\n").encode(), headers={"ETag": '"2"'})
    assert read_all("transactions", source).rows["customer_id"].to_list() == [7]


SECRETS = {
    "a password": ("https://ann:s3cr3t@shop.example/a.csv", "the address holds a password"),
    "a user that is a token": ("https://s3cr3t@shop.example/a.csv", "the address holds a password"),
    "a signature": (
        "https://shop.example/a.csv?x=1&X-Amz-Signature=s3cr3t",
        "the address holds a key (X-Amz-Signature=…)",
    ),
    "a key of a store": ("s3://key:s3cr3t@shop/a.csv", "the address holds a password"),
}


@pytest.mark.parametrize(("address", "said"), SECRETS.values(), ids=list(SECRETS))
def test_a_secret_in_an_address_is_refused_and_not_shown(segment, address, said):
    rules = f"version: 1\nsources: {{transactions: '{address}'}}\npersonas: {{everyone: {{match: {{}}}}}}\n"
    on_command_line = segment("run", address)
    in_rules = segment("run", files={"personas.yaml": rules})
    assert (in_rules.exit_code, on_command_line.exit_code) == (2, 3)
    for result in (in_rules, on_command_line):
        assert said in result.err
        assert "s3cr3t" not in result.err + result.out


def test_a_secret_that_is_a_variable_is_used_and_not_shown(segment, server, monkeypatch):
    monkeypatch.setenv("KEY", "s3cr3t")
    rules = f"version: 1\nsources: {{transactions: '{server.url}/feed?sig=${{KEY}}'}}\npersonas: {{everyone: {{match: {{}}}}}}\n"
    server.answers["/feed"] = Answer((H + ROWS + "9,never,1,Men\n").encode())
    result = segment("run", files={"personas.yaml": rules})
    assert result.exit_code == 0, result.err
    written = [p.read_bytes() for p in result.run.rglob("*") if p.is_file()]
    assert not any(b"s3cr3t" in content for content in written)
    assert "s3cr3t" not in result.err + result.out


# -- stores ---------------------------------------------------------------------------------------


def test_ragged_rows_in_a_store_are_rejected_with_their_lines(segment, request):
    by_store((H + "3,2026-01-15\n" + ROWS + "4,2026-01-15,1,Men,x\n").encode(), request)
    result = segment("run", "s3://shop/feed")
    assert result.out.startswith("2 customers as of 2026-01-16\n"), result.err
    assert pl.read_csv(result.run / "rejects.csv").select("file", "line", "reason").rows() == [
        ("s3://shop/feed", 2, "row has 2 cells, the header has 4"),
        ("s3://shop/feed", 5, "row has 5 cells, the header has 4"),
    ]


def test_a_store_without_its_package_is_told_with_the_extra(read_all, monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(
        InputError, match=re.escape(f"pip install 'segment-personas[{objects.EXTRA}]'")
    ):
        read_all("transactions", Source(path="s3://shop/a.csv"))


CODES = {
    "no bucket": (404, "NoSuchBucket", "there is no such bucket"),
    "another region": (301, "PermanentRedirect", "the bucket is in another region"),
    "a region in the signature": (
        400,
        "AuthorizationHeaderMalformed",
        "the bucket is in another region",
    ),
    "a wrong key": (403, "InvalidAccessKeyId", "the store does not take these credentials"),
    "a wrong secret": (403, "SignatureDoesNotMatch", "the store does not take these credentials"),
    "an old token": (400, "ExpiredToken", "the store does not take these credentials"),
    "no right": (403, "AccessDenied", "access is denied"),
    "something else": (409, "Whatever", "the store does not give the file (it answers 409)"),
}


@pytest.mark.parametrize(("status", "code", "said"), CODES.values(), ids=list(CODES))
def test_what_a_store_refuses_is_an_error_with_place_and_mend(
    segment, server, aws, status, code, said
):
    aws(server.url)
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>s3cret</Message></Error>'
    server.answers["/shop"] = Answer(body.encode(), status, {"Content-Type": "application/xml"})
    result = segment("run", "s3://shop/in/*.csv")
    assert (result.exit_code, result.err.splitlines()[0]) == (3, f"s3://shop/in/*.csv: {said}")
    assert "s3cret" not in result.err
    assert len(result.err.splitlines()) >= 2  # the mend


SETTINGS = {
    "no credentials": ({"AWS_ACCESS_KEY_ID": None}, "there are no credentials for this store"),
    "a plain endpoint": (
        {"AWS_ALLOW_HTTP": None},
        "the endpoint is http://, which is not encrypted",
    ),
    "nobody there": ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "the store cannot be reached"),
}


@pytest.mark.parametrize(("changed", "said"), SETTINGS.values(), ids=list(SETTINGS))
def test_settings_that_lead_nowhere_are_told(read_all, server, aws, monkeypatch, changed, said):
    aws(server.url)
    monkeypatch.setattr(objects, "_RETRIES", {"max_retries": 0})
    for name, value in changed.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    with pytest.raises(InputError) as found:
        read_all("transactions", Source(path="s3://shop/a.csv"))
    assert (found.value.problems[0].what, found.value.problems[0].where) == (
        said,
        "s3://shop/a.csv",
    )


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    moto = needed("moto.server", "an S3 server on this machine; part of `test`")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    started = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture
def bucket(s3, aws) -> Callable[[Mapping[str, bytes]], None]:
    """Puts objects into the bucket `shop`, which has no others."""
    import obstore
    from moto.s3.models import s3_backends

    aws(s3)
    backend = s3_backends["123456789012"]["aws"]
    backend.reset()
    backend.create_bucket("shop", "us-east-1")

    def put(files: Mapping[str, bytes]) -> None:
        store = obstore.store.S3Store("shop", client_options={"allow_http": True})
        for key, content in files.items():
            obstore.put(store, key, content)
            for folder in re.findall("[^/]+/", key)[:1]:  # as consoles mark folders
                backend.put_object("shop", folder, b"")

    return put


def day(number: int) -> bytes:
    return (H + f"{number},2026-01-{number:02},1.00,Men\n").encode()


TREE = {
    "in/1.csv": day(1),
    "in/2.csv.gz": gzip.compress(day(2)),
    "in/_SUCCESS": b"",
    "in/.hidden.csv": day(3),
    "in/deep/4.csv": day(4),
    "in/=2026-01-05/a b%20é.csv": day(5),
    "in/notes.txt": b"x",
    "out/6.csv": day(6),
    "odd/a[7].csv": day(7),
    "odd/a7.csv": day(8),
    "odd/b[9]/9.csv": day(9),
    "odd/b9/8.csv": day(8),
}
PATHS = {
    "an object": ("s3://shop/in/1.csv", [1]),
    "odd signs in a key": ("s3://shop/in/=2026-01-05/a b%20é.csv", [5]),
    "a prefix": ("s3://shop/in/", [1, 2]),
    "a prefix without its slash": ("s3://shop/in", [1, 2]),
    "a pattern": ("s3://shop/in/*.csv", [1]),
    "a pattern of folders": ("s3://shop/in/*/*.csv", [4, 5]),
    "any depth": ("s3://shop/in/**/*.csv", [1, 4, 5]),
    "any depth from the top": ("s3://shop/**/[46].csv", [4, 6]),
    "whatever is there": ("s3://shop/out/**", [6]),
    "an object called like a pattern": ("s3://shop/odd/a[7].csv", [7]),
    "a prefix called like a pattern": ("s3://shop/odd/b[9]", [9]),
}


@pytest.mark.deep
@pytest.mark.parametrize(("path", "customers"), PATHS.values(), ids=list(PATHS))
def test_patterns_and_prefixes_find_what_they_find_in_folders(
    read_all, bucket, path, customers, tmp_path
):
    bucket(TREE)
    found = read_all("transactions", Source(path=path))
    assert sorted(found.rows["customer_id"]) == customers
    for key, content in TREE.items():
        file = tmp_path / "shop" / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    here = read_all("transactions", Source(path=path.replace("s3:/", str(tmp_path))))
    assert_frame_equal(found.rows, here.rows)


NOT_THERE = {
    "a key": ("s3://shop/in/0.csv", "s3://shop/in/0.csv: there is no such file", "Nearest: s3://shop/in/1.csv"),
    "a pattern": ("s3://shop/in/*.tsv", "s3://shop/in/*.tsv: no file matches", "Is the bucket right"),
    "a pattern of folders that are marked": ("s3://shop/ou*", "s3://shop/ou*: no file matches", "Is the bucket right"),
    "a pattern of the web": ("https://shop.example/*.csv", "https://shop.example/*.csv: a pattern finds nothing on the web", "Name each file"),
    "a folder without tables": ("s3://shop/none/", "s3://shop/none/: the folder has no *.csv (also .gz), *.json (also .gz), *.jsonl (also .gz), *.ndjson (also .gz), *.parquet or *.xlsx file", "It holds x.txt"),
    "a bucket": ("s3://nobody/in/1.csv", "s3://nobody/in/1.csv: there is no such bucket", "Is its name right"),
    "no bucket": ("s3://", "s3://: the address names no bucket", "s3://BUCKET"),
    "an empty object": ("s3://shop/empty.csv", "s3://shop/empty.csv: the file is empty", "It needs"),
    "an empty Parquet object": ("s3://shop/empty.parquet", "s3://shop/empty.parquet: the file is empty", "It needs"),
    "a damaged Parquet object": ("s3://shop/bad.parquet", "s3://shop/bad.parquet: the Parquet file cannot be read where it is", "Write it once more"),
    "text called Parquet": ("s3://shop/text.parquet", "s3://shop/text.parquet: the file is called Parquet, and is something else", "Name it as what it is"),
    "gzip called Parquet": ("s3://shop/gzip.parquet", "s3://shop/gzip.parquet: the file is called Parquet, and is something else", "Name it as what it is"),
    "two kinds": ("s3://shop/mixed/", "s3://shop/mixed/: CSV and Parquet files are mixed", "s3://shop/mixed/*.parquet"),
    "twice the same": ("s3://shop/in/1.csv", "s3://shop/in/1.csv: the file is listed twice", "List every file once"),
}  # fmt: skip


@pytest.mark.deep
@pytest.mark.parametrize(("path", "said", "mend"), NOT_THERE.values(), ids=list(NOT_THERE))
def test_what_is_not_in_a_store_is_told_as_in_a_folder(read_all, bucket, path, said, mend):
    bucket(
        {
            **TREE,
            "none/x.txt": b"x",
            "empty.csv": b"",
            "empty.parquet": b"",
            "bad.parquet": b"PAR1 what? PAR1",
            "text.parquet": day(1),
            "gzip.parquet": gzip.compress(day(1)),
            "mixed/a.csv": day(1),
            "mixed/b.parquet": parquet(),
        }
    )
    sources = [Source(path=path)] * (2 if "twice" in said else 1)
    with pytest.raises(InputError) as found:
        read_all("transactions", *sources)
    problem = found.value.problems[0]
    assert f"{problem.where}: {problem.what}".startswith(said)
    assert mend in problem.mend


LAKES = {
    "a prefix of Delta": ("s3://shop/delta", "Delta"),
    "a pattern in Delta": ("s3://shop/delta/*.parquet", "Delta"),
    "a pattern over everything": ("s3://shop/**/0.parquet", "Delta"),
    "a prefix of Iceberg": ("s3://shop/ice/", "Iceberg"),
    "a prefix of Hudi": ("s3://shop/hudi/", "Hudi"),
    "none of them": ("s3://shop/plain/*.parquet", ""),
    "values of a column": ("s3://shop/hive/", ""),
}


@pytest.mark.deep
@pytest.mark.parametrize(("path", "kind"), LAKES.values(), ids=list(LAKES))
def test_tables_that_a_log_makes_one_are_refused_in_a_store(read_all, bucket, path, kind):
    marks = ("delta/_delta_log/0.json", "ice/metadata/v1.metadata.json", "hudi/.hoodie/a")
    files = ("delta/0.parquet", "ice/data/0.parquet", "hudi/0.parquet", "plain/0.parquet")
    hive = {"hive/shop=A/0.parquet": parquet(), "hive/shop=B/0.parquet": parquet()}
    bucket({**dict.fromkeys(marks, b"{}"), **dict.fromkeys(files, parquet()), **hive})
    if kind:
        with pytest.raises(InputError, match=f"table of {kind}, which is not read from a store"):
            read_all("transactions", Source(path=path))
    else:
        rows = read_all("transactions", Source(path=path)).rows
        assert set(rows.get_column("shop", default=pl.Series(["none"]))) <= {"A", "B", "none"}


VARIABLES = {
    "an object": ("s3://${B}/in/1.csv", ["s3://${B}/in/1.csv"]),
    "a prefix": ("s3://${B}/in", ["s3://${B}/in/1.csv", "s3://${B}/in/2.csv.gz"]),
    "a prefix with its slash": ("s3://${B}/in/", ["s3://${B}/in/1.csv", "s3://${B}/in/2.csv.gz"]),
    "a pattern": ("s3://${B}/in/?.csv*", ["s3://${B}/in/1.csv", "s3://${B}/in/2.csv.gz"]),
    "a pattern in a variable": ("s3://shop/${P}", ["s3://shop/${P}", "s3://shop/${P}"]),
}


@pytest.mark.deep
@pytest.mark.parametrize(("path", "shown"), VARIABLES.values(), ids=list(VARIABLES))
def test_a_bucket_that_is_a_variable_is_not_spelt_out(bucket, monkeypatch, path, shown):
    bucket(TREE)
    monkeypatch.setenv("B", "shop")
    monkeypatch.setenv("P", "in/?.csv*")
    real = Source(path=path, folder=Path()).place
    assert [place.shown for place in locate(path, ENDINGS, real=real)] == shown


@pytest.mark.deep
def test_parquet_in_a_store_is_scanned_there_and_known_by_its_tag(read_all, bucket, tmp_path):
    bucket({"p/a.parquet": parquet(), "p/b.parquet": parquet(PARQUET.reverse())})
    source = Source(path="s3://shop/p/")
    found = read_all("transactions", source)
    assert found.rejects.select("file", "line").rows() == [
        ("s3://shop/p/a.parquet", 2),
        ("s3://shop/p/b.parquet", 1),
    ]
    assert read_all("transactions", source).count == found.count
    bucket({"p/b.parquet": parquet(PARQUET.with_columns(amount=pl.col("amount") + 1))})
    assert read_all("transactions", source).count.fingerprint != found.count.fingerprint


@pytest.mark.deep
def test_an_object_of_many_pieces_is_put_together(read_all, bucket, monkeypatch):
    monkeypatch.setattr(objects, "_CHUNK", 1000)
    content = (H + "".join(f"{i},2026-01-01,{i}.00,Men\n" for i in range(1, 2000))).encode()
    bucket({"in/feed": content})
    found = read_all("transactions", Source(path="s3://shop/in/feed"))
    assert found.rows["customer_id"].to_list() == [*range(1, 2000)]


@pytest.mark.deep
def test_an_object_that_changes_between_its_pieces_stops_the_run(read_all, bucket, monkeypatch):
    bucket({"in/feed": day(1)})
    piece = objects._piece

    def after_a_change(*arguments: Any) -> int:
        bucket({"in/feed": day(2)})
        return piece(*arguments)

    monkeypatch.setattr(objects, "_piece", after_a_change)
    with pytest.raises(InputError, match="s3://shop/in/feed: the file changed while it was read"):
        read_all("transactions", Source(path="s3://shop/in/feed"))


@pytest.mark.deep
def test_an_object_is_fetched_once_for_each_content(read_all, bucket, monkeypatch):
    fetched: list[int] = []
    piece = objects._piece
    monkeypatch.setattr(objects, "_piece", lambda *given: fetched.append(1) or piece(*given))
    bucket({"in/once": day(7)})
    for _ in range(2):
        read_all("transactions", Source(path="s3://shop/in/once"))
    assert len(fetched) == 1
    bucket({"in/once": day(8)})
    assert read_all("transactions", Source(path="s3://shop/in/once")).rows[
        "customer_id"
    ].to_list() == [8]


@pytest.mark.deep
def test_a_run_on_a_bucket_publishes_what_the_same_run_here_does(segment, bucket):
    ragged = (H + ROWS + "3,2026-01-15\n").encode()
    bucket({"shop/orders.csv": ragged, "shop/people.csv": b"customer_id;consent\n1;yes\n2;no\n"})
    rules = """
    version: 1
    sources: {transactions: PLACE/orders.csv, customers: PLACE/people.csv}
    personas: {everyone: {}}
    suppress: [{consent: {is_not: yes}}]
    """.replace("\n    ", "\n")
    here = segment(
        "run",
        "--out",
        "here",
        files={
            "personas.yaml": rules.replace("PLACE", "data"),
            "data/orders.csv": ragged,
            "data/people.csv": b"customer_id;consent\n1;yes\n2;no\n",
        },
    )
    there = segment(
        "run", "--out", "there", files={"personas.yaml": rules.replace("PLACE", "s3://shop/shop")}
    )
    assert (here.exit_code, there.exit_code) == (0, 0), here.err + there.err
    for name in ("personas/everyone.csv", "customers.parquet"):
        one, other = (here.folder / place / "latest" / name for place in ("here", "there"))
        assert one.read_bytes() == other.read_bytes()
    rejected = (here.folder / "there/latest/rejects.csv").read_text()
    assert (
        's3://shop/shop/orders.csv,4,"row has 2 cells, the header has 4","3,2026-01-15"' in rejected
    )
