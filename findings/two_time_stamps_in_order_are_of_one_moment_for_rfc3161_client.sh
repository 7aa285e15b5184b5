#!/usr/bin/env bash
# rfc3161-client 1.0.9 and rfc3161ng 2.1.3 (PyPI): time stamps (RFC 3161) of two papers of a file, made 538 ms apart in one second by an
# authority of our own that states its order (« ordering ») and an accuracy of 100 ms; the day of a stamp may have a fraction of a second
# (RFC 3161, 2.4.2: « genTime »), and with « ordering » any two stamps of one authority can be ordered by it.
# Seen on 29 November 2026:
# - rfc3161-client gives both 2 November 2026 at 10:00:00, although its « ordering » is true and its accuracy is in milliseconds: which
#   came first cannot be told, and the second is 539 ms from its moment with an accuracy of 100;
# - rfc3161ng gives 10:00:00.001 and 10:00:00.539, but without a zone unless asked (naive=False).
# What follows: the order of two proofs is not taken from a library's « gen_time »; it is numbered when they are made.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile rfc3161-client==1.0.9 rfc3161ng==2.1.3 pyhanko==0.38.0 cryptography==50.0.2
"$folder/env/bin/python" -W ignore - <<'PY'
from datetime import datetime, timedelta, timezone

import rfc3161ng
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Autorité d’essai")])
KEY = rsa.generate_private_key(65537, 2048)
SECOND = datetime(2026, 11, 2, 10, tzinfo=timezone.utc)
CERTIFICATE = (
    x509.CertificateBuilder(NAME, NAME, KEY.public_key(), 1, SECOND - timedelta(9), SECOND + timedelta(9))
    .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    .sign(KEY, hashes.SHA256())
)


class Authority(DummyTimeStamper):
    """One that says that its stamps are in order, and how exact they are."""

    def _build_tst_info(self, *arguments):
        made = super()._build_tst_info(*arguments)
        made["ordering"] = True
        made["accuracy"] = tsp.Accuracy({"millis": 100})
        return made


def stamp(data, moment):
    request = TimestampRequestBuilder().data(data).nonce(nonce=False).build()
    authority = Authority(
        asn1_x509.Certificate.load(CERTIFICATE.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        fixed_dt=moment,
    )
    return authority.request_tsa_response(tsp.TimeStampReq.load(request.as_bytes())).dump()


PAPERS = (b"mise en demeure", b"accord signe")
MOMENTS = [SECOND + timedelta(milliseconds=ms) for ms in (1, 539)]
answers = [stamp(data, moment) for data, moment in zip(PAPERS, MOMENTS)]

found = [decode_timestamp_response(answer).tst_info for answer in answers]
print("rfc3161-client:", *[str(info.gen_time) for info in found], "ordering:", [info.ordering for info in found])
assert [info.gen_time for info in found] == [SECOND, SECOND]
assert all(info.ordering and info.accuracy.millis == 100 for info in found)

tokens = [rfc3161ng.decode_timestamp_response(answer).time_stamp_token for answer in answers]
print("rfc3161ng:", *[str(rfc3161ng.get_timestamp(token)) for token in tokens])
assert [rfc3161ng.get_timestamp(token, naive=False) for token in tokens] == MOMENTS
assert [rfc3161ng.get_timestamp(token) for token in tokens] == [moment.replace(tzinfo=None) for moment in MOMENTS]
certificate = CERTIFICATE.public_bytes(Encoding.PEM)
assert all(
    rfc3161ng.check_timestamp(token, certificate=certificate, data=data, hashname="sha512")
    for token, data in zip(tokens, PAPERS)
)
print("As seen.")
PY
