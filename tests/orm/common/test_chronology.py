"""The chronology: everything that happened with a debt, by date, on screen and on paper."""

from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ..dunning_common import DunningCommon, day

MAIL = """From: Debtor <{sender}>
To: {to}
Subject: Re: your reminder
Message-Id: <answer-{ref}@client.example>
In-Reply-To: {reference}
References: {reference}
Date: Wed, 03 Jun 2026 09:00:00 +0000
Content-Type: text/plain; charset=utf-8

We pay on Friday.
"""


@tagged("post_install", "-at_install")
class TestChronology(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"  # of what its users are told
        cls.new_clerks()
        cls.company.dunning_user_id = cls.clerk
        cls.partner = cls.customer("Debtor", email="debtor@client.example")

    def events(self, moves=None, until=None, user=None):
        """Return ``(day, kind, amount)`` of what is told to a user."""
        chronology = self.env["account.dunning.chronology"].with_user(user or self.reader)
        events = chronology._get_events(self.partner, self.company, moves, until)
        return [(str(event.on), event.kind, event.amount) for event in events]

    def sent(self):
        """Send the first reminder of an invoice overdue for ten days."""
        self.move = self.invoice(self.partner, 10, 100)
        return self.send(self.partner)

    def receive(self, notice, sender="debtor@client.example"):
        """Receive an answer to a reminder by the mail gateway."""
        self.env["mail.thread"].message_process(
            False,
            MAIL.format(
                sender=sender,
                to="catchall@creancier.example",
                ref=notice.id,
                reference=notice.message_ref,
            ),
        )

    # -- What is told ------------------------------------------------------------------------------

    def test_the_life_of_a_debt_is_told_by_date(self):
        notice = self.sent()
        with self.on("2026-06-05"):
            hold = self.hold(self.partner, reason="promise", note="Friday")
            self.pay(self.move, 60)
        with self.on("2026-06-10"):
            hold.action_release()
            self.credit_note(self.partner, 10, of=self.move, invoice_date="2026-05-11")
            self.assertEqual(
                sorted(self.events(), key=str),
                [
                    ("2026-04-22", "invoice", 100.0),
                    ("2026-05-11", "credit_note", 10.0),
                    ("2026-06-01", "notice", 100.0),
                    ("2026-06-05", "hold", None),
                    ("2026-06-05", "payment", 60.0),
                    ("2026-06-10", "hold", None),
                ],
            )
        self.assertEqual(notice.state, "sent")

    def test_of_one_invoice_only_what_concerns_it_is_told(self):
        other = self.invoice(self.partner, 12, 50)
        self.sent()
        self.pay(other)
        self.hold(move_id=other.id, reason="dispute")
        self.assertEqual(
            self.events(self.move),
            [("2026-04-22", "invoice", 100), ("2026-06-01", "notice", 150)],
        )
        # A payment of two invoices counts for its share.
        with self.on("2026-06-04"):
            both = self.move | self.invoice(self.partner, 0, 30)
            lines = self.items(*both)
            payment = self.payment(self.partner, 130)
            credit = payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            (lines | credit).reconcile()
        self.assertIn(("2026-06-04", "payment", 100), self.events(self.move))
        self.assertIn(("2026-06-04", "payment", 130), self.events())

    def test_nothing_after_the_last_day_is_told(self):
        self.sent()
        self.assertEqual(self.events(until=day("2026-05-31")), [("2026-04-22", "invoice", 100)])

    def test_another_customer_and_another_company_are_not_told(self):
        self.sent()
        self.invoice(self.customer("Other"), 10)
        other = self.setup_other_company()["company"]
        chronology = self.env["account.dunning.chronology"]
        self.assertFalse(chronology._get_events(self.partner, other))
        self.assertEqual(len(self.events()), 2)

    # -- On screen and on paper --------------------------------------------------------------------

    def test_it_is_shown_from_the_customer_the_invoice_and_the_message(self):
        notice = self.sent()
        for record, action in (
            (self.partner, "action_dunning_chronology"),
            (self.move, "action_dunning_chronology"),
            (notice, "action_chronology"),
        ):
            with self.subTest(record=record):
                shown = getattr(record.with_user(self.reader), action)()
                page = self.env[shown["res_model"]].with_user(self.reader).browse(shown["res_id"])
                self.assertIn(notice.name, page.events_html)
                self.assertIn(self.move.name, page.events_html)

    def test_an_empty_one_says_so(self):
        shown = self.partner.action_dunning_chronology()
        page = self.env[shown["res_model"]].browse(shown["res_id"])
        self.assertIn("Nothing happened yet", page.with_context(lang="en_US").events_html)

    def test_invoices_of_several_customers_have_no_chronology(self):
        moves = self.invoice(self.partner, 10) | self.invoice(self.customer("Other"), 10)
        with self.assert_refused(UserError, "one customer"):
            moves.action_dunning_chronology()

    def test_it_is_printed_as_a_pdf_for_the_file(self):
        notice = self.sent()
        shown = self.move.with_user(self.billing).action_dunning_chronology()
        report = self.env["ir.actions.report"].with_user(self.billing)
        report = report.with_context(force_report_rendering=True)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.dunning_lang = "fr_FR"
        content, _kind = report._render_qweb_pdf(
            "account_dunning_fr.report_chronology", [shown["res_id"]]
        )
        # Its language is that of its pages, whoever prints it.
        reader = PdfReader(BytesIO(content))
        self.assertEqual(reader.trailer["/Root"]["/Lang"], "fr-FR")
        self.assertEqual(reader.metadata.title, "Chronologie")
        text = self.pdf_text(content)
        for part in (notice.name, self.move.name, "Debtor"):
            self.assertIn(part, text)

    def pdf_text(self, content):
        """Return the words of a PDF."""
        return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)

    def test_who_has_no_accounting_right_sees_none(self):
        with self.assertRaises(AccessError):
            self.partner.with_user(self.new_user("stranger")).action_dunning_chronology()

    # -- Answers and bounces -----------------------------------------------------------------------

    def test_an_answer_is_kept_with_the_reminder_and_told_to_the_person_in_charge(self):
        notice = self.sent()
        for _times in range(2):
            self.receive(notice)
        message = notice.message_ids.filtered(lambda m: m.message_type == "email")[:1]
        self.assertIn("We pay on Friday", message.body)
        activity = notice.activity_ids
        self.assertEqual(len(activity.filtered(lambda a: "answered" in a.summary)), 1)
        self.assertEqual(activity.user_id, notice.user_id or self.clerk)
        self.assertIn("email_in", [kind for _on, kind, _amount in self.events()])
        self.assertEqual(notice.state, "sent")

    def test_a_message_written_from_the_reminder_is_told_and_a_note_is_not(self):
        notice = self.sent()
        notice.with_user(self.clerk).message_post(
            body="Thank you", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        notice.with_user(self.clerk).message_post(body="Internal", subtype_xmlid="mail.mt_note")
        kinds = [kind for _on, kind, _amount in self.events()]
        self.assertEqual(kinds.count("email_out"), 1)

    def test_a_bounce_asks_for_another_address_and_stops_the_next_message(self):
        notice = self.sent()
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "email_from": "mailer-daemon@client.example",
                "to": "bounce@creancier.example",
                "message_id": "<bounce@client.example>",
                "bounced_email": self.partner.email_normalized,
                "bounced_partner": self.partner,
                "bounced_msg_ids": [notice.message_ref],
                "bounced_message": notice.mail_id.mail_message_id,
            },
        )
        self.assertEqual(notice.bounced_on, day("2026-06-01"))
        self.assertIn("another address", "".join(notice.activity_ids.mapped("summary")))
        self.assertIn(("2026-06-01", "bounce", None), self.events())
        with self.on("2026-06-11"):
            following = self.draft(self.partner).with_user(self.clerk)
            with self.assert_refused(UserError, "came back"):
                following.action_send()
            self.partner.email = "debtor@client.example"  # as it was
            with self.assert_refused(UserError, "came back"):
                following.action_send()
            self.partner.email = "other@client.example"
            following.action_send()
            self.assertEqual(following.sent_to, "other@client.example")
