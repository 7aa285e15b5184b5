"""A payment plan signed by the customer on his page: over HTTP, as anybody with the link."""

import json
from base64 import b64encode
from datetime import date
from io import BytesIO
from unittest.mock import patch

from markupsafe import Markup
from PIL import Image, ImageDraw

from odoo import fields
from odoo.addons.account_dunning_fr.controllers import payment_plan, public_page
from odoo.addons.account_dunning_fr.models.common.mail_message import HIDDEN
from odoo.addons.account_dunning_fr.models.common.private_context import pass_on
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from ..dunning_common import DunningCommon, day
from ..signed_in import SignedIn


def drawing(color="navy", kind="PNG"):
    """Return a signature in base64, as the form sends it."""
    image, stream = Image.new("RGB", (300, 100), "white"), BytesIO()
    ImageDraw.Draw(image).line([(20, 70), (60, 20), (90, 80), (140, 30)], fill=color, width=2)
    image.save(stream, kind)
    return b64encode(stream.getvalue()).decode()


class PlanPage(DunningCommon, HttpCase):
    first_date = "2026-06-10"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.biller = cls.new_user("biller", "account.group_account_invoice", password="biller")
        cls.reader = cls.new_user("reader", "account.group_account_readonly", password="reader")
        cls.new_user("stranger", "base.group_user", password="stranger")
        cls.partner = cls.customer("Debtor", dunning_lang="en_US")
        cls.move = cls.invoice(cls.partner, 40, 300)
        cls.agreement = cls.plan_of(cls.partner)

    @classmethod
    def plan_of(cls, partner, **values):
        plans = cls.env["account.dunning.payment.plan"].with_user(cls.biller)
        plan = plans.create({"partner_id": partner.id, "first_date": cls.first_date, **values})
        plan._portal_ensure_token()
        return plan.sudo()

    def page(self, plan=None, token=None, suffix=""):
        plan = plan or self.agreement
        token = plan.access_token if token is None else token
        return self.url_open(
            f"/my/payment-plans/{plan.id}{suffix}?access_token={token}", allow_redirects=False
        )

    def sign(self, plan=None, token=None, **values):
        plan = plan or self.agreement
        token = plan.access_token if token is None else token
        values = {
            "name": "Jeanne Martin",
            "capacity": "Gérante",
            "signature": drawing(),
            **values,
        }
        return self.make_jsonrpc_request(
            f"/my/payment-plans/{plan.id}/sign?access_token={token}", values
        )

    def post_body(self, body, content_type="application/json", query=None):
        """Send any body to the address of the signature; return the HTTP response."""
        query = f"access_token={self.agreement.access_token}" if query is None else query
        return self.opener.post(
            f"{self.base_url()}/my/payment-plans/{self.agreement.id}/sign?{query}",
            data=body,
            headers={"Content-Type": content_type},
            timeout=60,
        )


@tagged("post_install", "-at_install")
class TestPlanSignature(PlanPage):
    # -- The page ----------------------------------------------------------------------------------

    def test_the_customer_reads_the_agreement_and_may_sign(self):
        text = self.page().text
        for expected in ("Acknowledgement of debt", self.move.name, self.agreement.name, "/sign"):
            self.assertIn(expected, text)
        self.assertIn("application/pdf", self.page(suffix="/agreement").headers["Content-Type"])

    def test_the_page_is_that_of_the_creditor(self):
        self.assertIn(f"/logo.png?company={self.company.id}", self.page().text)

    def test_a_wrong_token_or_that_of_another_plan_opens_nothing(self):
        other = self.customer("Other")
        self.invoice(other, 40, 90)
        another = self.plan_of(other)
        for token in ("", "wrong", another.access_token):
            for suffix in ("", "/agreement"):
                with self.subTest(token=token, suffix=suffix):
                    answer = self.page(token=token, suffix=suffix)
                    self.assertEqual(answer.status_code, 404)
                    self.assertIn("not valid", answer.text)
                    self.assertNotIn(self.move.name, answer.text)
            self.assertIn("not valid", self.sign(token=token)["error"])
        self.assertFalse(self.agreement.signed_at)
        self.agreement.access_token = False
        self.assertIn("not valid", self.sign(token="False")["error"])

    def test_a_plan_that_is_not_there_opens_nothing(self):
        for plan_id in (999999, 2**31, 10**30):
            answer = self.url_open(f"/my/payment-plans/{plan_id}?access_token=x")
            self.assertEqual(answer.status_code, 404)
            self.assertIn("not valid", answer.text)

    # -- The signature -----------------------------------------------------------------------------

    def test_signed_the_agreement_is_sealed_and_the_plan_runs(self):
        answer = self.sign()
        self.assertTrue(answer["force_refresh"])
        plan = self.agreement
        self.assertEqual((plan.signer, plan.signer_capacity), ("Jeanne Martin", "Gérante"))
        self.assertEqual(plan.state, "running")
        self.assertEqual((plan.signed_on, plan.started_on), (day("2026-06-01"),) * 2)
        self.assertEqual((plan.signed_ip, bool(plan.signature)), ("127.0.0.1", True))
        self.assertTrue(plan.signed_at)
        self.assertEqual(plan.seal, "intact")
        content = plan.signed_id.raw.decode()
        for expected in (
            "Jeanne Martin",
            "Gérante",
            "127.0.0.1",
            "data:image/png;base64,",
            "06/01/2026",
        ):
            self.assertIn(expected, content)
        self.assert_stopped(self.move, "hold")
        # The customer downloads what he signed; the page offers no second signature.
        self.assertEqual(self.page(suffix="/agreement").content, plan.signed_id.raw)
        self.assertIn("signed already", self.page().text)
        self.assertNotIn("/sign", self.page().text)

    def test_the_person_in_charge_is_told_and_the_customer_gets_his_copy(self):
        self.sign()
        activity = self.agreement.activity_ids
        self.assertEqual(activity.user_id, self.biller)
        self.assertIn("Debtor signed the payment plan", activity.summary)
        message = self.agreement.message_ids.filtered("attachment_ids")
        self.assertEqual(message.partner_ids, self.partner)
        self.assertEqual(message.attachment_ids, self.agreement.signed_id)

    def test_who_has_no_e_mail_is_told_to_download_his_copy(self):
        partner = self.customer("By post", dunning_lang="en_US", email=False)
        self.invoice(partner, 40, 300)
        by_post = self.plan_of(partner)
        for plan, sent in ((self.agreement, True), (by_post, False)):
            self.sign(plan)
            with self.subTest(sent=sent):
                text = self.url_open(plan.get_portal_url(query_string="&signed=1")).text
                self.assertEqual("A copy was sent to you" in text, sent)
                self.assertEqual("Download your copy here" in text, not sent)

    def test_what_scripts_write_on_his_page_is_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        answer = self.url_open("/website/translations?lang=fr_FR").json()
        terms = {
            term["id"]: term["string"]
            for term in answer["modules"]["account_dunning_fr"]["messages"]
        }
        self.assertEqual(terms["Capacity in which you sign"], "Qualité en laquelle vous signez")

    def test_his_copy_does_not_call_itself_internal(self):
        self.sign()
        copy = self.agreement.message_ids.filtered("attachment_ids")
        self.assertFalse(copy.subtype_id.internal)
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", copy.id), ("recipient_ids", "=", self.partner.id)]
        )
        self.assertIn("Jeanne Martin", mail.body_html)
        self.assertNotIn("Internal communication", mail.body_html)

    def test_who_sends_it_is_told_what_to_change_first(self):
        past = self.plan_of(self.partner, first_date="2026-05-20").with_user(self.biller)
        with self.assertRaisesRegex(UserError, "choose another first day"):
            past.action_send_to_sign()
        changed = self.agreement.with_user(self.biller)
        changed.line_ids[0].amount += 1
        with self.assertRaisesRegex(UserError, "compute them again"):
            changed.action_send_to_sign()

    def test_signed_twice_is_refused(self):
        self.sign()
        signed = self.agreement.signed_id
        self.assertIn("signed already", self.sign(name="Somebody else")["error"])
        self.assertEqual(self.agreement.signer, "Jeanne Martin")
        self.assertEqual(self.agreement.signed_id, signed)

    def test_without_a_name_or_a_signature_nothing_is_signed(self):
        svg = b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>').decode()
        refused = {
            "name": (" ", "x", "x" * 100000, {"a": 1}, ["Jeanne"], 7, None, "Jeanne\u202eM"),
            "capacity": ("", "x" * 101, {"a": 1}, None, 3, "\x00\x00\x00"),
            "signature": ("", "no picture", svg, None, {"a": 1}, [1], 7, drawing("white")),
        }
        with patch.object(payment_plan, "TRIES", 1000):
            for field, values in refused.items():
                for value in values:
                    with self.subTest(field=field, value=str(value)[:40]):
                        error = self.sign(**{field: value})["error"]
                        self.assertRegex(error, "Enter your|Enter the capacity|[Ss]ign")
                        plan = self.agreement
                        plan.invalidate_recordset()
                        self.assertFalse(plan.signed_at or plan.signer or plan.signature)
            self.assertTrue(self.sign(signature=drawing(kind="JPEG"))["force_refresh"])

    def test_an_odd_body_gets_a_sentence_and_never_a_traceback(self):
        call = {"jsonrpc": "2.0", "params": {"name": "Jeanne", "signature": drawing()}}
        bodies = (
            b"", b"{", b"[]", b"[1]", b"null", b"7", b'"text"', b"\xff\xfe", b"[" * 100000,
            b'{"params": [1, 2]}', b'{"params": "text"}', b'{"params": {}}', b'{"params": null}',
            json.dumps(call).encode(),
            json.dumps({"params": {**call["params"], "access_token": {"a": 1}}}).encode(),
        )  # fmt: skip
        for body in bodies:
            for content_type in ("application/json", "text/plain", "nonsense"):
                with self.subTest(body=body[:30], content_type=content_type):
                    answer = self.post_body(body, content_type)
                    self.assertEqual(answer.status_code, 200)
                    self.assertTrue(answer.json()["result"]["error"])
                    self.assertNotIn("Traceback", answer.text)
        self.assertFalse(self.agreement.signed_at)

    def test_an_odd_token_gets_a_sentence_and_never_a_traceback(self):
        odd = ("%00", "%C3%A9", "x" * 5000, "%FF%FE", "False", "None", "", "%F0%9F%92%A9")
        for token in odd:
            for suffix in ("", "/agreement"):
                with self.subTest(token=token[:20], suffix=suffix):
                    answer = self.page(token=token, suffix=suffix)
                    self.assertEqual(answer.status_code, 404)
                    self.assertIn("not valid", answer.text)
        for given in ({"a": 1}, ["x"], 7, True, None, "é"):
            call = {"params": {"access_token": given, "name": "Jeanne Martin"}}
            answer = self.post_body(json.dumps(call), query="")
            self.assertIn("not valid", answer.json()["result"]["error"])
            self.assertNotIn("Traceback", answer.text)

    def test_the_answers_speak_the_visitor_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        headers = {"Accept-Language": "fr-FR,fr;q=0.9"}
        for suffix in ("", "/agreement"):
            path = f"/my/payment-plans/{self.agreement.id}{suffix}?access_token=wrong"
            self.assertIn("Ce lien n", self.url_open(path, headers=headers).text)

    def test_no_answer_is_kept_or_tells_its_address_to_another_site(self):
        answers = (
            self.page(),
            self.page(suffix="/agreement"),
            self.page(token="wrong"),
            self.page(token="wrong", suffix="/agreement"),
            self.post_body(b"{"),
            self.post_body(b"{", query="access_token=wrong"),
        )
        for answer in answers:
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(answer.headers["X-Robots-Tag"], "noindex")

    def test_signed_after_the_creditor_s_midnight_it_starts_on_his_day(self):
        with freeze_time("2026-06-01 22:30:00"):  # half past midnight in Paris
            self.assertTrue(self.sign()["force_refresh"])
        plan = self.agreement
        self.assertEqual((plan.state, str(plan.signed_on)), ("running", "2026-06-02"))

    def test_the_link_ends_with_the_agreement(self):
        self.sign()
        plan = self.agreement
        self.assertEqual(self.page().status_code, 200)
        for state in ("kept", "broken", "cancelled"):
            plan.state = state
            for suffix in ("", "/agreement"):
                with self.subTest(state=state, suffix=suffix):
                    self.assertEqual(self.page(suffix=suffix).status_code, 404)
            self.assertIn("not valid", self.sign()["error"])

    def test_wrong_links_from_one_address_are_limited(self):
        with patch.object(public_page, "TRIES", 3):
            for status in (404, 404, 404, 429, 429):
                self.assertEqual(self.page(token="wrong").status_code, status)
            self.assertEqual(self.page().status_code, 429, "the right one neither, for an hour")
            with self.on("2026-06-02"):
                self.assertEqual(self.page().status_code, 200)

    def test_signatures_that_are_refused_are_limited(self):
        with patch.object(payment_plan, "TRIES", 3):
            for _number in range(3):
                self.assertIn("first and last name", self.sign(name="")["error"])
            self.assertIn("Too many tries", self.sign()["error"])
        self.assertTrue(self.sign()["force_refresh"])

    def test_what_was_tried_is_kept_without_the_address_and_not_for_long(self):
        self.page(token="wrong")
        self.sign(name="")
        tries = self.env["account.dunning.try"].search([])
        self.assertEqual(tries.mapped("count"), [1, 1])
        for key in tries.mapped("key"):
            self.assertRegex(key, "^[0-9a-f]{64}$")  # its digest, which names nobody
        with self.on("2026-06-02"):
            tries.sudo()._gc_tries()
        self.assertFalse(tries.exists())

    # -- Who knows the link ------------------------------------------------------------------------

    def test_the_token_is_read_by_those_who_may_send_it(self):
        self.assertTrue(self.agreement.with_user(self.biller).read(["access_token"]))
        plan = self.agreement.with_user(self.reader)
        token = self.agreement.access_token
        self.assertTrue(plan.read(["name"]))
        attempts = {
            "read": lambda: plan.read(["access_token"]),
            "search": lambda: plan.search([("access_token", "=like", f"{token[:4]}%")]),
            "group": lambda: plan.formatted_read_group([], ["access_token"]),
            "url": lambda: plan.get_portal_url(),
            "page": lambda: plan.action_open_page(),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaises(AccessError):
                attempt()
        self.assertNotIn("access_token", plan.fields_get())
        self.assertNotIn(token, str(plan.read()))

    def test_the_name_of_a_firm_is_not_offered_as_that_of_who_signs(self):
        firm, person = self.partner, self.customer("Jean Client", is_company=False)
        self.invoice(person, 40, 90)
        firm.is_company = True
        for plan, name in ((self.agreement, ""), (self.plan_of(person), "Jean Client")):
            props = json.loads(plan._get_signature_props("Sign"))
            self.assertEqual(props["defaultName"], name)

    def test_while_it_is_being_paid_nothing_is_signed(self):
        items = type(self.agreement.item_ids)
        with patch.object(items, "lock_for_update", side_effect=LockError("being paid")):
            self.assertIn("load the page again", self.sign()["error"])
        self.env.invalidate_all()
        self.assertFalse(self.agreement.signed_at)
        self.assertTrue(self.sign().get("force_refresh"))

    def test_sums_that_changed_since_are_not_signed(self):
        self.pay(self.move, 100)
        self.assertIn("out of date", self.page().text)
        self.assertIn("out of date", self.sign()["error"])

    def test_an_agreement_whose_first_day_is_past_or_cancelled_is_not_signed(self):
        with self.on("2026-06-11"):
            self.assertIn("out of date", self.sign()["error"])
        self.agreement.action_cancel()
        self.assertIn("not valid", self.sign()["error"])

    # -- What was signed stays ---------------------------------------------------------------------

    def test_what_was_signed_online_stays_as_it_was(self):
        self.sign()
        plan = self.agreement
        other = drawing(color="red")
        for values in (
            {"signer": "Other"},
            {"signer_capacity": "Other"},
            {"signed_on": "2026-05-01"},
            {"signed_id": False},
            {"signed_file": other},
            {"signature": other},
            {"access_token": "chosen"},
        ):
            for state in ("running", "draft"):  # a plan that could not start stays a draft
                plan.state = state
                refused = self.assert_refused(AccessError, "not written by hand")
                with self.subTest(state=state, **values), refused:
                    plan.with_user(self.biller).write(values)
        with self.assert_refused(UserError, "evidence"):
            plan.signed_id.raw = b"other"
        with self.assert_refused(UserError, "evidence"):
            plan.signed_id.unlink()

    def test_the_link_is_sent_by_billing_with_the_message_to_read(self):
        plan = self.agreement.with_user(self.biller)
        action = plan.action_send_to_sign()
        composer = self.env["mail.compose.message"].with_user(self.biller)
        composer = composer.with_context(**action["context"]).create({})
        self.assertEqual(composer.partner_ids, self.partner)
        self.assertIn(plan.access_token, composer.body)
        composer.action_send_mail()
        message = plan.message_ids[0]
        self.assertIn("to sign", message.subject)
        # The customer gets the link; those who only read the history do not.
        self.assertNotIn(plan.access_token, message.body)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(mail.recipient_ids, self.partner)
        self.assertIn(f"access_token={plan.access_token}", mail.body_html)

    def test_the_e_mail_makes_nobody_an_account(self):
        plan = self.agreement.with_user(self.biller)
        # As Odoo ships it: whoever has a token of his registers himself.
        self.env["ir.config_parameter"].sudo().set_param("auth_signup.invitation_scope", "b2c")
        message = plan.message_post(
            body="Please sign",
            partner_ids=self.partner.ids,
            email_layout_xmlid="mail.mail_notification_layout",
            subtype_xmlid="mail.mt_comment",
        )
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        page = plan.sudo().get_base_url() + plan.sudo().get_portal_url()
        self.assertIn(f'href="{page}"', mail.body_html)
        self.assertNotIn("signup", mail.body_html)
        self.assertEqual(self.url_open(page).status_code, 200)

    def test_a_reply_that_quotes_the_link_does_not_show_it(self):
        token = self.agreement.access_token
        for body in (
            f"see access_token={token}",
            Markup("<a href='?access_token=%s'>x</a>") % token,
        ):
            message = self.agreement.message_post(body=body, message_type="email")
            self.assertNotIn(token, message.body)
        plan = pass_on(self.agreement, token=token)
        for recipient, shown in ((self.partner, True), (self.biller.partner_id, False)):
            values = plan._notify_by_email_get_final_mail_values(
                recipient.ids, {"body_html": f"<p>{HIDDEN}</p>"}
            )
            self.assertEqual(token in values["body_html"], shown, "nor a colleague, by e-mail")


@tagged("post_install", "-at_install")
class TestPlanColleague(SignedIn, PlanPage):
    """Somebody of the creditor opens the page of the customer."""

    first_date = fields.Date.add(date.today(), days=10)  # noqa: DTZ011 - a session lives today

    def test_a_colleague_reads_the_page_and_does_not_sign_for_the_customer(self):
        for login in ("biller", "reader"):
            self.authenticate(login, login)
            for token in ("", self.agreement.access_token):
                with self.subTest(login=login, token=token):
                    text = self.page(token=token).text
                    self.assertIn("only the customer signs", text)
                    self.assertNotIn("plan_signature", text)
                    self.assertIn("only the customer signs", self.sign(token=token)["error"])
        self.authenticate("stranger", "stranger")
        self.assertEqual(self.page(token="").status_code, 404)
        self.assertFalse(self.agreement.signed_at)
