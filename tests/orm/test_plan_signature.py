"""A payment plan signed by the customer on his page: over HTTP, as anybody with the link."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import DunningCommon, day


def drawing():
    """Return a small picture in base64, as the signature form sends it."""
    stream = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(stream, "PNG")
    return b64encode(stream.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestPlanSignature(DunningCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.partner = cls.customer("Debtor", dunning_lang="en_US")
        cls.move = cls.invoice(cls.partner, 40, 300)
        cls.agreement = cls.plan_of(cls.partner)

    @classmethod
    def plan_of(cls, partner, **values):
        plans = cls.env["account.dunning.payment.plan"].with_user(cls.biller)
        plan = plans.create({"partner_id": partner.id, "first_date": "2026-06-10", **values})
        plan._portal_ensure_token()
        return plan.sudo()

    def page(self, plan=None, token=None, suffix=""):
        plan = plan or self.agreement
        token = plan.access_token if token is None else token
        return self.url_open(
            f"/my/payment-plans/{plan.id}{suffix}?access_token={token}", allow_redirects=False
        )

    def sign(self, plan=None, token=None, name="Jeanne Martin", signature=None):
        plan = plan or self.agreement
        token = plan.access_token if token is None else token
        return self.make_jsonrpc_request(
            f"/my/payment-plans/{plan.id}/sign?access_token={token}",
            {"name": name, "signature": drawing() if signature is None else signature},
        )

    # -- The page ----------------------------------------------------------------------------------

    def test_the_customer_reads_the_agreement_and_may_sign(self):
        text = self.page().text
        for expected in ("Acknowledgement of debt", self.move.name, self.agreement.name, "/sign"):
            self.assertIn(expected, text)
        self.assertIn("application/pdf", self.page(suffix="/agreement").headers["Content-Type"])

    def test_a_wrong_token_or_that_of_another_plan_opens_nothing(self):
        other = self.customer("Other")
        self.invoice(other, 40, 90)
        another = self.plan_of(other)
        for token in ("", "wrong", another.access_token):
            for suffix in ("", "/agreement"):
                with self.subTest(token=token, suffix=suffix):
                    answer = self.page(token=token, suffix=suffix)
                    self.assertEqual(answer.status_code, 303)
                    self.assertNotIn(self.move.name, answer.text)
            self.assertIn("not valid", self.sign(token=token)["error"])
        self.assertFalse(self.agreement.signed_at)
        self.agreement.access_token = False
        self.assertIn("not valid", self.sign(token="False")["error"])

    def test_a_plan_that_is_not_there_opens_nothing(self):
        answer = self.url_open("/my/payment-plans/999999?access_token=x", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    # -- The signature -----------------------------------------------------------------------------

    def test_signed_the_agreement_is_sealed_and_the_plan_runs(self):
        answer = self.sign()
        self.assertTrue(answer["force_refresh"])
        plan = self.agreement
        self.assertEqual((plan.signer, plan.state), ("Jeanne Martin", "running"))
        self.assertEqual((plan.signed_on, plan.started_on), (day("2026-06-01"),) * 2)
        self.assertEqual((plan.signed_ip, bool(plan.signature)), ("127.0.0.1", True))
        self.assertTrue(plan.signed_at)
        self.assertEqual(plan.seal, "intact")
        content = plan.signed_id.raw.decode()
        for expected in ("Jeanne Martin", "127.0.0.1", "data:image/png;base64,", "06/01/2026"):
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

    def test_signed_twice_is_refused(self):
        self.sign()
        signed = self.agreement.signed_id
        self.assertIn("signed already", self.sign(name="Somebody else")["error"])
        self.assertEqual(self.agreement.signer, "Jeanne Martin")
        self.assertEqual(self.agreement.signed_id, signed)

    def test_without_a_name_or_a_signature_nothing_is_signed(self):
        for name, signature in ((" ", None), ("Jeanne", ""), ("Jeanne", "no picture")):
            with self.subTest(name=name, signature=signature):
                self.assertTrue(self.sign(name=name, signature=signature)["error"])
                self.assertFalse(self.agreement.signed_at or self.agreement.signer)

    def test_sums_that_changed_since_are_not_signed(self):
        self.pay(self.move, 100)
        self.assertIn("out of date", self.page().text)
        self.assertIn("out of date", self.sign()["error"])

    def test_an_agreement_whose_first_day_is_past_or_cancelled_is_not_signed(self):
        with self.on("2026-06-11"):
            self.assertIn("out of date", self.sign()["error"])
        self.agreement.action_cancel()
        self.assertIn("not to be signed any more", self.sign()["error"])

    # -- What was signed stays ---------------------------------------------------------------------

    def test_what_was_signed_online_stays_as_it_was(self):
        self.sign()
        plan = self.agreement
        for values in ({"signer": "Other"}, {"signed_on": "2026-05-01"}, {"signed_id": False}):
            with self.subTest(**values), self.assert_refused(UserError, "signed this agreement"):
                plan.write(values)
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
        self.assertIn("to sign", plan.message_ids[0].subject)
