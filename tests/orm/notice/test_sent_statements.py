"""A statement of account by e-mail: to whom, with what, and that it is no reminder."""

from base64 import b64decode
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestSentStatements(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.partner = cls.customer(dunning_lang="en_US", dunning_regime="b2b")
        cls.late = cls.invoice(cls.partner, 10, 100)
        cls.young = cls.invoice(cls.partner, -10, 50)
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.startClassPatcher(cls.patch_printing())

    @classmethod
    def patch_printing(cls):
        model = type(cls.env["res.partner"])
        return patch.object(
            model, "_print_dunning_account_statement", lambda *_args: b"%PDF-1.4 statement"
        )

    def dialog(self, partners, user=None):
        env = self.env(user=user or self.biller)
        return env["account.dunning.account.statement"].create({"partner_ids": partners.ids})

    def sent(self, partner):
        return self.env["account.dunning.sent.statement"].search([("partner_id", "=", partner.id)])

    def test_it_leaves_with_its_document_and_the_code_and_is_kept(self):
        action = self.partner.with_user(self.biller).action_dunning_account_statement()
        dialog = self.env[action["res_model"]].with_user(self.biller).browse(action["res_id"])
        self.assertRegex(dialog.recipients_text, "client@client.example")
        result = dialog.action_send()
        self.assertEqual(result["params"]["next"]["type"], "ir.actions.act_window_close")
        sent = self.sent(self.partner)
        self.assertEqual((sent.amount, sent.amount_overdue), (150, 100))
        self.assertEqual((sent.sent_by, sent.sent_to), (self.biller, "client@client.example"))
        self.assertEqual(sent.file_id.raw, b"%PDF-1.4 statement")
        mail = sent.mail_id
        self.assertEqual(mail.recipient_ids, self.partner)
        self.assertEqual((mail.model, mail.res_id), (sent._name, sent.id))
        kinds = sorted(mail.attachment_ids.mapped("mimetype"))
        self.assertEqual(kinds, ["application/pdf", "image/png"])
        for words in ("150.00", "100.00", "past due", "FR76"):
            self.assertIn(words, mail.body_html)
        self.assertNotIn("payment/pay", mail.body_html)  # no means of payment is switched on
        with self.assert_refused(UserError, "kept"):
            sent.sudo().unlink()

    def test_it_is_no_reminder_and_the_chronology_tells_it(self):
        self.draft(self.partner)
        before = self.row(self.late)
        self.dialog(self.partner).action_send()
        self.assertEqual(self.row(self.late), before)
        events = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        told = [event for event in events if event.kind == "statement"]
        self.assertEqual(
            [(str(e.on), e.amount, e.proofs.mimetype) for e in told],
            [(TODAY, 150, "application/pdf")],
        )

    def test_it_is_paid_by_odoos_own_link_where_a_provider_is_on(self):
        provider = self.env["payment.provider"].sudo().search([("code", "=", "none")], limit=1)
        provider.copy(
            {"company_id": self.company.id, "state": "enabled", "is_published": True}
        ).write({"state": "enabled", "is_published": True})
        self.company.invalidate_recordset()
        self.assertTrue(self.company.dunning_pays_online)
        self.dialog(self.partner).action_send()
        body = self.sent(self.partner).mail_id.body_html
        self.assertIn("/payment/pay?amount=100.0&amp;access_token=", body)

    def test_many_are_sent_at_once_and_who_is_skipped_is_told(self):
        silent = self.customer("Silent", email=False)
        broke, shy, gone = map(self.customer, ("Broke", "Shy", "Gone"))
        settled = self.customer("Settled")
        for partner in (silent, broke, shy, gone):
            self.invoice(partner, 5)
        self.hold(broke, reason="insolvency")
        shy.dunning_restricted = True
        gone.message_bounce = 1
        everybody = self.partner | silent | broke | shy | gone | settled
        dialog = self.dialog(everybody)
        self.assertEqual(dialog.recipients_text, "By e-mail to 1 of 6 customers")
        result = dialog.action_send()["params"]
        self.assertRegex(result["title"], "^1 ")
        for words in (
            "Silent: no valid e-mail",
            "Broke: insolvency",
            "Shy: processing restricted",
            "Gone: an e-mail to gone@client.example came back",
            "Settled: nothing open",
        ):
            self.assertIn(words, result["message"])
        found = self.env["account.dunning.sent.statement"].search([])
        self.assertEqual(found.partner_id, self.partner)
        with self.assert_refused(UserError, "Silent: no valid e-mail"):
            self.dialog(silent).action_send()

    def test_an_address_that_refused_for_good_is_sent_no_statement(self):
        earlier = self.history(self.new_policy((5, "reminder")).level_ids, "2026-05-20", self.late)
        earlier.write(
            {
                "undelivered": True,
                "refused_to": self.partner.email,
                "delivery_reason": "550 no such user",
            }
        )
        with self.assert_refused(UserError, "was refused: 550 no such user"):
            self.dialog(self.partner).action_send()
        self.assertFalse(self.sent(self.partner))
        earlier.action_settle_delivery()
        self.dialog(self.partner).action_send()
        self.assertTrue(self.sent(self.partner))

    def test_a_long_list_is_left_to_the_scheduler(self):
        many = self.env["res.partner"].browse()
        for number in range(11):
            many |= self.customer(f"Customer {number}")
        for partner in many[:3]:
            self.invoice(partner, 5)
        action = self.dialog(many).action_send()
        run = self.env[action["res_model"]].browse(action["res_id"])
        self.run_cron("queue")
        self.assertEqual((run.done, run.failed), (3, 8))
        self.assertEqual(len(self.env["account.dunning.sent.statement"].search([])), 3)

    def test_a_reader_prints_and_sends_nothing(self):
        reader = self.new_user("reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            self.dialog(self.partner, reader).action_send()
        with self.assertRaises(AccessError):
            self.dialog(self.partner).env["account.dunning.sent.statement"].create({})

    def test_the_code_pays_what_is_past_due_into_the_creditors_account(self):
        [found] = self.partner._get_dunning_statements(self.company, day(TODAY))
        code = self.partner._get_dunning_statement_code(found)
        self.assertTrue(b64decode(code.partition(",")[2]).startswith(b"\x89PNG"))
        self.credit_note(self.partner, 120)  # in his favour: 30 remain
        [found] = self.partner._get_dunning_statements(self.company, day(TODAY))
        self.assertEqual(found["sections"][0]["total"], 30)
        [section] = found["sections"]
        self.assertEqual(section["overdue"], 100)

    def test_a_consumer_reads_of_no_penalty_before_a_formal_notice(self):
        entry = self.invoice(self.partner, 5, 9)
        penalty = (
            self.env["account.dunning.penalty"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "move_line_id": self.items(self.late).id,
                    "currency_id": self.company.currency_id.id,
                }
            )
        )
        self.items(entry).sudo().dunning_penalty_id = penalty

        def get_total():
            [found] = self.partner._get_dunning_statements(self.company, day(TODAY))
            return found["sections"][0]["total"]

        self.assertEqual(get_total(), 159)
        for regime in ("b2c", False):
            self.partner.sudo().dunning_regime = regime
            self.assertEqual(get_total(), 150)
        self.partner.sudo().dunning_regime = "b2c"
        self.history(self.firm, "2026-05-20", self.late)
        self.assertEqual(get_total(), 150)
        self.history(self.formal_notice, "2026-05-25", self.late)
        self.assertEqual(get_total(), 159)

    def test_the_e_mails_that_are_missing_are_typed_in_one_list(self):
        silent, wrong = self.customer("Silent", email=False), self.customer("Wrong", email="none")
        written = self.customer("Written to", email=False)
        contact = {"type": "invoice", "email": "factures@client.example", "parent_id": written.id}
        self.env["res.partner"].create({**contact, "name": "Invoices"})
        unreached, all_four = silent | wrong, self.partner | silent | wrong | written
        moves = self.late.union(*(self.invoice(each, 10, 30) for each in all_four - self.partner))
        quality = self.env["account.dunning.quality"].with_user(self.biller)
        for told in (self.dialog(all_four), self.chase(moves), quality):
            with self.subTest(told=told._name):
                action = told.action_type_emails()
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found, unreached)
                self.assertTrue(told._name == quality._name or told.email_missing)
        silent.email, wrong.email = "a@client.example", "b@client.example"
        self.assertFalse(self.dialog(all_four).email_missing)
        self.assertFalse(quality.search([("no_email", "=", True)]))
