"""Texts in encodings that nobody declares: only what gives words is proposed, and read it gives the ids."""

from __future__ import annotations

import pytest
from harness import Segment

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
        ["windows-1252", "windows-1250"],
    ),
    "Russian": (["Иванов", "Петрова", "МОСКВА"], "windows-1251", ["windows-1251"]),
    "Japanese": (["田中太郎", "さとう", "カタカナ"], "shift_jis", ["shift_jis"]),
    "Chinese": (["张三", "李四", "王小明", "北京"], "gb18030", ["gb18030"]),
    "German of an old Mac": (["Müller", "Weiß", "Jürgen"], "mac-roman", ["mac-roman"]),
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
        "which the file does not tell: `encoding: windows-1252` reads á ø; `encoding: windows-1250` reads á ř."
        in stop.err
    )
    assert "Dvo" not in stop.err


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
        ["windows-1252", "windows-1250"],
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
