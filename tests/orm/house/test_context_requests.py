"""What a URL or an RPC call puts into the context changes nothing, whoever asks.

``/report/<converter>/<report>/<ids>?context={…}`` merges the visitor's JSON into the context, and
so does a keyword of a call. The keys are those that the code was found to read, to pass on, and
those that it once read.
"""

import json
from functools import partial
from urllib.parse import quote

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..context_keys import OF_ODOO, find_passed, find_read
from ..dunning_common import DunningCommon
from ..signed_in import SignedIn

ADDON = "account_dunning_fr"
LETTER = f"{ADDON}.notice_letter"
ROLES = ("reader", "biller", "sender", "manager", "employee", "portal")
SCRIPT = "<script>alert(1)</script>"
# What JSON can carry, in the shapes that the code once expected among them.
KINDS = {
    "text": SCRIPT,
    "true": True,
    "number": 1,
    "list": [1, SCRIPT],
    "dict": {"values": {"letter": SCRIPT}, "body": SCRIPT},
    "dict of ids": {"1": {"body": SCRIPT}},
}
# Keys that the code read from a context before it passed on what it hands to itself.
ONCE = {
    "dunning_accrued",
    "dunning_booked",
    "dunning_call_made",
    "dunning_case_life",
    "dunning_letter",
    "dunning_letters_anew",
    "dunning_mail_vals",
    "dunning_page",
    "dunning_recall",
    "dunning_reprint",
    "dunning_run_id",
    "dunning_sections",
    "dunning_signed_at",
    "dunning_withdraw",
    "move_reverse_cancel",
    "outcome",
}


def private_keys():
    """Return every key of the code base that is the addon's own, and those that it once had."""
    own = {key for key in find_read() if key not in OF_ODOO | {"?"}}
    return sorted(own | ONCE | find_passed() | {"dunning_passed"})


@tagged("post_install", "-at_install")
class TestContextOfRequests(SignedIn, DunningCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {
            "reader": "account.group_account_readonly",
            "biller": "account.group_account_invoice",
            "sender": f"{ADDON}.group_dunning_user",
            "manager": f"{ADDON}.group_dunning_manager",
            "employee": "base.group_user",
        }
        for role, group in groups.items():
            cls.new_user(role, group, password=f"{role}-pass")
        new_test_user(cls.env, "portal", groups="base.group_portal", password="portal-pass")
        cls.partner = cls.customer(dunning_regime="b2b")
        cls.invoice(cls.partner, 10)
        cls.env["account.dunning.notice.draft"]._follow_plan(cls.company)
        cls.notice = cls.Notice.search([("partner_id", "=", cls.partner.id)])
        cls.notice.write({"send_letter": True, "enclose_invoices": False})
        cls.notice.action_confirm()
        cls.notice.sudo()._print_letters()
        cls.notice.sudo()._mark_posted(cls.notice.printed_on)
        cls.keys = private_keys()

    def sign_in(self, role):
        self.authenticate(role, f"{role}-pass")

    def report(self, converter, context=None, **data):
        """Return the answer to the address of the letter, with a context."""
        values = {**data, **({"context": json.dumps(context)} if context else {})}
        query = "&".join(f"{name}={quote(str(value))}" for name, value in values.items())
        address = f"/report/{converter}/{LETTER}/{self.notice.id}?{query}"
        return self.url_open(address, timeout=60, allow_redirects=False)

    def mixed(self, kind):
        return dict.fromkeys(self.keys, KINDS[kind])

    # -- Reports -----------------------------------------------------------------------------------

    def test_the_keys_are_found(self):
        for key in ("dunning_as_of", "dunning_case_id", "dunning_page", "owed", "letter"):
            self.assertIn(key, self.keys)

    @mute_logger("odoo.http")
    def test_a_page_is_the_same_whatever_the_address_says(self):
        for role in ROLES:
            self.sign_in(role)
            plain = self.report("html")
            allowed = role not in ("employee", "portal")
            self.assertEqual(plain.status_code == 200, allowed, role)
            for kind in KINDS:
                with self.subTest(role=role, kind=kind):
                    for converter in ("html", "text"):
                        answer = self.report(converter, self.mixed(kind))
                        self.assertNotIn("alert(1)", answer.text)
                        if allowed and converter == "html":
                            self.assertEqual(answer.text, plain.text)

    @mute_logger("odoo.http")
    def test_no_key_alone_changes_a_page(self):
        self.sign_in("reader")
        plain = self.report("html").text
        for key in self.keys:
            with self.subTest(key):
                self.assertEqual(self.report("html", {key: SCRIPT}).text, plain)

    @mute_logger("odoo.http")
    def test_what_stands_in_the_address_is_no_variable_of_the_page(self):
        self.sign_in("biller")
        plain = self.report("html").text
        names = (
            "notice",
            "company",
            "email",
            "texts",
            "docs",
            "doc",
            "recipient",
            "regime",
            "lang",
        )
        for value in (SCRIPT, "1", ""):
            answer = self.report("html", **dict.fromkeys(names, value))
            self.assertEqual(answer.text, plain)
            options = json.dumps(dict.fromkeys(names, value))
            self.assertEqual(self.report("html", options=options).text, plain)

    @mute_logger("odoo.http")
    def test_a_sent_letter_is_the_one_that_was_kept_for_everybody(self):
        kept = self.notice.sudo().letter_id.raw
        for role in ("reader", "biller", "sender", "manager"):
            self.sign_in(role)
            for kind in KINDS:
                context = {**self.mixed(kind), "force_report_rendering": True}
                with self.subTest(role=role, kind=kind):
                    answer = self.report("pdf", context)
                    self.assertEqual(answer.content, kept)
                    self.assertEqual(self.notice.sudo().letter_id.raw, kept)

    @mute_logger("odoo.http")
    def test_no_report_of_odoo_prints_what_a_visitor_sends(self):
        self.sign_in("biller")
        move = self.notice.line_ids.move_id
        address = f"/report/html/account.report_invoice/{move.id}?context="
        for kind in KINDS:
            with self.subTest(kind):
                answer = self.url_open(address + quote(json.dumps(self.mixed(kind))), timeout=60)
                self.assertNotIn("alert(1)", answer.text)

    # -- Calls -------------------------------------------------------------------------------------

    def call(self, model, method, args, context, **kwargs):
        answer = self.post(model, method, args, {**kwargs, "context": context}).json()
        return answer.get("result"), answer.get("error")

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_no_key_changes_what_is_read(self):
        fields = ["subject", "body", "closing", "total_text", "message_html", "state"]
        for role in ("reader", "biller", "sender", "manager"):
            self.sign_in(role)
            read = partial(self.call, self.notice._name, "read", [self.notice.ids, fields])
            plain, _error = read({})
            contexts = [self.mixed(kind) for kind in KINDS]
            if role == "biller":
                contexts += [{key: value} for key in self.keys for value in KINDS.values()]
            for context in contexts:
                with self.subTest(role=role, context=context):
                    self.assertEqual(read(context), (plain, None))

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_no_key_lets_anybody_change_or_erase_what_was_sent(self):
        notice, proof = self.notice, self.notice.sudo().proof_ids
        attempts = (
            ("account.dunning.notice", "write", [notice.ids, {"deadline": "2027-01-01"}]),
            ("account.dunning.notice", "write", [notice.ids, {"state": "cancelled"}]),
            ("account.dunning.notice", "write", [notice.ids, {"printed_on": "2027-01-01"}]),
            ("account.dunning.notice", "write", [notice.ids, {"posted_on": False}]),
            ("account.dunning.notice", "unlink", [notice.ids]),
            ("account.dunning.proof", "unlink", [proof.ids]),
        )
        before = notice.read(["deadline", "state", "printed_on", "posted_on"])
        for role in ROLES:
            self.sign_in(role)
            for kind in KINDS:
                for model, method, args in attempts:
                    with self.subTest(role=role, kind=kind, method=method, model=model):
                        _result, error = self.call(model, method, args, self.mixed(kind))
                        self.assertTrue(error)
        self.env.invalidate_all()
        self.assertEqual(notice.read(["deadline", "state", "printed_on", "posted_on"]), before)
        self.assertTrue(proof.exists())

    @mute_logger("odoo.http")
    def test_a_mail_takes_nothing_from_the_context(self):
        secret = self.env["ir.attachment"].sudo().create({"name": "s", "raw": b"secret"})
        own = {str(self.notice.id): {"attachment_ids": secret.ids, "body_html": SCRIPT}}
        values = {"model": "account.dunning.notice", "res_id": self.notice.id, "body_html": "x"}
        for given in (own, SCRIPT, [1], {self.notice.id: 1}):
            mails = self.env["mail.mail"].sudo().with_context(dunning_mail_vals=given)
            mail = mails.create(values)
            self.assertFalse(mail.attachment_ids)
            self.assertNotIn("alert", mail.body_html)

    # -- The keys that are left --------------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_the_day_of_the_figures_is_a_date(self):
        self.sign_in("reader")
        item = self.notice.line_ids.move_line_id
        args = [item.ids, ["dunning_residual_on", "dunning_days_late"]]
        for day, late in (("2026-06-01", True), ("2020-01-01", False)):
            read, error = self.call("account.move.line", "read", args, {"dunning_as_of": day})
            self.assertFalse(error)
            self.assertEqual(bool(read[0]["dunning_residual_on"]), late)
        for odd in (SCRIPT, 20260601, True, [1], "2026-13-45", "2026-06-01; DROP TABLE x"):
            with self.subTest(odd=odd):
                _read, error = self.call("account.move.line", "read", args, {"dunning_as_of": odd})
                self.assertEqual(error["data"]["name"], "odoo.exceptions.UserError")

    @mute_logger("odoo.http")
    def test_the_file_for_which_a_court_is_chosen_is_one_that_the_user_may_change(self):
        court = self.env["account.dunning.court"].search([], limit=1)
        for role in ("biller", "manager"):
            self.sign_in(role)
            for odd in (SCRIPT, True, [1], {"id": 1}, 0, 999999, "1"):
                with self.subTest(role=role, odd=odd):
                    _result, error = self.call(
                        court._name, "action_choose", [court.ids], {"dunning_case_id": odd}
                    )
                    self.assertEqual(error["data"]["name"], "odoo.exceptions.UserError")

    @mute_logger("odoo.http")
    def test_the_outcome_of_a_call_is_an_argument(self):
        called = self.customer("Called")
        call = self.env["account.dunning.call"].create({"partner_id": called.id})
        self.sign_in("biller")
        for odd in (SCRIPT, True, [1], {"reached": 1}, None):
            _result, error = self.call(call._name, "action_outcome", [call.ids, odd], {})
            self.assertEqual(error["data"]["name"], "odoo.exceptions.UserError")
        _result, error = self.call(call._name, "action_outcome", [call.ids], {"outcome": "reached"})
        self.assertTrue(error)
        result, error = self.call(call._name, "action_outcome", [call.ids, "reached"], {})
        self.assertEqual(result["context"]["default_outcome"], "reached")
