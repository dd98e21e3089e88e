"""Texts in encodings that nobody declares: only what gives words is proposed, and read it gives the ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Segment

TURKS = ["Ayşe Yılmaz", "Mehmet Öztürk", "Çağrı Şahin", "Gülşen Doğan", "İbrahim Kılıç"]
RUSSIANS = ["Иванов", "Петрова", "Анна Кузнецова", "Щербаков", "Юрий", "Екатерина"]
#: the ids, their encoding -> the encodings that are proposed, the true one among them
WORDS: dict[str, tuple[list[str], str, list[str]]] = {
    "German": (["Müller", "Weiß", "Jürgen"], "windows-1252", ["windows-1252"]),
    "French, with an apostrophe": (["l’été", "garçon"], "windows-1252", ["windows-1252"]),
    "French words of one letter": (["Sac à dos", "Pot à lait"], "windows-1252", ["windows-1252"]),
    "French, most of it words of one letter": (
        [*(f"Sac à dos {n}" for n in range(20)), "garçon"],
        "windows-1252",
        ["windows-1252"],
    ),
    "capitals of one letter": (["À la carte", "À emporter"], "windows-1252", ["windows-1252"]),
    "Italian": (["Caffè", "È buono", "sale è pepe"], "windows-1252", ["windows-1252"]),
    "Swedish and Danish": (["Fisk å gås", "Rød ø"], "windows-1252", ["windows-1252"]),
    "Hungarian": (["Ő és Gyűrű", "ő"], "windows-1250", ["windows-1250"]),
    "words of one letter of an old Mac": (["Sac à dos"], "mac-roman", ["mac-roman"]),
    "Russian, words of one letter": (["Иван и Пётр", "Я"], "windows-1251", ["windows-1251"]),
    "Russian beside Latin": (
        ["iPhone чехол", "USB кабель", "Samsung и Apple"],
        "windows-1251",
        ["windows-1251"],
    ),
    "signs alone": (["5 €", "7 €"], "windows-1252", ["windows-1252"]),
    "Polish": (["Łukasz", "Wiśniewska", "Żółć", "Gąsior"], "windows-1250", ["windows-1250"]),
    "Czech, of few letters": (
        ["Dvořák", "Novák"],
        "windows-1250",
        ["windows-1250", "windows-1252", "windows-1257"],
    ),
    "Turkish": (TURKS, "windows-1254", ["windows-1254"]),
    "Turkish of DOS": (TURKS, "cp857", ["cp857"]),
    "German of DOS": (["Müller", "Weiß", "Jürgen"], "cp850", ["cp850"]),
    "French of DOS": (["Hélène", "François", "Benoît", "Zoë"], "cp850", ["cp850"]),
    "French with an œ of ISO": (["Cœur", "Hélène", "sœur"], "iso-8859-15", ["iso-8859-15"]),
    "Polish of ISO": (["Łukasz", "Wiśniewska", "Żółć", "Gąsior"], "iso-8859-2", ["iso-8859-2"]),
    "Polish of DOS": (["Łukasz", "Wiśniewska", "Żółć", "Gąsior"], "cp852", ["cp852"]),
    "Russian of Unix": (RUSSIANS, "koi8-r", ["koi8-r"]),
    "Russian of DOS": (RUSSIANS, "cp866", ["cp866"]),
    "Russian of ISO": (RUSSIANS, "iso-8859-5", ["iso-8859-5"]),
    "Russian in capitals": ([one.upper() for one in RUSSIANS], "windows-1251", ["windows-1251"]),
    "Greek": (
        ["Γιώργος", "Παπαδόπουλος", "Άννα", "ΑΘΗΝΑ"],
        "windows-1253",
        ["windows-1253", "iso-8859-7"],
    ),
    "Arabic": (["محمد", "علي حسن", "فاطمة"], "windows-1256", ["windows-1256"]),
    "Hebrew, of few letters": (
        ["שלום", "ישראל", "כהן"],
        "windows-1255",
        ["windows-1255", "windows-1251", "windows-1253"],
    ),
    "Lithuanian and Latvian": (
        ["Jānis Bērziņš", "Kęstutis", "Žemaitė", "Šarūnas", "Ozoliņš", "Liepiņš"],
        "windows-1257",
        ["windows-1257"],
    ),
    "Korean, of few signs": (
        ["김철수", "이영희", "박지성"],
        "euc-kr",
        ["euc-kr", "gb18030", "euc-jp"],
    ),
    "Chinese of Taiwan": (["張三", "王小明", "臺北市", "陳大文"], "big5", ["big5"]),
    "Russian": (["Иванов", "Петрова", "МОСКВА"], "windows-1251", ["windows-1251"]),
    "Japanese": (["田中太郎", "さとう", "カタカナ"], "shift_jis", ["shift_jis"]),
    "Chinese": (["张三", "李四", "王小明", "北京"], "gb18030", ["gb18030"]),
    "German of an old Mac": (
        ["Müller", "Weiß", "Jürgen", "Löwe", "Bäcker"],
        "mac-roman",
        ["mac-roman"],
    ),
    "German of an old Mac, of few letters": (
        ["Müller", "Weiß", "Jürgen"],
        "mac-roman",
        ["mac-roman", "cp852", "cp857"],
    ),
}


@pytest.mark.parametrize(("ids", "encoding", "proposed"), WORDS.values(), ids=WORDS)
def test_encodings_that_give_words_are_proposed(
    segment: Segment, ids: list[str], encoding: str, proposed: list[str]
) -> None:
    text = "customer_id,ordered_at,amount\n" + "".join(f"{i},2025-01-01,10\n" for i in ids)
    stop = segment("run", "o.csv", files={"o.csv": text.encode(encoding)})
    assert stop.exit_code == 3
    found = [part.partition("`")[0] for part in stop.err.split("`encoding: ")[1:]]
    assert found == proposed
    rules = f"version: 1\nsources: {{transactions: {{path: o.csv, encoding: {encoding}}}}}\npersonas: {{p: {{}}}}\n"
    done = segment("run", files={"personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert sorted(done.customers["customer_id"]) == sorted(ids)


def test_of_two_encodings_it_is_said_which_letters_they_read(segment: Segment) -> None:
    text = "customer_id,ordered_at,amount\nDvořák,2025-01-01,10\n"
    stop = segment("run", "o.csv", files={"o.csv": text.encode("windows-1250")})
    assert (
        "which the file does not tell: `encoding: windows-1250` reads á ř; `encoding: windows-1252` reads á ø;"
        in stop.err
    )
    assert "Dvo" not in stop.err


#: the header, its encoding -> the encodings that are proposed, the true one among them
HEADERS = {
    "N°": ("N° client,Date commande,Montant", "windows-1252", ["windows-1252"]),
    "N° of ISO": ("N° client,Date commande,Montant", "latin-1", ["windows-1252"]),
    "N° of an old Mac": (
        "N° client,Date commande,Montant",
        "mac-roman",
        ["mac-roman", "cp850", "iso-8859-2"],
    ),
    "N° and more of an old Mac": ("N° client,Date créée,Montant €", "mac-roman", ["mac-roman"]),
    "Nº": (
        "Nº cliente,Fecha,Importe",
        "windows-1252",
        ["windows-1252", "windows-1250", "windows-1257"],
    ),
    "€": ("customer_id,date,amount €", "windows-1252", ["windows-1252"]),
    "€ of an old Mac": ("customer_id,date,amount €", "mac-roman", ["mac-roman"]),
    "£": ("customer_id,date,amount £", "windows-1252", ["windows-1252"]),
    "a dash": ("customer_id,date,amount – net", "windows-1252", ["windows-1252"]),
    "an apostrophe and N°": (
        "N° d’ordre,customer_id,date,amount",
        "windows-1252",
        ["windows-1252"],
    ),
    "Greek": ("κωδικός,ημερομηνία,ποσό", "windows-1253", ["windows-1253"]),
    "signs of no word": (
        "customer_id,date,amount³°x",
        "latin-1",
        ["windows-1252", "cp850", "latin-1"],
    ),
}


@pytest.mark.parametrize(("header", "encoding", "proposed"), HEADERS.values(), ids=HEADERS)
def test_signs_in_a_header_are_ordinary(
    segment: Segment, header: str, encoding: str, proposed: list[str]
) -> None:
    cells = header.count(",") - 2
    row = "," * cells + "C7,2025-01-01,10"
    stop = segment("run", "o.csv", files={"o.csv": f"{header}\n{row}\n".encode(encoding)})
    assert stop.exit_code == 3
    found = [part.partition("`")[0] for part in stop.err.split("`encoding: ")[1:]]
    assert found == proposed, stop.err


def test_init_writes_no_encoding_that_is_not_certain(segment: Segment) -> None:
    text = "customer_id,ordered_at,amount\nשלום,2025-01-01,10\n"
    done = segment("init", "--from", "o.csv", files={"o.csv": text.encode("windows-1255")})
    assert done.exit_code == 0
    rules = Path("personas.yaml").read_text()
    assert "    # encoding: windows-1255    # decide: which of these reads the words?" in rules
    assert "\n    encoding:" not in rules
    assert segment("run").exit_code == 3


#: the files of one folder -> the encodings that are proposed for it
FOLDERS: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "the first one tells": (
        [("Sac à dos", "windows-1252"), ("Crème brûlée", "windows-1252")],
        ["windows-1252"],
    ),
    "the last one tells": (
        [("Crème brûlée", "windows-1252"), ("Sac à dos", "windows-1252")],
        ["windows-1252"],
    ),
    "none tells": (
        [("Dvořák", "windows-1250"), ("Novák", "windows-1250")],
        ["windows-1250", "windows-1252", "windows-1257"],
    ),
    "ASCII, and UTF-8 that says so, tell nothing": (
        [("Meier", "ascii"), ("Crème", "windows-1252"), ("Łukasz", "utf-8-sig")],
        ["windows-1252", "windows-1250"],
    ),
}


@pytest.mark.parametrize(("files", "proposed"), FOLDERS.values(), ids=FOLDERS)
def test_what_one_file_tells_holds_for_all_of_a_source(
    segment: Segment, files: list[tuple[str, str]], proposed: list[str]
) -> None:
    months = {
        f"d/{month}.csv": f"customer_id,ordered_at,amount\n{name},2025-01-0{month},10\n".encode(
            code
        )
        for month, (name, code) in enumerate(files, 1)
    }
    stop = segment("run", "d", files=months)
    assert stop.exit_code == 3
    found = [part.partition("`")[0] for part in stop.err.split("`encoding: ")[1:]]
    assert found == proposed, stop.err
