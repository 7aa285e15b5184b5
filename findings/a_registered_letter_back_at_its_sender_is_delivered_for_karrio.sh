#!/usr/bin/env bash
# karrio-laposte 2026.1.32 with karrio 2026.1.32 (PyPI, June 2026), which follow what carriers bring, and put every carrier’s words into the
# same few; the answers are those of a server of our own on this machine, in the form of La Poste’s tracking (« Suivi », version 2), of
# registered letters with formal notices. Its codes: MD2 out for delivery, AG1 waiting at the counter, RE1 returned to the sender, DI1
# delivered, DI2 delivered to the sender, ET1 being sorted; « isFinal » says that the way of the letter is over.
# Seen on 29 November 2026, without an error or a message:
# - the letter that nobody fetched and that its sender holds again (DI2) is « delivered: True », as the one that the debtor signed for
#   (DI1); its status beside it is « in_transit », which is also that of the one on its way back (RE1) and of the one at the counter (AG1);
# - RE1 has one reason, « consignee_refused », also after AG1: who did not come in fifteen days refused; AG1 itself, from which they run,
#   is « consignee_not_available »;
# - a letter that is sorted (ET1) is « out_for_delivery »;
# - what was delivered on the 4th at 23:40 in Paris has the moment (timestamp) « 2026-11-04T23:40:00.000Z », an hour later, on the 5th in
#   Paris; told by the carrier in UTC (22:40Z), the same moment is 22:40 of the 4th.
# What follows: « delivered » is no proof of receipt; the carrier’s own code and words are kept, a return is told apart from a delivery by
# them, and refused from not claimed by what the carrier wrote on the letter; the hour is turned into that of Paris before a day is read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile karrio==2026.1.32 karrio-laposte==2026.1.32
cd "$folder"
export HOME="$folder"
"$folder/env/bin/python" -W ignore - 2> "$folder/log" <<'PY' || { cat "$folder/log"; exit 1; }
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import karrio.sdk as karrio
from karrio.core.models import TrackingRequest
from karrio.mappers.laposte import Settings

LABELS = {
    "PC1": "Pris en charge", "ET1": "En cours de traitement", "AG1": "En attente d’être retiré au guichet",
    "RE1": "Retourné à l’expéditeur", "DI1": "Distribué", "DI2": "Distribué à l’expéditeur",
}  # fmt: skip
TAKEN, WAITING = ("PC1", "2026-11-02T16:00:00+01:00"), ("AG1", "2026-11-04T10:30:00+01:00")
BACK = ("RE1", "2026-11-20T18:00:00+01:00")
LETTERS = {
    "signed": (True, ("DI1", "2026-11-04T23:40:00+01:00"), TAKEN),
    "signed, told in UTC": (True, ("DI1", "2026-11-04T22:40:00Z"), TAKEN),
    "back at the sender": (True, ("DI2", "2026-11-24T09:30:00+01:00"), BACK, WAITING, TAKEN),
    "on its way back": (False, BACK, WAITING, TAKEN),
    "at the counter": (False, WAITING, TAKEN),
    "sorted": (False, ("ET1", "2026-11-03T02:10:00+01:00"), TAKEN),
}  # fmt: skip
NUMBERS = {f"1A{number:011}": name for number, name in enumerate(LETTERS, start=1)}


def answer(number):
    final, *events = LETTERS[NUMBERS[number]]
    told = [{"code": code, "label": LABELS[code], "date": date} for code, date in events]
    shipment = {
        "idShip": number, "holder": 1, "product": "Lettre recommandée", "isFinal": final, "entryDate": TAKEN[1], "timeline": [],
        "event": told, "contextData": {"originCountry": "FR", "arrivalCountry": "FR"},
    }  # fmt: skip
    return {"lang": "fr_FR", "scope": "open", "returnCode": 200, "shipment": shipment}


class Carrier(BaseHTTPRequestHandler):
    def do_GET(self):
        numbers = self.path.partition("/idships/")[2].partition("?")[0].split(",")
        body = json.dumps([answer(number) for number in numbers]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = HTTPServer(("127.0.0.1", 0), Carrier)
threading.Thread(target=server.serve_forever, daemon=True).start()
Settings.server_url = property(lambda settings: f"http://127.0.0.1:{server.server_port}")
gateway = karrio.gateway["laposte"].create({"api_key": "none"})
details, messages = karrio.Tracking.fetch(TrackingRequest(tracking_numbers=list(NUMBERS))).from_(gateway).parse()
server.shutdown()
assert not messages, messages

found = {NUMBERS[each.tracking_number]: each for each in details}
for name, each in found.items():
    print(f"{name}: delivered {each.delivered}, status {each.status}, last event {each.events[0].timestamp}, {each.events[0].reason}")
seen = {name: (each.delivered, each.status, each.events[0].reason) for name, each in found.items()}
assert seen == {
    "signed": (True, "delivered", None),
    "signed, told in UTC": (True, "delivered", None),
    "back at the sender": (True, "in_transit", None),
    "on its way back": (False, "in_transit", "consignee_refused"),
    "at the counter": (False, "in_transit", "consignee_not_available"),
    "sorted": (False, "out_for_delivery", None),
}
moments = [found[name].events[0].timestamp for name in ("signed", "signed, told in UTC")]
assert moments == ["2026-11-04T23:40:00.000Z", "2026-11-04T22:40:00.000Z"], moments
assert {found[name].events[0].date for name in ("signed", "signed, told in UTC")} == {"2026-11-04"}
print("As seen.")
PY
