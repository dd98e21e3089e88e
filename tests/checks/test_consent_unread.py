"""What tells who may be written to is read: `init` writes the rule, and a run without one says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from harness import Segment

from segmentation.rules.yaml import loads

ORDERS = "order_id,customer_id,date,amount\n1,A,2026-01-05,10\n2,B,2026-01-06,20\n"
#: a column of customers, a cell of who may be written to and of who may not -> the rule that leaves B out
COLUMNS: dict[str, tuple[str, str, dict[str, object] | list[dict[str, object]]]] = {
    "Newsletter": ("yes", "no", {"is_not": True}),
    "email_consent": ("TRUE", "FALSE", {"is_not": True}),
    "Accepts Email Marketing": ("yes", "no", {"is_not": True}),
    "accepts_marketing": ("1", "0", {"is_not": True}),
    "opt_in": ("yes", "", {"is_not": True}),
    "Marketing Opt-In": ("true", "false", {"is_not": True}),
    "is_subscribed": ("y", "n", {"is_not": True}),
    "GDPR consent": ("granted", "denied", {"is_not": "granted"}),
    "Opt-in date": ("2026-01-01", "", [{"missing": True}, {"less_than": "1990-01-01"}]),
    "OPTIN_TIME": ("2026-01-01 10:00:00", "", [{"missing": True}, {"less_than": "1990-01-01"}]),
    "UNSUB_TIME": ("", "2026-01-01 10:00:00", {"missing": False}),
    "consent_withdrawal_date": ("", "2026-01-01", {"missing": False}),
    "Widerruf der Einwilligung": ("", "01.01.2026", {"missing": False}),
    "Date retrait consentement": ("", "2026-01-01", {"missing": False}),
    "Revoca del consenso": ("", "2026-01-01", {"missing": False}),
    "newsletter_deleted_at": ("", "2026-01-01", {"missing": False}),
    "Newsletter gesperrt": ("nein", "ja", {"is_not": "nein"}),
    "GDPR deletion requested": ("no", "yes", {"is_not": False}),
    "Newsletter gekündigt": ("nein", "ja", {"is_not": "nein"}),
    "email_bounced": ("0", "1", {"is_not": False}),
    "Brak zgody": ("nie", "tak", {"is_not": "nie"}),
    "N'accepte pas les emails": ("non", "oui", {"is_not": "non"}),
    "unsubscribed": ("no", "yes", {"is_not": False}),
    "Do not contact": ("0", "1", {"is_not": False}),
    "Do Not Email": ("false", "true", {"is_not": False}),
    "email_opt_out": ("", "x", {"missing": False}),
    "Unsubscribed from all email": ("no", "yes", {"is_not": False}),
    "Unsubscribed at": ("", "2026-01-01", {"missing": False}),
    "Status": ("subscribed", "unsubscribed", {"is_not": "subscribed"}),
    "State": ("", "opted out", {"missing": False}),
    "Newsletter (yes/no)": ("yes", "no", {"is_not": True}),
    "Newsletter-Einwilligung": ("ja", "nein", {"is_not": "ja"}),
    "Werbeeinwilligung": ("J", "N", {"is_not": "J"}),
    "Werbesperre": ("nein", "ja", {"is_not": "nein"}),
    "Kein Newsletter": ("nein", "ja", {"is_not": "nein"}),
    "Accepte la newsletter": ("oui", "non", {"is_not": "oui"}),
    "accepte_email": ("oui", "non", {"is_not": "oui"}),
    "Accetta SMS": ("si", "no", {"is_not": "si"}),
    "Acepta e-mails": ("sí", "no", {"is_not": "sí"}),
    "Wil mailing": ("ja", "nee", {"is_not": "ja"}),
    "Désabonné": ("non", "oui", {"is_not": "non"}),
    "Nieuwsbrief": ("ja", "nee", {"is_not": "ja"}),
    "Acepta publicidad": ("sí", "no", {"is_not": "sí"}),
    "Zgoda marketingowa": ("tak", "nie", {"is_not": "tak"}),
    "Consenso marketing": ("si", "no", {"is_not": "si"}),
    "DOI": ("bestätigt", "offen", {"is_not": "bestätigt"}),
    "Newsletter-Status": ("aktiv", "unbestätigt", {"is_not": "aktiv"}),
    "Opt-in": ("double", "none", {"is_not": "double"}),
    "Kontaktsperre": ("", "gesperrt", {"missing": False}),
    "Abmeldedatum": ("", "01.02.2026", {"missing": False}),
    "buyer_accepts_marketing": ("true", "false", {"is_not": True}),
    "shopper_email_opt_in": ("yes", "no", {"is_not": True}),
    "guest opt-out": ("no", "yes", {"is_not": False}),
    "Käufer akzeptiert Newsletter": ("ja", "nein", {"is_not": "ja"}),
    "Möchte keine Werbung erhalten": ("nein", "ja", {"is_not": "nein"}),
    "Acheteur accepte la newsletter": ("oui", "non", {"is_not": "oui"}),
    "Souhaite recevoir de la publicité": ("oui", "non", {"is_not": "oui"}),
    "Ne pas recevoir de publicité": ("non", "oui", {"is_not": "non"}),
    "Recibir publicidad": ("sí", "no", {"is_not": "sí"}),
    "Ricevere pubblicità": ("sì", "no", {"is_not": "sì"}),
    "Non ricevere pubblicità": ("falso", "vero", {"is_not": "falso"}),
    "Geen reclame ontvangen": ("nee", "ja", {"is_not": "nee"}),
    "Kupujący zgoda marketingowa": ("tak", "nie", {"is_not": "tak"}),
    "Nie otrzymywać reklam": ("nie", "tak", {"is_not": "nie"}),
}


def customers(column: str, willing: str, other: str) -> str:
    return f"customer_id,{column}\nA,{willing}\nB,{other}\n"


def published(folder: Path) -> set[str]:
    files = folder.glob("audiences/2*/personas/*.csv")
    return {line.split(",")[0] for f in files for line in f.read_text().splitlines()[1:]}


@pytest.mark.parametrize("column", COLUMNS)
def test_init_writes_the_rule_of_who_said_no(segment: Segment, column: str) -> None:
    willing, other, test = COLUMNS[column]
    files = {"o.csv": ORDERS, "k.csv": customers(column, willing, other)}
    done = segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert (done.exit_code, "decide" in done.out) == (0, False), done.err
    text = Path("personas.yaml").read_text()
    tests = test if isinstance(test, list) else [test]
    written = [
        {name: {key: str(v) if key == "less_than" else v for key, v in t.items()}}
        for rule in loads(text, "p").data["suppress"]
        for name, t in rule.items()
    ]
    assert written == [{column: one} for one in tests]
    assert f"{column}: {{" in text
    assert "# check: " in text
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, {"A"}), run.err
    assert "no suppress rule reads it" not in run.err


#: a column, its cells for A, B, C and D -> who may be written to
MIXED = {
    "an objection": ("opt_out", ("no", "yes", "", "unsubscribed"), {"A", "C"}),
    "an objection in numbers": ("do_not_contact", ("0", "1", "", "opted out"), {"A", "C"}),
    "an objection in German": ("Widerspruch", ("nein", "ja", "", "abgemeldet"), {"A", "C"}),
    "no objection by a word": (
        "opt_out",
        ("no", "subscribed", "", "unsubscribed"),
        {"A", "B", "C"},
    ),
    "objections alone": ("opt_out", ("", "yes", "", "opted_out"), {"A", "C"}),
    "a consent": ("Newsletter", ("yes", "no", "", "unsubscribed"), {"A"}),
    "a consent in numbers": ("email_consent", ("1", "0", "", "opted_out"), {"A"}),
    "a consent in German": ("Newsletter", ("ja", "nein", "", "abgemeldet"), {"A"}),
    "a consent by a word": ("Newsletter", ("yes", "subscribed", "no", "unsubscribed"), {"A", "B"}),
    "a consent that is awaited": ("Newsletter", ("yes", "pending", "", "pending"), {"A"}),
    "a day, or no": ("opt_in_at", ("2026-01-01", "no", "", "2026-01-03"), {"A", "D"}),
    "a day, or a word": (
        "Einwilligung am",
        ("01.01.2026", "widerrufen", "Nein", "03.02.2026"),
        {"A", "D"},
    ),
    "numbers and words": ("newsletter", ("1", "0", "opted_in", "opted_out"), {"A", "C"}),
    "no objection in numbers and words": (
        "opt_out",
        ("1", "0", "opted_in", "opted_out"),
        {"B", "C"},
    ),
    "a yes, and what became of others": ("newsletter", ("yes", "no", "bounced", "unknown"), {"A"}),
    "words for nothing": ("newsletter", ("yes", "opted_in", "n/a", "unknown"), {"A", "B"}),
    "no objection by a word for nothing": ("opt_out", ("no", "yes", "n/a", ""), {"A", "C", "D"}),
    "no in a letter that means it elsewhere, too": (
        "Werbesperre",
        ("N", "J", "J", "N"),
        {"A", "D"},
    ),
    "no in a word that means it elsewhere, too": (
        "Baja publicidad",
        ("NO", "SI", "SI", "NO"),
        {"A", "D"},
    ),
    "no recibir": ("No recibir publicidad", ("No", "Sí", "Sí", "No"), {"A", "D"}),
    "what is allowed": ("E-Mail-Werbung", ("erlaubt", "untersagt", "", "erlaubt"), {"A", "D"}),
    "what came back": (
        "Email Status",
        ("Valid", "Hard Bounce", "Unsubscribed", "Valid"),
        {"A", "D"},
    ),
    "a word, and no": ("Newsletter", ("subscribed", "no", "", "unsubscribed"), {"A"}),
    "words beside ja and nein that nobody knows": (
        "Newsletter",
        ("ja", "nein", "abgemeldet", "Nein, nie wieder"),
        {"A"},
    ),
    "a state beside others": (
        "Email Marketing Consent State",
        ("subscribed", "not_subscribed", "redacted", "invalid"),
        {"A"},
    ),
    "in French": ("Newsletter", ("Oui", "Non", "En attente", "Plainte au service"), {"A"}),
    "in Spanish": ("Newsletter", ("Sí", "No", "Baja por correo", "Pendiente"), {"A"}),
    "in Italian": ("Newsletter", ("sì", "no", "Disiscritto a mano", "forse"), {"A"}),
    "in Dutch": ("Nieuwsbrief", ("ja", "nee", "Nog niet gevraagd", "uitgeschreven"), {"A"}),
    "in Polish": ("Newsletter", ("tak", "nie", "wypisany", "do wyjaśnienia"), {"A"}),
    "a state, and who did it": (
        "Newsletter status",
        ("Subscribed", "Unsubscribed (by admin)", "Marked as spam", "Ask again"),
        {"A"},
    ),
    "a yes, and texts": ("Email opt in", ("Yes", "No", "Opted out 2025-11-03", "yes"), {"A", "D"}),
    "a yes that another text begins with": (
        "Email opt in",
        ("Y", "N", "Yet to ask", "y"),
        {"A", "D"},
    ),
    "an objection, and texts": (
        "email_opt_out",
        ("no", "yes", "", "by phone in May"),
        {"A", "C"},
    ),
    "an objection in German, and texts": (
        "Werbesperre",
        ("nein", "ja", "", "am Telefon gesagt"),
        {"A", "C"},
    ),
    "a list of mails that holds answers": (
        "Mailing list",
        ("yes", "no", "", "unsubscribed"),
        {"A"},
    ),
}
FOUR = "order_id,customer_id,date,amount\n" + "".join(
    f"{n},{who},2026-01-05,{n}0\n" for n, who in enumerate("ABCD", 1)
)


@pytest.mark.parametrize(("column", "cells", "willing"), MIXED.values(), ids=MIXED)
def test_words_beside_yes_and_no_are_read_together(
    segment: Segment, column: str, cells: tuple[str, ...], willing: set[str]
) -> None:
    rows = "".join(f"{who},{cell}\n" for who, cell in zip("ABCD", cells, strict=True))
    files = {"o.csv": FOUR, "k.csv": f"customer_id,{column}\n{rows}"}
    done = segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert (done.exit_code, segment("validate", "--strict").exit_code) == (0, 0), done.err
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, willing), run.err
    bare = f"version: 1\n{SOURCES}personas: {{p: {{}}}}\n"
    told = segment("run", "-n", files={"personas.yaml": bare})
    [advised] = re.findall(r"Write (suppress: .*\]) \(", told.err)
    followed = segment("run", files={"personas.yaml": f"{bare}{advised}\n"})
    assert (followed.exit_code, published(followed.folder)) == (0, willing), followed.err


#: a column of orders, its cells with orders of A, B, C and again C -> who may be written to
OF_ORDERS = {
    "Shopify": ("Accepts Marketing", ("yes", "no", "yes", "no"), {"A"}),
    "Shopify's API": ("buyer_accepts_marketing", ("true", "false", "true", "false"), {"A"}),
    "it was given later": ("accepts_marketing", ("1", "0", "0", "1"), {"A", "C"}),
    "in German": ("Newsletter", ("ja", "nein", "ja", "ja"), {"A", "C"}),
    "an objection": ("email_opt_out", ("no", "yes", "yes", "no"), {"A", "C"}),
    "of a subscription that is sold": ("Subscription", ("yes", "no", "no", "yes"), {"A", "B", "C"}),
    "of something else": ("Terms accepted", ("yes", "no", "no", "yes"), {"A", "B", "C"}),
    "words of which nobody knows": ("Newsletter", ("p", "q", "r", "s"), {"A", "B", "C"}),
    "words beside yes and no": ("Newsletter", ("ja", "nein", "ja", "nie mehr"), {"A"}),
    "texts beside yes and no": ("Newsletter", ("Yes", "No", "opted out in May", "yes"), {"A", "C"}),
    "texts beside an objection": ("email_opt_out", ("no", "yes", "no", "by phone"), {"A"}),
}


#: of two orders of one day the no counts, whatever stands first by letters
OF_ONE_DAY = {
    "in German": ("Newsletter", "ja", "nein"),
    "in Dutch": ("Nieuwsbrief", "ja", "nee"),
    "in French": ("Newsletter", "oui", "non"),
    "yes and no": ("Accepts Marketing", "yes", "no"),
    "numbers": ("accepts_marketing", "1", "0"),
    "states": ("Email consent", "subscribed", "unsubscribed"),
    "an objection": ("email_opt_out", "no", "yes"),
    "an objection in German": ("Werbesperre", "nein", "ja"),
    "who unsubscribed": ("Unsubscribed", "false", "true"),
}


@pytest.mark.parametrize(("column", "yes", "no"), OF_ONE_DAY.values(), ids=OF_ONE_DAY)
def test_of_two_orders_of_one_day_the_no_counts(
    segment: Segment, column: str, yes: str, no: str
) -> None:
    said = [("A", 1, yes), ("A", 1, no), ("B", 1, no), ("B", 1, yes), ("C", 1, no), ("C", 2, yes)]
    said += [("D", 1, yes), ("D", 2, no), ("E", 1, yes)]
    rows = "".join(f"{n},{who},2026-01-0{on},9,{one}\n" for n, (who, on, one) in enumerate(said))
    files = {"o.csv": f"order_id,customer_id,date,amount,{column}\n{rows}"}
    done = segment("init", "--from", "o.csv", files=files)
    assert (done.exit_code, segment("validate", "--strict").exit_code) == (0, 0), done.err
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, {"C", "E"}), run.err
    bare = "version: 1\nsources: {transactions: o.csv}\npersonas: {p: {}}\n"
    told = segment("run", "-n", files={"personas.yaml": bare})
    [advised] = re.findall(r"Write (?:(features: .*\}) and )?(suppress: .*\]) \(", told.err)
    followed = segment("run", files={"personas.yaml": "\n".join([bare, *advised])})
    assert (followed.exit_code, published(followed.folder)) == (0, {"C", "E"}), followed.err


#: a list of words of each customer -> who may be written to: a refusal among them is one, and nothing else is
LISTS = {
    "tags": ("Tags", ("newsletter, vip", "vip, unsubscribed", "Unsubscribed", ""), {"A", "D"}),
    "tags of one word": ("Tags", ("vip", "unsubscribed", "vip", "b2b"), {"A", "C", "D"}),
    "lists": ("Lists", ("News;VIP", "do-not-email;VIP", "VIP", "optout"), {"A", "C"}),
    "in German": ("Schlagwörter", ("vip", "abgemeldet | vip", "vip", ""), {"A", "C", "D"}),
    "in French": ("Étiquettes", ("vip", "désabonné; vip", "vip", ""), {"A", "C", "D"}),
    "in Spanish": ("Etiquetas", ("vip", "baja; vip", "vip", ""), {"A", "C", "D"}),
    "none of mails": (
        "Lists",
        ("Newsletter, VIP", "Newsletter abbestellt", "Kein Kontakt", "Blacklist"),
        {"A"},
    ),
    "in other words": (
        "groups",
        ("Newsletter DE; VIP", "Keine E-Mails!", "bitte keine Werbung mehr", "VIP; gesperrt"),
        {"A"},
    ),
    "in French words": ("Groupes", ("VIP", "pas de mails", "VIP; sans publicité", ""), {"A", "D"}),
    "in Spanish words": ("Etiquetas", ("VIP", "sin correos", "VIP; no contactar", ""), {"A", "D"}),
    "in Italian words": (
        "Etichette",
        ("VIP", "niente pubblicità", "no newsletter", ""),
        {"A", "D"},
    ),
    "in Dutch words": ("Groepen", ("VIP", "geen mails", "VIP; niet mailen", ""), {"A", "D"}),
    "no of something else": (
        "Tags",
        ("no returns", "Nichtkäufer", "non-food", ""),
        None,
    ),
    "no refusal": ("Tags", ("newsletter, vip", "vip", "newsletter", ""), None),
    "a name": ("Company", ("Robinson, Ltd", "Spam, Inc", "Smith, Ltd", ""), None),
}


@pytest.mark.parametrize(("column", "cells", "willing"), LISTS.values(), ids=LISTS)
def test_a_refusal_among_the_words_of_a_list_is_one(
    segment: Segment, column: str, cells: tuple[str, ...], willing: set[str] | None
) -> None:
    if willing is not None:
        test_words_beside_yes_and_no_are_read_together(
            segment, column, tuple(f'"{cell}"' for cell in cells), willing
        )
        return
    rows = "".join(f'{who},"{cell}"\n' for who, cell in zip("ABCD", cells, strict=True))
    files = {"o.csv": FOUR, "k.csv": f"customer_id,{column}\n{rows}"}
    segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert "contains" not in Path("personas.yaml").read_text()


def test_words_of_a_list_that_may_be_a_refusal_are_a_persons_to_decide(segment: Segment) -> None:
    for known, rule in (("vip", None), ("unsubscribed", "{Tags: {contains: unsubscribed,")):
        Path("personas.yaml").unlink(missing_ok=True)
        rows = f'A,vip\nB,"account deleted, vip"\nC,{known}\nD,Beschwerde; no offers\n'
        files = {"o.csv": FOUR, "k.csv": f"customer_id,Tags\n{rows}"}
        done = segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
        assert done.exit_code == 0, done.err
        choice = "{Tags: {contains: [account deleted, Beschwerde, no offers], ignore_case: true}}"
        text = Path("personas.yaml").read_text()
        assert f"  # - {choice}    # decide: if these words say" in text
        assert rule is None or f"  - {rule}" in text
        bare = f"version: 1\n{SOURCES}personas: {{p: {{}}}}\n"
        told = segment("run", "-n", files={"personas.yaml": bare})
        assert choice in told.err
        followed = segment("run", files={"personas.yaml": f"{bare}suppress: [{choice}]\n"})
        assert published(followed.folder) == {"A", "C"}, followed.err


#: a column of channels, its words, and what two customers said -> the where that is proposed, who may be written to
CHANNELS = {
    "channels": ("channel", ["email", "sms"], "{channel: email}"),
    "in German": ("Kanal", ["E-Mail", "Telefon"], "{Kanal: E-Mail}"),
    "kinds of consent": ("type", ["email_marketing", "sms_marketing"], "{type: email_marketing}"),
    "no mails": ("channel", ["push", "sms"], None),
    "no channels": ("shop", ["north", "south"], None),
}


@pytest.mark.parametrize(("column", "words", "where"), CHANNELS.values(), ids=CHANNELS)
def test_the_rows_of_mails_are_proposed_where_each_channel_has_one(
    segment: Segment, column: str, words: list[str], where: str | None
) -> None:
    answers = {"A": ("yes", "no"), "B": ("no", "yes"), "C": ("yes", "yes"), "D": ("no", "no")}
    rows = "".join(
        f"{who},{word},{answer}\n"
        for who, both in answers.items()
        for word, answer in zip(words, both, strict=True)
    )
    rules = "version: 1\nsources: {{transactions: o.csv, customers: {{path: k.csv{keys}}}}}\npersonas: {{p: {{}}}}\nsuppress: [{{opted_in: {{is_not: true}}}}]\n"
    files = {"o.csv": FOUR, "k.csv": f"customer_id,{column},opted_in\n{rows}"}
    done = segment("run", files={**files, "personas.yaml": rules.format(keys="")})
    said = f"For the rows of mails alone: sources: {{customers: {{path: …, where: {where}}}}}"
    assert (done.exit_code, said in done.err) == (3, where is not None), done.err
    if where is None:
        assert "rows of mails" not in done.err
        return
    followed = segment("run", files={"personas.yaml": rules.format(keys=f", where: {where}")})
    assert (followed.exit_code, published(followed.folder)) == (0, {"A", "C"}), followed.err


#: the header beside customer_id, and what stands there of A, B, C and D -> the where that takes the rows of mails
ONE_CHANNEL = {
    "a channel": (
        "channel,consent",
        "email,granted email,denied sms,granted email,granted",
        "{channel: email}",
    ),
    "in German": (
        "Kanal,Einwilligung",
        "E-Mail,ja E-Mail,nein Telefon,ja E-Mail,ja",
        "{Kanal: E-Mail}",
    ),
    "in Dutch": ("Kanaal,Toestemming", "e-mail,ja e-mail,nee sms,ja e-mail,ja", "{Kanaal: e-mail}"),
    "in French": (
        "Canal,Consentement",
        "Courriel,oui courriel,non SMS,oui courriel,oui",
        "{Canal: [Courriel, courriel]}",
    ),
    "in Spanish": (
        "Canal,Consentimiento",
        "email,sí email,no teléfono,sí email,sí",
        "{Canal: email}",
    ),
    "in Italian": ("Canale,Consenso", "mail,sì mail,no sms,sì mail,sì", "{Canale: mail}"),
    "in Polish": ("Kanał,Zgoda", "email,tak email,nie sms,tak email,tak", "{Kanał: email}"),
    "kinds": (
        "type,opt_in",
        "email_marketing,1 email_marketing,0 sms_marketing,1 email_marketing,1",
        "{type: email_marketing}",
    ),
    "mails alone": (
        "channel,consent",
        "email,granted email,denied email,denied email,granted",
        None,
    ),
    "where they came from": (
        "channel,consent",
        "email,granted social,denied web,denied phone,granted",
        None,
    ),
    "what they like": (
        "preferred_channel,consent",
        "email,granted email,denied sms,denied email,granted",
        None,
    ),
    "a consent to mails": ("channel,email_consent", "email,yes email,no sms,no email,yes", None),
}


@pytest.mark.parametrize(("head", "rows", "where"), ONE_CHANNEL.values(), ids=ONE_CHANNEL)
def test_a_consent_to_another_channel_is_none_to_mails(
    segment: Segment, head: str, rows: str, where: str | None
) -> None:
    cells = "".join(f"{who},{row}\n" for who, row in zip("ABCD", rows.split(), strict=True))
    files = {"o.csv": FOUR, "k.csv": f"customer_id,{head}\n{cells}"}
    done = segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
    text = Path("personas.yaml").read_text()
    assert (done.exit_code, "# check: what is said of other channels" in text) == (
        0,
        where is not None,
    ), done.err
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, {"A", "D"}), run.err
    suppress = text[text.index("suppress:") :].partition("\n\n")[0]
    rules = f"version: 1\nsources: {{transactions: o.csv, customers: {{path: k.csv%s}}}}\npersonas: {{p: {{}}}}\n{suppress}\n"
    told = segment("run", "-n", files={"personas.yaml": rules % ""})
    assert told.exit_code == (0 if where is None else 3), told.err
    if where is not None:
        assert f"Choose under sources: where: {where}. " in told.err
        followed = segment("run", files={"personas.yaml": rules % f", where: {where}"})
        assert (followed.exit_code, published(followed.folder)) == (0, {"A", "D"}), followed.err


@pytest.mark.parametrize(("column", "cells", "willing"), OF_ORDERS.values(), ids=OF_ORDERS)
def test_what_the_last_order_says_of_consent_is_read(
    segment: Segment, column: str, cells: tuple[str, ...], willing: set[str]
) -> None:
    rows = "".join(
        f"{n},{who},2026-01-0{n},{n}0,{cell}\n"
        for n, (who, cell) in enumerate(zip("ABCC", cells, strict=True), 1)
    )
    files = {"o.csv": f"order_id,customer_id,date,amount,{column}\n{rows}"}
    done = segment("init", "--from", "o.csv", files=files)
    assert (done.exit_code, segment("validate", "--strict").exit_code) == (0, 0), done.err
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, willing), run.err
    assert "consent" not in run.err
    bare = "version: 1\nsources: {transactions: o.csv}\npersonas: {p: {}}\n"
    told = segment("run", "-n", files={"personas.yaml": bare})
    advised = re.findall(r"Write (?:(features: .*\}) and )?(suppress: .*\]) \(", told.err)
    assert (len(advised) == 1) is (len(willing) < 3), told.err
    rules = "\n".join([bare, *(line for lines in advised for line in lines)])
    followed = segment("run", files={"personas.yaml": rules})
    assert (followed.exit_code, published(followed.folder)) == (0, willing), followed.err
    assert "consent" not in followed.err


def test_a_no_that_stands_with_an_order_that_is_not_chosen_is_told(segment: Segment) -> None:
    orders = (
        "order_id,customer_id,date,amount,Status,Newsletter\n1,A,2026-01-05,10,done,yes\n"
        "2,B,2026-01-06,20,done,yes\n3,B,2026-01-07,20,cancelled,no\n"
    )
    assert segment("init", "--from", "o.csv", files={"o.csv": orders}).exit_code == 0
    assert "# not read" not in Path("personas.yaml").read_text()
    run = segment("run")
    assert "what stands with 1 other row is not asked" in run.err
    [customers] = re.findall(r"read it of customers: customers: (\{.*\})\. If", run.err)
    rules = (
        "version: 1\nsources: {transactions: {path: o.csv, where: {Status: done}}, customers: "
        f"{customers}}}\nsuppress: [{{Newsletter: {{is_not: true}}}}]\npersonas: {{p: {{}}}}\n"
    )
    followed = segment("run", files={"personas.yaml": rules})
    assert (followed.exit_code, published(followed.folder)) == (0, {"A"}), followed.err
    assert "consent" not in followed.err


def test_customers_say_it_later_than_orders(segment: Segment) -> None:
    orders = ORDERS.replace("amount", "amount,Accepts Marketing").replace("0\n", "0,no\n")
    files = {"o.csv": orders, "k.csv": customers("Newsletter", "yes", "no")}
    done = segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert done.exit_code == 0, done.err
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, {"A"}), run.err
    assert "consent" not in run.err


def test_yes_and_no_say_nothing_where_only_a_word_tells_of_consent(segment: Segment) -> None:
    files = {"o.csv": ORDERS, "k.csv": customers("Mail", "no", "unsubscribed")}
    assert segment("init", "--from", "o.csv", "--customers", "k.csv", files=files).exit_code == 0
    assert "# - {Mail: {none_of: [WORD]}}    # decide: " in Path("personas.yaml").read_text()


#: a name that is not understood whole, and its cells -> the rules of which a person chooses
UNCLEAR = {
    "Newsletter Non-Food": ("ja", "nein", ["{Newsletter Non-Food: {none_of: [WORD]}}"]),
    "Newsletter (no spam)": ("yes", "no", ["{Newsletter (no spam): {none_of: [WORD]}}"]),
    "Newsletter without discount code": (
        "yes",
        "no",
        ["{Newsletter without discount code: {none_of: [WORD]}}"],
    ),
    "AGB und Newsletter akzeptiert": (
        "ja",
        "nein",
        ["{AGB und Newsletter akzeptiert: {none_of: [WORD]}}"],
    ),
    "Newsletter bis": (
        "2026-01-01",
        "",
        ["{Newsletter bis: {missing: false}}", "{Newsletter bis: {missing: true}}"],
    ),
    "newsletter": ("1", "-1", ["{newsletter: {none_of: [WORD]}}"]),
    "Opt-out": ("no", "email", ["{Opt-out: {none_of: [WORD]}}"]),
}


@pytest.mark.parametrize("column", UNCLEAR)
def test_a_name_that_is_not_understood_whole_is_a_persons_to_decide(
    segment: Segment, column: str
) -> None:
    one, other, rules = UNCLEAR[column]
    files = {"o.csv": ORDERS, "k.csv": customers(column, one, other)}
    assert segment("init", "--from", "o.csv", "--customers", "k.csv", files=files).exit_code == 0
    text = Path("personas.yaml").read_text()
    assert [line for line in text.splitlines() if "# decide: " in line and " - {" in line] != []
    assert all(f"  # - {rule}    # decide: " in text for rule in rules), text
    run = segment("run")
    assert run.exit_code == 0, run.err
    assert all(f"suppress: [{rule}]" in run.err for rule in rules), run.err


def test_what_is_no_day_stops_who_suppresses_by_days_wherever_it_stands(segment: Segment) -> None:
    many = "".join(f"K{i},2025-01-01\n" for i in range(2500))
    files = {"o.csv": ORDERS, "k.csv": f"customer_id,opt_in_at\nA,2026-01-01\n{many}B,withdrawn\n"}
    assert segment("init", "--from", "o.csv", "--customers", "k.csv", files=files).exit_code == 0
    run = segment("run")
    assert (run.exit_code, run.err.count("withdrawn (1)")) == (3, 1), run.err
    assert "missing: {opt_in_at: [withdrawn]}" in run.err
    rules = Path("personas.yaml").read_text()
    signed = rules.replace(
        "path: k.csv\n", "path: k.csv\n    missing: {opt_in_at: [withdrawn]}\n", 1
    )
    followed = segment("run", files={"personas.yaml": signed})
    assert (followed.exit_code, published(followed.folder)) == (0, {"A"}), followed.err


def test_who_said_no_late_in_the_file_is_left_out(segment: Segment) -> None:
    many = "".join(f"K{i},\n" for i in range(2500))
    for last, willing in (("B,2026-01-01", {"A"}), ("B,", {"A", "B"})):
        files = {"o.csv": ORDERS, "k.csv": f"customer_id,Unsubscribed at\nA,\n{many}{last}\n"}
        Path("personas.yaml").unlink(missing_ok=True)
        done = segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
        assert done.exit_code == 0, done.err
        run = segment("run")
        assert (run.exit_code, published(run.folder)) == (0, willing), run.err


def test_another_channel_suppresses_nobody_and_hides_no_mails(segment: Segment) -> None:
    """Mails go by the columns of mails; what tells of calls is written as a comment."""
    rows = "customer_id,Accepts Email Marketing,Accepts SMS Marketing\nA,yes,no\nB,no,yes\n"
    files = {"o.csv": ORDERS, "k.csv": rows}
    assert segment("init", "--from", "o.csv", "--customers", "k.csv", files=files).exit_code == 0
    assert "# - {Accepts SMS Marketing: {is_not: true}}" in Path("personas.yaml").read_text()
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, {"A"}), run.err
    assert "tells who" not in run.err


def test_a_consent_to_calls_hides_none_of_the_orders(segment: Segment) -> None:
    orders = "order_id,customer_id,date,amount,Accepts Marketing\n1,A,2026-01-05,10,yes\n2,B,2026-01-06,20,no\n"
    files = {"o.csv": orders, "k.csv": customers("SMS opt-in", "yes", "yes")}
    done = segment("init", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert done.exit_code == 0, done.err
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, {"A"}), run.err


EVENTS = {
    "a short word": (
        "e.csv",
        "customer_id,occurred_at,event\nA,2026-01-01,open\nB,2026-01-01,unsub\n",
    ),
    "named by its file": ("unsubscribes.csv", "customer_id,occurred_at\nB,2026-01-01\n"),
    "a complaint": ("complaints.csv", "customer_id,occurred_at\nB,2026-01-01\n"),
    "in a column": (
        "e.csv",
        "customer_id,occurred_at,event\nA,2026-01-01,visit\nB,2026-01-01,opt_out\n",
    ),
    "in German": ("abmeldungen.csv", "customer_id,occurred_at\nB,2026-01-01\n"),
}


@pytest.mark.parametrize(("name", "rows"), EVENTS.values(), ids=EVENTS)
def test_init_reads_events_that_are_a_no(segment: Segment, name: str, rows: str) -> None:
    files = {"o.csv": ORDERS, name: rows}
    assert segment("init", "--from", "o.csv", "--events", name, files=files).exit_code == 0
    run = segment("run")
    assert (run.exit_code, published(run.folder)) == (0, {"A"}), run.err


def test_init_names_a_column_whose_cells_are_neither_yes_nor_no(segment: Segment) -> None:
    files = {"o.csv": ORDERS, "k.csv": customers("GDPR consent", "maybe", "perhaps")}
    assert segment("init", "--from", "o.csv", "--customers", "k.csv", files=files).exit_code == 0
    assert (
        "# - {GDPR consent: {none_of: [WORD]}}    # decide: " in Path("personas.yaml").read_text()
    )


SOURCES = "sources: {transactions: o.csv, customers: k.csv}\n"
NEWS = customers("Newsletter", "yes", "no")
UNREAD = "Newsletter tells who may be written to, and no suppress rule reads it\n  Write suppress: [{Newsletter: {is_not: true}}]"
#: sources, other rules, files -> what is said; nothing where it ends with None
TOLD: dict[str, tuple[str, str, dict[str, str], str | None]] = {
    "nobody reads it": ("customers: k.csv", "", {"k.csv": NEWS}, UNREAD),
    "under another name": (
        "customers: {path: k.csv, columns: {letter: Newsletter}}",
        "",
        {"k.csv": NEWS},
        "letter tells who may be written to",
    ),
    "suppress reads another one": (
        "customers: k.csv",
        "suppress: [{phone: false}]",
        {"k.csv": "customer_id,phone,Newsletter\nA,yes,yes\nB,no,no\n"},
        UNREAD,
    ),
    "suppress reads it": (
        "customers: k.csv",
        "suppress: [{Newsletter: false}]",
        {"k.csv": NEWS},
        None,
    ),
    "declared": (
        "customers: {path: k.csv, values: {Newsletter: [no, yes]}}",
        "",
        {"k.csv": NEWS},
        None,
    ),
    "switched off": ("customers: k.csv", "notices: {consent-unread: off}", {"k.csv": NEWS}, None),
    "no yes or no": (
        "customers: k.csv",
        "",
        {"k.csv": customers("Marketing channel", "email", "social")},
        None,
    ),
    "codes": (
        "customers: k.csv",
        "",
        {"k.csv": "customer_id,Newsletter\nA,2\nB,0\nC,1\nD,0\n"},
        "who must not, and no suppress rule reads it; it holds 0, 1, 2, and nobody but you",
    ),
    "words that nobody knows": (
        "customers: k.csv",
        "",
        {"k.csv": customers("GDPR consent", "maybe", "yes")},
        "suppress: [{GDPR consent: {none_of: [WORD]}}]",
    ),
    "a refusal in codes": (
        "customers: k.csv",
        "",
        {"k.csv": customers("opt_out", "2", "3")},
        "by its name opt_out tells who may be written to",
    ),
    "words that may be somebody's": (
        "customers: k.csv",
        "",
        {"k.csv": customers("Newsletter", "yes", "anna meier")},
        "it holds yes, 1 other value, and nobody but you",
    ),
    "codes that are declared": (
        "customers: {path: k.csv, values: {Newsletter: ['0', '2']}}",
        "",
        {"k.csv": customers("Newsletter", "2", "0")},
        None,
    ),
    "codes that suppress reads": (
        "customers: k.csv",
        "suppress: [{Newsletter: {is_not: '2'}}]",
        {"k.csv": customers("Newsletter", "2", "0")},
        None,
    ),
    "what was sent": (
        "customers: k.csv",
        "",
        {"k.csv": customers("Newsletters received", "12", "3")},
        None,
    ),
    "nothing there": ("customers: k.csv", "", {"k.csv": customers("Newsletter", "", "")}, None),
    "codes of events": (
        "events: {path: e.csv, event: contact}",
        "",
        {"e.csv": "customer_id,occurred_at,opted_out\nA,2026-01-01,3\nB,2026-01-01,0\n"},
        "[{did: {event: contact, where: {opted_out: {none_of: [WORD]}}}}]",
    ),
    "another name": ("customers: k.csv", "", {"k.csv": customers("vip", "yes", "no")}, None),
    "cookies": ("customers: k.csv", "", {"k.csv": customers("Cookie consent", "yes", "no")}, None),
    "an event": (
        "events: {path: e.csv, event: unsubscribe}",
        "",
        {"e.csv": "customer_id,occurred_at\nA,2026-01-01\n"},
        "Write suppress: [{did: unsubscribe}].",
    ),
    "an event that suppress reads": (
        "events: {path: e.csv, event: unsubscribe}",
        "suppress: [{did: unsubscribe}]",
        {"e.csv": "customer_id,occurred_at\nA,2026-01-01\n"},
        None,
    ),
    "a column of events": (
        "events: {path: e.csv, event: contact}",
        "",
        {"e.csv": "customer_id,occurred_at,opted_out\nA,2026-01-01,yes\nB,2026-01-01,no\n"},
        "[{did: {event: contact, where: {opted_out: {is_not: false}}}}]",
    ),
    "events of visits": (
        "events: {path: e.csv, event: visit}",
        "",
        {"e.csv": "customer_id,occurred_at\nA,2026-01-01\n"},
        None,
    ),
}


@pytest.mark.parametrize(("source", "rules", "files", "said"), TOLD.values(), ids=TOLD)
def test_a_run_says_what_no_suppress_rule_reads(
    segment: Segment, source: str, rules: str, files: dict[str, str], said: str | None
) -> None:
    text = (
        f"version: 1\nsources: {{transactions: o.csv, {source}}}\npersonas: {{p: {{}}}}\n{rules}\n"
    )
    done = segment("run", files={"o.csv": ORDERS, "personas.yaml": text, **files})
    assert done.exit_code == 0, done.err
    if said is None:
        assert "tells who" not in done.err
    else:
        assert said in done.err


def test_what_every_persona_asks_for_is_read(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: o.csv, customers: k.csv}\n"
    one = "personas: {p: {match: {Newsletter: true}}, q: {}}\n"
    files = {"o.csv": ORDERS, "k.csv": NEWS}
    alone = rules + "personas: {p: {match: {Newsletter: true}}}\n"
    assert UNREAD not in segment("run", "-n", files={**files, "personas.yaml": alone}).err
    assert UNREAD in segment("run", "-n", files={"personas.yaml": rules + one}).err
