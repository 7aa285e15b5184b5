"""What customers write back: kept, told, suspending their next step until somebody read it."""

from base64 import b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..dunning_common import DunningCommon, day

MAIL = """Return-Path: <{sender}>
From: {sender}
To: {to}
Subject: {subject}
Message-ID: <{number}@mx.client.example>
In-Reply-To: {reference}
References: <forged@nowhere.example> {reference}
Date: {date}
{headers}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="cut"

--cut
Content-Type: {kind}; charset=utf-8
Content-Transfer-Encoding: base64

{words}
--cut
Content-Type: application/pdf; name="virement.pdf"
Content-Disposition: attachment; filename="virement.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--cut--
"""
WORDS = "Bonjour,\n\nNous payons vendredi.\n\nLe 1 juin 2026, Créancier a écrit :\n> Votre facture"
BOUNCED = """Return-Path: <>
From: MAILER-DAEMON@mx.client.example
To: bounce@creancier.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <back@mx.client.example>
Date: Mon, 01 Jun 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

Unknown mailbox.
--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.client.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
--cut
Content-Type: message/rfc822

Message-ID: {reference}
From: compta@creancier.example
To: {address}
Subject: Relance

Votre facture
--cut--
"""


@tagged("post_install", "-at_install")
class TestAnswers(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create(
            {"name": "creancier.example", "bounce_alias": "bounce", "catchall_alias": "catchall"}
        )
        cls.company.alias_domain_id = domain
        cls.company.partner_id.dunning_lang = "en_US"
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.partner = cls.customer("Débiteur", email="compta@client.example")
        cls.move = cls.invoice(cls.partner, 10, 300)
        cls.numbers = iter(range(1000))
        cls.make_once("make_sent")

    def make_sent(self):
        self.sent = self.send(self.partner)

    def receive(self, sender="compta@client.example", words=WORDS, **given):
        """Receive an e-mail by the gateway, which finds the reminder by its Message-ID alone."""
        before = self.sent.reply_ids
        values = {
            "subject": "Re: votre relance",
            "date": "Mon, 01 Jun 2026 09:00:00 +0000",
            "headers": "",
            "kind": "text/plain",
            **given,
        }
        raw = MAIL.format(
            sender=sender,
            to="catchall@creancier.example",
            number=next(self.numbers),
            reference=self.sent.message_ref,
            words=b64encode(words.encode()).decode(),
            **values,
        )
        self.env["mail.thread"].sudo().message_process(None, raw)
        self.sent.invalidate_recordset(["reply_ids"])
        return self.sent.reply_ids - before

    def pauses(self):
        return self.env["account.dunning.hold"].search(
            [("partner_id", "=", self.partner.id), ("released_on", "=", False)]
        )

    def test_an_answer_is_kept_with_its_words_and_its_files(self):
        for sender, origin in (
            ("Marie <compta@client.example>", "debtor"),
            ("inconnu@gmail.example", "other"),
        ):
            with self.subTest(sender=sender):
                reply = self.receive(sender)
                self.assertEqual((reply.origin, reply.state), (origin, "new"))
                self.assertEqual(reply.excerpt, "Bonjour, Nous payons vendredi.")
                self.assertEqual(reply.attachment_ids.mapped("name"), ["virement.pdf"])
                self.assertEqual((reply.partner_id, reply.notice_id), (self.partner, self.sent))

    def test_a_hostile_answer_is_harmless(self):
        words = "<script>alert(1)</script><img src=x onerror=alert(2)>" + "<b>mot</b> " * 8_000
        reply = self.receive(
            words=words,
            kind="text/html",
            subject="=?utf-8?q?a=0Ab=3Cscript=3E?=",
            date="Fri, 01 Jan 2038 09:00:00 +0000",
        )
        self.assertNotIn("<", reply.excerpt)
        self.assertLessEqual(len(reply.excerpt), 301)
        self.assertNotIn("<script", str(reply.body))
        self.assertNotIn("onerror", str(reply.body))
        self.assertNotIn("\n", reply.subject)
        self.assertEqual(reply.received_on.date(), day("2026-06-01"))

    def test_references_of_nothing_are_no_answer(self):
        found = self.env["account.dunning.reply"].search_count([])
        reference = self.sent.message_ref
        self.sent.sudo().message_ref = "<never-sent@creancier.example>"
        self.receive()
        self.sent.sudo().message_ref = reference
        self.assertEqual(self.env["account.dunning.reply"].search_count([]), found)

    def test_the_next_step_waits_until_somebody_read_it(self):
        reply = self.receive()
        hold = self.pauses()
        self.assertEqual((hold.reason, hold.reply_id), ("answered", reply))
        self.assertEqual(hold.date_until, day("2026-06-04"))
        self.assertIn("Answer to read", self.move.dunning_reason)
        with self.on("2026-06-03"):
            other = self.receive()
        self.assertEqual(self.pauses(), hold)
        reply.with_user(self.biller).action_open()
        self.assertEqual((reply.state, reply.read_by), ("read", self.biller))
        self.assertTrue(self.pauses(), "another one is to be read")
        other.with_user(self.biller).action_read()
        self.assertFalse(self.pauses())
        reply.with_user(self.biller).action_unread()
        self.assertTrue(self.pauses())

    def test_who_writes_every_day_puts_it_off_for_the_days_of_the_policy_alone(self):
        self.receive()
        for on in ("2026-06-03", "2026-06-05", "2026-06-20"):
            with self.on(on):
                self.receive()
        self.assertEqual(self.pauses().date_until, day("2026-06-04"))
        with self.on("2026-06-20"):
            self.assertEqual(self.row(self.move).take_level_id, self.firm.id)

    def test_a_policy_may_pause_for_nothing(self):
        self.policy.reply_days = 0
        self.receive()
        self.assertFalse(self.pauses())

    def test_an_automatic_answer_is_kept_apart_and_suspends_nothing(self):
        for given in (
            {"headers": "Auto-Submitted: auto-replied\n"},
            {"subject": "Réponse automatique : en congés"},
            {"headers": "Precedence: auto_reply\n"},
        ):
            with self.subTest(**given):
                reply = self.receive(**given)
                self.assertEqual((reply.origin, reply.state), ("automatic", "read"))
        self.assertFalse(self.pauses())

    def test_a_returned_email_stops_the_channel_with_a_to_do(self):
        raw = BOUNCED.format(address="compta@client.example", reference=self.sent.message_ref)
        self.env["mail.thread"].sudo().message_process(None, raw)
        reply = self.sent.reply_ids
        self.assertEqual((reply.origin, reply.state), ("bounce", "new"))
        self.assertFalse(self.pauses(), "letters and calls go on")
        self.assertIn("find another address", self.sent.activity_ids.mapped("summary")[0])
        with self.on("2026-06-20"):
            notice = self.draft(self.partner)
            self.assertRegex(notice._get_email_problem(), "came back")

    # -- What is done about it ---------------------------------------------------------------------

    def test_it_becomes_a_dispute_or_a_promise_and_is_settled(self):
        for button, values in (
            ("action_dispute", {"amount": 50}),
            ("action_promise", {"amount": 50, "date_promised": "2026-06-10"}),
        ):
            with self.subTest(button=button):
                reply = self.receive().with_user(self.biller)
                action = getattr(reply, button)()
                self.assertEqual(reply.state, "read")
                records = self.env[action["res_model"]].with_user(self.biller)
                record = records.with_context(**action["context"]).create(values)
                self.assertEqual(record.partner_id, self.partner)
                self.assertEqual(reply.state, "handled")
                self.assertEqual(record._reply_outcome, reply.outcome)

    def test_he_says_that_he_paid(self):
        reply = self.receive().with_user(self.biller)
        reply.action_paid()
        self.assertEqual((reply.state, reply.outcome), ("handled", "paid"))
        hold = self.pauses()
        self.assertEqual((hold.reason, hold.date_until), ("said_paid", day("2026-06-08")))
        summaries = self.sent.activity_ids.mapped("summary")
        self.assertEqual(summaries, ["Look for the payment that the customer announced"])

    def test_its_files_stay_as_they_came(self):
        [file] = self.receive().attachment_ids
        theirs = file.with_user(self.biller)
        for values in ({"raw": b"%PDF-1.4 other"}, {"name": "x.pdf"}, {"res_id": 0}):
            with self.subTest(**values), self.assertRaises(UserError), self.env.cr.savepoint():
                theirs.write(values)
        with self.assert_refused(UserError, "not deleted"), self.env.cr.savepoint():
            theirs.unlink()
        self.assertEqual((file.name, file.raw), ("virement.pdf", b"%PDF-1.4\n"))

    def test_it_is_forwarded_with_its_files_to_colleagues_alone(self):
        seller = self.new_user("seller")
        reply = self.receive().with_user(self.biller)
        dialogs = self.env["account.dunning.reply.forward"].with_user(self.biller)
        dialog = dialogs.create(
            {"reply_id": reply.id, "user_ids": seller.ids, "note": "<b>Is it true?</b>"}
        )
        dialog.action_forward()
        message = (
            self.env["mail.message"]
            .sudo()
            .search([("partner_ids", "in", seller.partner_id.ids)], order="id DESC", limit=1)
        )
        self.assertIn("Nous payons vendredi", message.body)
        self.assertNotIn("<b>Is it", message.body)
        self.assertEqual(message.attachment_ids.mapped("name"), ["virement.pdf"])
        self.assertEqual(reply.outcome, "forwarded")
        outside = new_test_user(self.env, "outside", groups="base.group_portal")
        dialog.user_ids = outside
        with self.assert_refused(UserError, "colleagues only"):
            dialog.action_forward()

    def test_who_reads_the_books_alone_sees_it_and_changes_nothing(self):
        reply = self.receive().with_user(self.reader)
        self.assertEqual(reply.excerpt, "Bonjour, Nous payons vendredi.")
        reply.action_open()
        self.assertEqual(reply.state, "new")
        for button in ("action_read", "action_settle", "action_paid", "action_dispute"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(reply, button)()
        self.assertTrue(self.pauses())

    def test_it_waits_on_the_page_of_the_day(self):
        self.receive()
        self.receive(subject="Automatic reply: away")
        tasks = self.env["account.dunning.today"].with_user(self.biller)._get_tasks(self.company)
        self.assertEqual({task.key: task.count for task in tasks}.get("replies"), 1)

    def test_it_is_an_act_of_its_customer_on_that_page(self):
        reply = self.receive()
        today = self.env["account.dunning.today"].with_user(self.biller)
        (row,) = today.get_page(card="answer")["rows"]
        act = row["acts"][0]
        self.assertEqual((row["partner_id"], act["label"]), (self.partner.id, "Answer to read"))
        self.assertEqual((act["ids"], act["method"]), ((reply.id,), "action_open"))
        self.assertIn("Nous payons vendredi", act["detail"])
        reply.with_user(self.biller).action_open()
        page = today.get_page()
        self.assertNotIn("answer", [card["key"] for card in page["cards"]])
        self.assertGreaterEqual(page["done"], 1)

    def answer(self, action, **values):
        """Send what the composer of an action holds, with other values."""
        composer = self.env["mail.compose.message"].with_user(self.biller)
        context = action["context"]
        composer = composer.with_context(**context).create({"body": "<p>Thank you</p>", **values})
        composer.action_send_mail()

    def test_only_a_message_that_left_settles_what_it_answers(self):
        reply = self.receive().with_user(self.biller)
        author = reply.sudo().message_id.author_id
        action = reply.action_answer()
        self.assertEqual((reply.state, reply.outcome), ("read", False))  # the composer may be left
        note = {"message_type": "comment", "partner_ids": author.ids}
        self.sent.with_user(self.biller).message_post(body="For us", **note)
        self.assertEqual(reply.state, "read")  # a note
        self.answer(action, partner_ids=self.customer("Somebody else").ids)
        self.assertEqual(reply.state, "read")
        self.answer(action)
        self.assertEqual((reply.state, reply.outcome), ("handled", "answered"))
        self.assertEqual(reply.read_by, self.biller)
