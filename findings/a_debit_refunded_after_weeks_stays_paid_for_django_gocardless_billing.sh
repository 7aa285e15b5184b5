#!/usr/bin/env bash
# django-gocardless-billing 0.1.1 (PyPI, October 2026), which takes the notices of GoCardless (a provider of direct debits) and tells the
# program around it by signals; its view, its log and its steps whole, with gocardless_pro 3.22.0, Django 5.2.19 and SQLite, without Celery
# (which is optional). The notices have the form of GoCardless and are signed as it signs them; all are of SEPA debits in the Core
# scheme, which a debtor may have refunded for eight weeks without a reason (EPC 016-06).
# Seen on 29 November 2026, each of them answered with 200:
# - FA-118 is collected, and its signal comes; five weeks later the debtor has it refunded (charged_back, MD06), the sum leaves with the
#   next payout (chargeback_settled), the mandate is cancelled: no signal, the log has « skipped » three times, and there is no
#   other sign. FA-118 stays paid;
# - a debit refused for want of funds (AM04) arrives while the program’s own step cannot be done (here: its table is locked): the log keeps
#   it as an error. GoCardless has its 200; sent again, as can be asked for by hand, the same notice is a « duplicate » and not looked at.
#   FA-119 is neither paid nor refused, for good;
# - so it is where the program says that it is to be tried later (TransientWebhookError): that is done with Celery only.
# What follows: a debit is paid when it can come back no more, or opens again when it does; what was taken but not done is done again; and
# what nobody listens to is shown to somebody when money hangs on it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --no-compile django-gocardless-billing==0.1.1 gocardless_pro==3.22.0 Django==5.2.19
cd "$folder"
cat > urls_of_ours.py <<'PY'
from django.urls import include, path

urlpatterns = [path("webhooks/", include("django_gocardless_billing.urls"))]
PY
"$folder/env/bin/python" -W ignore - <<'PY'
import hashlib
import hmac
import json
import logging

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    GOCARDLESS_BILLING={"GOCARDLESS_WEBHOOK_SECRET": "essai", "GOCARDLESS_MODE": "sandbox"},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_gocardless_billing"],
    ROOT_URLCONF="urls_of_ours",
    SECRET_KEY="essai",
    USE_TZ=True,
)
django.setup()
logging.disable()

from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django_gocardless_billing import signals
from django_gocardless_billing.models import GoCardlessWebhookEvent
from django_gocardless_billing.webhooks import TransientWebhookError

call_command("migrate", verbosity=0)
PAID, REFUSED, IN_THE_WAY = [], [], []


def paid(event, **_others):
    PAID.append(event["resource_metadata"]["invoice"])


def refused(event, **_others):
    if IN_THE_WAY:
        raise IN_THE_WAY.pop()
    REFUSED.append(event["resource_metadata"]["invoice"])


signals.payment_confirmed.connect(paid)
signals.payment_failed.connect(refused)


def notify(number, kind, action, invoice, day, cause, reason=None):
    """Send a notice as GoCardless does; return the status of the answer."""
    links = {"payment": "PM-" + invoice} if kind == "payments" else {"mandate": "MD-1"}
    details = {"origin": "bank", "cause": cause, "description": cause, "scheme": "sepa_core", "reason_code": reason}
    event = {
        "id": number, "created_at": f"{day}T08:00:00.000Z", "resource_type": kind, "action": action, "links": links,
        "details": details, "metadata": {}, "resource_metadata": {"invoice": invoice},
    }  # fmt: skip
    body = json.dumps({"events": [event], "meta": {"webhook_id": "WB-" + number}}).encode()
    signed = hmac.new(b"essai", body, hashlib.sha256).hexdigest()
    sent = Client().post("/webhooks/gocardless/", body, content_type="application/json", headers={"Webhook-Signature": signed})
    return sent.status_code


def log(*numbers):
    kept = GoCardlessWebhookEvent.objects.filter(gocardless_event_id__in=numbers).order_by("pk")
    return list(kept.values_list("event_type", "status"))


answers = [
    notify("EV1", "payments", "confirmed", "FA-118", "2026-10-05", "payment_confirmed"),
    notify("EV2", "payments", "charged_back", "FA-118", "2026-11-09", "refund_requested", "MD06"),
    notify("EV3", "payments", "chargeback_settled", "FA-118", "2026-11-10", "chargeback_settled"),
    notify("EV4", "mandates", "cancelled", "FA-118", "2026-11-10", "mandate_cancelled"),
]
print("refunded:", answers, "paid:", PAID, "refused:", REFUSED, *log("EV1", "EV2", "EV3", "EV4"), sep="\n  ")
assert (answers, PAID, REFUSED) == ([200] * 4, ["FA-118"], [])
assert log("EV1", "EV2", "EV3", "EV4") == [
    ("payments.confirmed", "success"), ("payments.charged_back", "skipped"), ("payments.chargeback_settled", "skipped"),
    ("mandates.cancelled", "skipped"),
]  # fmt: skip

for number, invoice, error in (("EV5", "FA-119", OperationalError("locked")), ("EV6", "FA-120", TransientWebhookError("later"))):
    IN_THE_WAY.append(error)
    answers = [notify(number, "payments", "failed", invoice, "2026-11-12", "insufficient_funds", "AM04") for _time in range(2)]
    print(f"{type(error).__name__}:", answers, log(number), "refused:", REFUSED)
    assert (answers, log(number), REFUSED, IN_THE_WAY) == ([200, 200], [("payments.failed", "error")], [], [])
notify("EV7", "payments", "failed", "FA-121", "2026-11-12", "insufficient_funds", "AM04")
assert REFUSED == ["FA-121"]
print("As seen.")
PY
