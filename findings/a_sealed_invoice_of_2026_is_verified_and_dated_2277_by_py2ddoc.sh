#!/usr/bin/env bash
# py2ddoc 0.1.4 (PyPI, also as 2ddoc): the French 2D-Doc, the sealed code on invoices, bank details and bailiffs' acts (specification of the
# ANTS, 3.1.3). Its head has the days since 1 January 2000 in four hexadecimal figures, then the kind of document in two characters, from
# version 03 on the perimeter in two more, from 04 on the country in two more; data of a fixed length (26, country; 24, postcode) end where
# their length ends, the others with GS.
# Seen on 29 November 2026, of an invoice (kind 01) of 2 November 2026 sealed here with a certificate of our own, in each version:
# - the seal is right, and so said (« ✓ verified »);
# - document and seal are of 11 March 2277: the days are read in base 36 (264A is 9802 days, and 101242);
# - the kind is 0126 or 0101, « Type inconnu »; the list of kinds has no invoice and no bailiff's act, and none of two characters;
# - country, postcode and name are one field: « FR247500110CREANCIER SARL » (number FR in versions 02 and 04); number and amount are right;
# - the example of the specification, of 15 November 2012, is of 15 May 2135.
# What follows: that a seal is right says nothing of how what it seals is read; a day far from today is a reason to stop, not a date.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile py2ddoc==0.1.4 cryptography==50.0.2
"$folder/env/bin/python" - <<'PY'
from base64 import b32encode
from datetime import date, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding
from py2ddoc import TrustStore, TwoDDoc, parse

GS, US = "\x1d", "\x1f"
DAY = date(2026, 11, 2)
IN_HEXADECIMAL = f"{(DAY - date(2000, 1, 1)).days:04X}"
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "FR00")])
KEY = ec.generate_private_key(ec.SECP256R1())
CERTIFICATE = (
    x509.CertificateBuilder(NAME, NAME, KEY.public_key(), 1, datetime(2026, 1, 1), datetime(2029, 1, 1))
    .sign(KEY, hashes.SHA256())
    .public_bytes(Encoding.DER)
)
# Country and postcode of the place served, name, number and amount of the invoice.
DATA = f"26FR247500110CREANCIER SARL{GS}18FA118{GS}1D2056.45{GS}"


def seal(text):
    made = utils.decode_dss_signature(KEY.sign(text.encode("latin-1"), ec.ECDSA(hashes.SHA256())))
    return text + US + b32encode(b"".join(part.to_bytes(32, "big") for part in made)).decode().rstrip("=")


for version, end, kind, number, joined in (
    ("02", "01", "0126", "FR", "2475001"),
    ("03", "0101", "0101", "26", "FR2475001"),
    ("04", "0101FR", "0101", "FR", "26FR2475001"),
):
    code = seal(f"DC{version}FR000001{IN_HEXADECIMAL}{IN_HEXADECIMAL}{end}{DATA}")
    found = TwoDDoc.from_string(code, trust_store=TrustStore.from_der("FR00", CERTIFICATE))
    print(version, "verified:", found.is_authentic, found.doc_date, found.sign_date, found.doc_type_label, found.fields)
    assert found.is_authentic is True
    assert found.doc_date == found.sign_date == date(2277, 3, 11)
    assert (found.doc_type, found.doc_type_label) == (kind, f"Type inconnu ({kind})")
    assert found.fields == {number: f"{joined}10CREANCIER SARL", "18": "FA118", "1D": "2056.45"}

EXAMPLE = f"DC02FR000001125E125B0126FR247500010MME/SPECIMEN/NATACHA{GS}22145 AVENUE DES SPECIMENS{GS}{US}54LDD5F7"
example = parse(EXAMPLE)
print("example:", example.doc_date, example.sign_date, example.doc_type)
assert (example.doc_date, example.sign_date) == (date(2135, 5, 15), date(2135, 5, 12))
print("As seen.")
PY
