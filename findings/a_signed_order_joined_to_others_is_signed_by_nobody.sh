#!/usr/bin/env bash
# pyHanko 0.38.0 (signs and examines), pypdf 7.1.1, pikepdf 10.18.0 and factur-x 7.8 (all PyPI): what is left of the
# signature of a signed order when its pages are joined to others, or an e-invoice is made of it.
# Seen on 28 November 2026:
# - append() of pypdf carries the field with its signature into the joint file: pyHanko finds it there, and broken;
# - add_page() of pypdf drops the field and keeps its picture on the page: still to be seen, and no signature is found;
# - with pikepdf it goes by the order: pages added after the signed order break its signature, the signed order added
#   after other pages loses it;
# - two signed pieces joined by append() show as two broken signatures of one name;
# - factur-x makes an e-invoice of a signed PDF, says nothing, and the signature in it is broken; signed after that, the
#   signature holds and the XML is still read.
# What follows: a signed piece goes into a file as it came, beside the joint PDF, with its own fingerprint; and the XML goes
# in before the signature.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile pyhanko==0.38.0 pypdf==7.1.1 pikepdf==10.18.0 factur-x==7.8
"$folder/env/bin/python" -W ignore - <<'PY'
import copy
import datetime
import io
import logging

import facturx
import pikepdf
import pypdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
PLACE = {"addr_l1": "1 rue du Port", "postcode": "69001", "city": "LYON", "country_code": "FR"}
INVOICE = {
    "BT-1": "FA2026-0001", "BT-2": datetime.date(2026, 11, 2), "BT-3": "380", "BT-5": "EUR",
    "BT-9": datetime.date(2026, 12, 2), "BT-72": datetime.date(2026, 11, 2),
    "BG-4": {"name": "CREANCIER SARL", "vat_identifier": "FR66999000011", **PLACE},
    "BG-7": {"name": "DEBITEUR SAS", **PLACE},
    "BG-23": [{"BT-116": 100.0, "BT-117": 20.0, "BT-118": "S", "BT-119": 20.0}],
    "BT-106": 100.0, "BT-109": 100.0, "BT-110": 20.0, "BT-112": 120.0, "BT-115": 120.0,
}


def make_signer():
    """Return a signer with a key and a certificate of its own, made here."""
    key, start = rsa.generate_private_key(65537, 2048), datetime.datetime(2026, 1, 1)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Signer of the order")])
    usage = x509.KeyUsage(True, True, *[False] * 7)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start.replace(year=2036))
    certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    return signers.SimpleSigner.load_pkcs12_data(
        pkcs12.serialize_key_and_certificates(b"order", key, certificate, None, plain), []
    )


SIGNER = make_signer()


def paper():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    return saved(writer)


def sign(pdf):
    return signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), signers.PdfSignatureMetadata(field_name="Signature1"),
        signer=SIGNER, new_field_spec=fields.SigFieldSpec("Signature1", box=(50, 50, 250, 100)),
    ).getvalue()


def saved(document):
    stream = io.BytesIO()
    (document.write if isinstance(document, pypdf.PdfWriter) else document.save)(stream)
    return stream.getvalue()


def examine(label, pdf):
    """Return whether each signature that is found holds, and how many fields are drawn on the pages."""
    trusted = ValidationContext(trust_roots=[SIGNER.signing_cert])
    found = [
        validate_pdf_signature(signature, trusted).bottom_line
        for signature in PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
    ]
    drawn = sum(len(page.get("/Annots", [])) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    print(f"{label}: signatures {found}, drawn on the pages {drawn}")
    return found, drawn


def joined(*parts):
    writer = pypdf.PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    return saved(writer)


def copied(*parts):
    writer = pypdf.PdfWriter()
    for part in parts:
        for page in pypdf.PdfReader(io.BytesIO(part)).pages:
            writer.add_page(page)
    return saved(writer)


def extended(first, second):
    document = pikepdf.open(io.BytesIO(first))
    document.pages.extend(pikepdf.open(io.BytesIO(second)).pages)
    return saved(document)


def with_xml(pdf):
    xml = facturx.generate_xml(copy.deepcopy(INVOICE), level="basicwl", check_xsd=False, check_schematron=False)
    return facturx.generate_from_binary(pdf, xml, check_xsd=False, check_schematron=False)


letter, order, note = paper(), sign(paper()), sign(paper())
assert examine("the order", order) == ([True], 1)
assert examine("pypdf, append", joined(letter, order)) == ([False], 1)
assert examine("pypdf, append, two signed", joined(order, note)) == ([False, False], 2)
assert examine("pypdf, add_page", copied(letter, order)) == ([], 1)
assert examine("pikepdf, order first", extended(order, letter)) == ([False], 1)
assert examine("pikepdf, order last", extended(letter, order)) == ([], 1)
assert examine("factur-x of the signed order", with_xml(order)) == ([False], 1)
assert examine("signed after factur-x", sign(with_xml(letter))) == ([True], 1)
assert facturx.get_xml_from_pdf(sign(with_xml(letter)))[0] == "factur-x.xml"
print("As seen.")
PY
