#!/usr/bin/env bash
# france-opendata 0.50.0 (PyPI, October 2026), which asks the open data of the BODACC for the notices of one firm (search_by_siren) or of a
# list of customers (search_batch); the answers are those of a server of our own on this machine, with the fields of the data set
# « annonces-commerciales ». Of one debtor there are three notices of collective proceedings: of 16 September 2026 a liquidation, of
# 14 October a receivership (redressement), of 3 November one of the type « annulation », which annuls that of 16 September: its
# number stands in « parutionavisprecedent », and nowhere else.
# Seen on 29 November 2026, without an error, whether the annulment repeats the judgment or leaves it out:
# - of the list there are three lines, and what the annulment annuls is in none of them: that field is left out. Where the judgment is not
#   repeated, nobody can tell whether the liquidation or the receivership is gone;
# - what is annulled is counted: openings of a liquidation 1, and 2 where the annulment repeats the judgment;
# - asked for the one firm, the same client gives the field.
# What follows: a notice that corrects or annuls is read with the number of the one it names, or the list is a list of firms to be
# looked up one by one. Claims are declared within two months of the publication (C. com. R. 622-24): by 16 November of the
# liquidation, which never was, by 14 December of the receivership: whoever reads the wrong one gives up his claim.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile france-opendata==0.50.0
"$folder/env/bin/python" - <<'PY'
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from france_opendata.bodacc import BodaccClient

DEBTOR = "999000029"


def notice(issue, number, published, judgment=None, annuls=None):
    """Return a notice as the data set gives it: objects are texts of JSON."""
    kind = ("annulation", None) if annuls else ("annonce", "Avis initial")
    return {
        "id": f"A{issue}{number}", "publicationavis": "A", "parution": issue, "numeroannonce": int(number), "dateparution": published,
        "typeavis": kind[0], "typeavis_lib": kind[1], "familleavis": "collective", "familleavis_lib": "Procédures collectives",
        "registre": [DEBTOR, "999 000 029"], "commercant": "DEBITEUR SAS", "tribunal": "Greffe du Tribunal de Commerce de Lyon",
        "jugement": judgment and json.dumps(judgment), "parutionavisprecedent": annuls and json.dumps(annuls),
    }  # fmt: skip


def opening(nature, day):
    return {"type": "initial", "famille": "Jugement d'ouverture", "nature": nature, "date": day, "complementJugement": "Mandataire."}


LIQUIDATION = opening("Jugement d'ouverture de liquidation judiciaire", "8 septembre 2026")
RECEIVERSHIP = opening("Jugement d'ouverture d'une procédure de redressement judiciaire", "6 octobre 2026")
FIRST = {"nomPublication": "BODACC A", "numeroParution": "20260177", "dateParution": "16 septembre 2026", "numeroAnnonce": "1101"}
KNOWN = []


class Register(BaseHTTPRequestHandler):
    def do_GET(self):
        assert DEBTOR in parse_qs(urlsplit(self.path).query)["where"][0]
        body = json.dumps({"total_count": len(KNOWN), "results": KNOWN}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


server = HTTPServer(("127.0.0.1", 0), Register)
Thread(target=server.serve_forever, daemon=True).start()
client = BodaccClient()
client.BASE_URL = f"http://127.0.0.1:{server.server_port}/records"

for repeated, openings in ((None, 1), (LIQUIDATION, 2)):
    KNOWN[:] = [
        notice("20260210", "2203", "2026-11-03", repeated, FIRST),
        notice("20260197", "1702", "2026-10-14", RECEIVERSHIP),
        notice("20260177", "1101", "2026-09-16", LIQUIDATION),
    ]
    found = client.search_batch([DEBTOR], famille="collective")
    lines = found["annonces"]
    seen = [(line["bodacc_id"], line["date_parution"], line["type_avis"], line["jugement_nature"]) for line in lines]
    print("the list:", *seen, found["synthese"]["par_jugement_nature"], sep="\n  ")
    assert len(lines) == 3 and "1101" not in json.dumps([line for line in lines if line["type_avis"] == "annulation"])
    assert found["synthese"]["par_jugement_nature"] == {LIQUIDATION["nature"]: openings, RECEIVERSHIP["nature"]: 1}

    [annulment] = [line for line in client.search_by_siren(DEBTOR)["results"] if line["typeavis"] == "annulation"]
    print("the one firm:", annulment["parutionavisprecedent"])
    assert annulment["parutionavisprecedent"] == FIRST
server.shutdown()
print("As seen.")
PY
