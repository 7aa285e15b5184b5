"""The VAT of unpaid invoices: ground, duplicate, sending, entry, paid later, the file."""

from base64 import b64encode
from io import BytesIO
from zipfile import ZipFile

from odoo import Command, fields
from odoo.addons.account_dunning_fr.models.loss.relief_file import get_files
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..loss_common import LossCommon


@tagged("post_install", "-at_install")
class TestVatRelief(LossCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Relief = cls.env["account.dunning.vat.relief"]
        cls.partner = cls.customer("Liquidée", dunning_regime="b2b")
        cls.a = cls.bill(cls.partner, "2026-02-28", (1000, cls.normal))
        cls.b = cls.bill(cls.partner, "2026-03-31", (1000, cls.normal), (100, cls.reduced))
        cls.c = cls.bill(cls.partner, "2026-03-31", (500, cls.on_payment))

    def liquidate(self, opening="2026-05-04"):
        return self.env["account.dunning.insolvency"].create(
            {"partner_id": self.partner.id, "kind": "liquidation", "date_opening": opening}
        )

    def opened(self):
        """Let a closing open the VAT of the liquidation."""
        self.liquidate()
        self.close("2026-05-31", self.partner)
        return self.Relief.search([("partner_id", "=", self.partner.id)])

    def proof(self, name="certificat.pdf"):
        return self.env["ir.attachment"].create({"name": name, "raw": b"%PDF-1.4 proof"})

    def sent(self):
        record = self.opened()
        record.action_issue()
        record.write({"sent_by": "registered", "sent_on": "2026-06-01", "sent_number": "1A 1"})
        record.action_sent()
        return record

    def test_a_liquidation_opens_it_and_its_entry_ties_to_the_tax_tags(self):
        """By hand: A 200.00, B 200.00 + 10.00, C waits for its payment: 410.00 on 2,100.00 net."""
        record = self.opened()
        self.assertEqual((record.ground, str(record.event_date)), ("liquidation", "2026-05-04"))
        self.assertEqual((record.amount_net, record.amount_vat), (2100, 410))
        self.assertEqual((record.problem, str(record.until)), (False, "2028-12-31"))
        self.close("2026-05-31", self.partner)
        self.assertEqual(len(self.Relief.search([("partner_id", "=", self.partner.id)])), 1)

        record.action_issue()
        self.assertEqual(record.state, "issued")
        self.assertIn("pour la somme de 2 100,00 € (prix net)", self.plain(record.sentence))
        self.assertIn("410,00 € (TVA correspondante)", self.plain(record.sentence))
        self.assertIn("article 272 du CGI", record.sentence)
        page = self.plain(record.document_id.sudo().raw.decode("utf-8", "ignore"))
        for text in (self.a.name, self.b.name, "article 272 du CGI", "1 000,00"):
            self.assertIn(text, page)
        self.assertNotIn(self.c.name, page, "its VAT is not due before its payment")
        with self.assertRaisesRegex(UserError, "how and when"):
            record.action_sent()
        record.write({"sent_by": "registered", "sent_on": "2026-06-01"})
        with self.assertRaisesRegex(UserError, "number"):
            record.action_sent()
        record.sent_number = "1A 234"
        record.action_sent()

        self.book(self.close("2026-05-31", self.partner))
        record.action_book()
        self.assertEqual(record.state, "booked")
        self.assertEqual(self.told(record.entry_id), {"445710": 410, "416000": -410})
        tagged_vat = record.entry_id.line_ids.filtered("tax_tag_ids")
        self.assertEqual(sum(tagged_vat.mapped("balance")), 410)
        self.assertEqual(
            set(tagged_vat.tax_tag_ids.with_context(lang="en_US").mapped("name")),
            {"08_taxe", "9B_taxe"},
        )
        record.action_book()
        self.assertEqual(self.balance("416", self.partner), 3110 - 410, "once")

        with self.on("2026-06-30"):
            again = self.close("2026-06-30", self.partner)
            self.assertEqual((again.claim, again.moved), (3110, 2700))
            self.book(again, treatment="loss")
            self.assertEqual(
                {code: self.balance(code, self.partner) for code in ("411", "416", "654")},
                {"411": 0, "416": 0, "654": 2600},
            )
            self.assertEqual(self.a.payment_state, "paid")

    def test_what_is_paid_later_owes_its_vat_again(self):
        """300.00 of A's 1,200.00 are paid: 50.00 of its VAT; then all of A: 150.00 more."""
        record = self.sent()
        self.book(self.close("2026-05-31", self.partner))
        record.action_book()
        self.pay_on("2026-06-01", self.a, 300)
        self.assertEqual(record.due_again, 50)
        record.action_book()
        self.assertEqual((record.due_again, record.repaid), (0, 50))
        self.pay_on("2026-06-01", self.a, 900)
        self.assertEqual(record.due_again, 150)
        record.action_book()
        record.action_book()
        self.assertEqual((record.repaid, self.balance("445", self.partner)), (200, -300))
        self.book(self.close("2026-06-01", self.partner))
        self.assertEqual(self.balance("416", self.partner), 1310 - 210 + 600)
        self.assertEqual(self.balance("411", self.partner), 0)
        record.undo_reason = "Mistake"
        with self.assertRaisesRegex(UserError, "given back"):
            record.action_undo()

    def test_a_duplicate_is_not_said_to_be_sent_to_an_address_that_takes_nothing(self):
        record = self.opened()
        record.action_issue()
        self.partner.message_bounce = 1
        with self.assert_refused(UserError, "send the duplicate another way"):
            record.action_send_email()
        self.assertFalse(record.sent_on)
        self.partner.message_bounce = 0
        record.action_send_email()
        self.assertEqual(record.state, "sent")

    def test_a_loss_takes_it_back_once_the_duplicate_is_sent(self):
        record = self.opened()
        loss = self.close("2026-05-31", self.partner)
        loss.write({"treatment": "loss", "takes_vat": True})
        loss.action_prepare()
        self.assertEqual(loss.state, "proposed")
        self.assertRegex(loss.problem, "duplicatas envoyés")
        record.action_issue()
        record.action_send_email()
        self.assertEqual((record.state, record.sent_by), ("sent", "email"))
        message = record.message_ids.filtered("partner_ids")[:1]
        self.assertEqual(message.attachment_ids, record.sudo().document_id)
        entry = self.book(loss)
        self.assertEqual(
            self.told(entry),
            {"411100": -3110, "654100": 2600, "445710": 410, "445740": 100},
        )
        self.assertEqual((record.state, record.entry_id), ("booked", entry))
        record.undo_reason = "x"
        with self.assertRaisesRegex(UserError, "undo the loss"):
            record.action_undo()
        loss.undo_reason = "The debtor was found"
        loss.action_undo()
        self.assertEqual((record.state, record.entry_id.id), ("sent", False))
        self.assertEqual(self.a.payment_state, "not_paid")

    def test_a_loss_booked_whole_gives_its_vat_back_later(self):
        record = self.sent()
        self.book(self.close("2026-05-31", self.partner), treatment="loss")
        self.assertEqual(self.balance("654", self.partner), 3010)
        record.action_book()
        self.assertEqual(self.told(record.entry_id), {"445710": 410, "654100": -410})
        self.payment(self.partner, 301)
        with self.on("2026-06-30"):
            self.book(self.close("2026-06-30", self.partner))
        self.assertEqual(self.balance("758", self.partner), -301)
        # 120.00 of A's 1,200.00 and 131.00 of B's 1,310.00: 20.00 + 20.00 + 1.00 of VAT.
        self.assertEqual(record.due_again, 41)
        record.action_book()
        self.assertEqual((record.repaid, record.due_again), (41, 0))

    def test_other_grounds_want_a_proof_and_a_day(self):
        vals = {"partner_id": self.partner.id, "ground": "irrecoverable"}
        record = self.Relief.create(vals)
        record.action_fill()
        self.assertRegex(record.problem, "day of the judgment")
        record.event_date = "2026-06-10"
        self.assertRegex(record.problem, "has not come")
        record.event_date = "2026-05-10"
        self.assertRegex(record.problem, "proof is missing")
        with self.assertRaisesRegex(UserError, "proof is missing"):
            record.action_issue()
        record.proof_ids = self.proof()
        self.assertFalse(record.problem)
        record.event_date = "2023-12-31"
        self.assertRegex(record.problem, "too late")
        services = self.customer("Services")
        self.bill(services, "2026-02-28", (500, self.on_payment))
        nothing = self.Relief.create(
            {"partner_id": services.id, "event_date": "2026-05-01", "ground": "liquidation"}
        )
        nothing.action_fill()
        self.assertRegex(nothing.problem, "No VAT was declared")

    def test_from_2027_only_a_sentence_that_a_person_confirmed_is_printed(self):
        record = self.opened()
        wordings = self.env["account.dunning.vat.wording"]
        new = wordings.search([("date_from", "=", "2027-01-01")])
        with self.on("2027-01-04"):
            with self.assertRaisesRegex(UserError, "No sentence is confirmed"):
                record.action_issue()
            for wrong in ("Impayée : {net}", "{net} {net} {tax}", "Impayée"):
                with self.assertRaisesRegex(ValidationError, "once each"):
                    new.text = wrong
            new.text = "Impayée pour {net} € et {tax} € (article L. 000 du CIBS)"
            with self.assertRaisesRegex(UserError, "No sentence is confirmed"):
                record.action_issue()
            new.action_confirm()
            record.action_issue()
            self.assertIn("article L. 000 du CIBS", record.sentence)
            new.text = new.text + "."
            self.assertFalse(new.is_confirmed, "a changed sentence is confirmed anew")

    def test_no_older_sentence_speaks_for_a_day_on_which_a_newer_one_is_in_force(self):
        wordings = self.env["account.dunning.vat.wording"]
        wordings.search([]).unlink()
        old, new = wordings.create(
            [
                {"date_from": "1979-01-01", "article": "272", "text": "{net}, {tax} (272)"},
                {"date_from": "2027-01-01", "article": "L. 000"},
            ]
        )
        old.action_confirm()
        with self.assertRaisesRegex(ValidationError, "Type the sentence"):
            new.action_confirm()

        def said(day):
            return wordings._get_sentence(fields.Date.to_date(day), "10,00", "2,00")

        self.assertFalse(said("1978-12-31"), "none was in force")
        self.assertEqual(said("2026-12-31"), "10,00, 2,00 (272)")
        self.assertFalse(said("2027-01-01"), "the one in force has no words")
        new.text = "{net} and {tax}"
        self.assertFalse(said("2027-02-01"), "the one in force is not confirmed")
        new.action_confirm()
        self.assertEqual(said("2027-01-01"), "10,00 and 2,00")
        new.unlink()
        self.assertEqual(said("2027-01-01"), "10,00, 2,00 (272)")

    def test_the_file_of_a_debtor_is_ready_for_an_audit(self):
        record = self.sent()
        record.proof_ids = self.proof("jugement.pdf")
        self.book(self.close("2026-05-31", self.partner))
        record.action_book()
        action = record.action_file()
        file = self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        with ZipFile(BytesIO(file.raw)) as archive:
            names = archive.namelist()
            entry = archive.read(names[3]).decode("utf-8-sig")
            sheet = archive.read(names[0]).decode()
        self.assertEqual([name[:3] for name in names[:4]], ["01_", "02_", "03_", "04_"])
        self.assertEqual(names[-1], "MANIFESTE-SHA256.txt")
        self.assertIn("jugement", names[2])
        self.assertIn("445710", entry)
        self.assertIn("08_taxe", entry)
        self.assertIn("1A 1", sheet)
        self.assertTrue(b64encode(file.raw))

    def test_undone_it_leaves_the_books_as_they_were(self):
        record = self.sent()
        self.book(self.close("2026-05-31", self.partner))
        before = self.balance("416", self.partner)
        record.action_book()
        record.undo_reason = "The judgment was set aside"
        record.action_undo()
        self.assertEqual(record.state, "undone")
        self.assertEqual(self.balance("416", self.partner), before)
        self.assertEqual(self.balance("4457"), self.balance("4457"))

    def test_who_prepares_and_who_books(self):
        record = self.opened()
        accountant = self.new_user("vat_accountant", "account.group_account_user")
        biller = self.new_user("vat_biller", "account.group_account_invoice")
        for method in ("action_issue", "action_sent", "action_book", "action_undo"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(record.with_user(biller), method)()
        record.with_user(accountant).action_issue()
        self.assertEqual(record.state, "issued")
        for method in ("action_book", "action_undo"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(record.with_user(accountant), method)()
        with self.assertRaises(AccessError):
            record.with_user(accountant).event_date = "2026-01-01"

    def test_one_invoice_has_a_duplicate_with_its_lines(self):
        partner = self.customer("Une facture")
        bill = self.bill(partner, "2026-02-28", (1000, self.normal))
        bill.invoice_line_ids.name = "Pompe à chaleur"
        record = self.Relief.create(
            {
                "partner_id": partner.id,
                "event_date": "2026-05-01",
                "proof_ids": [Command.link(self.proof().id)],
                "ground": "irrecoverable",
            }
        )
        record.action_issue()
        page = self.plain(record.document_id.sudo().raw.decode("utf-8", "ignore"))
        for text in ("DUPLI", bill.name, "Pompe à chaleur", "1 200,00"):
            self.assertIn(text, page)

    def waiting(self, user=None):
        """Return what « À faire » tells of closings and of the VAT: label, detail, warning."""
        self.env.invalidate_all()  # another request, on its own day
        today = self.env["account.dunning.today"].with_user(user or self.accountant)
        page = [*today._get_closing_acts(self.company, self.today())]
        page += today._get_vat_acts(self.company, self.today())
        self.assertEqual({act.partner_id for act in page} - {self.partner.id}, set())
        return [(act.label, act.detail, act.warning) for act in page]

    def test_what_waits_is_a_card_until_it_is_booked(self):
        self.accountant = self.new_user("waits", "account.group_account_user")
        clerk = self.new_user("waits_not", "account.group_account_invoice")
        (self.accountant | clerk).write(
            {"group_ids": [Command.link(self.env.ref("account_dunning_fr.group_use_losses").id)]}
        )
        self.assertEqual(self.waiting(), [])
        record = self.opened()
        closing, vat = "Closing of 05/31/2026", "VAT to get back"
        until = "by 12/31/2028 (to check)"
        told = (closing, "entry to prepare", "")
        self.assertEqual(self.waiting(), [told, (vat, f"duplicate to issue, {until}", "")])
        self.assertEqual(self.waiting(clerk), [], "who neither prepares nor books")
        near = "The time limit is near."
        with self.on("2028-10-02"):
            self.assertIn((vat, f"duplicate to issue, {until}", near), self.waiting())
        with self.on("2029-01-02"):
            self.assertIn("Probably too late", self.waiting()[1][2])
        record.action_issue()
        self.assertIn((vat, f"duplicate to send, {until}", ""), self.waiting())
        record.write({"sent_by": "other", "sent_on": "2026-06-01"})
        record.action_sent()
        self.assertIn((vat, f"VAT to take back, {until}", ""), self.waiting())
        page = self.env["account.dunning.today"].with_user(self.accountant).get_page("loss")
        (card,) = (card for card in page["cards"] if card["key"] == "loss")
        self.assertEqual((card["count"], page["total"]), (1, 1))

        line = self.close("2026-05-31", self.partner)
        line.action_prepare()
        self.assertIn((closing, "entry to post", ""), self.waiting())
        line.action_post()
        record.action_book()
        self.assertEqual(self.waiting(), [])
        self.close("2026-04-30", self.partner)
        self.assertEqual(self.waiting(), [], "an older closing was gone past")

    def test_the_chronology_tells_the_books_to_the_house_alone(self):
        record = self.sent()
        self.book(self.close("2026-05-31", self.partner))
        record.action_book()
        chronology = self.env["account.dunning.chronology"]
        events = chronology._get_events(self.partner, self.company)
        told = [(str(event.on), event.kind, event.amount) for event in events if event.internal]
        self.assertEqual(told, [("2026-05-31", "closing", 3110), ("2026-06-01", "vat_back", 410)])
        shown = {event.kind: event for event in events}
        self.assertEqual(shown["vat_duplicate"].proofs, record.sudo().document_id)
        self.assertIn("1A 1", shown["vat_sent"].detail)
        self.assertNotIn("entry", shown, "moved to 416, nothing was received")
        of_one = chronology._get_events(self.partner, self.company, self.a)
        self.assertTrue({"closing", "vat_sent"} <= {event.kind for event in of_one})
        page = self.env["account.dunning.chronology.page"].create(
            {"partner_id": self.partner.id, "company_id": self.company.id}
        )
        self.assertIn("416", page.events_html)
        on_paper = {event.kind for event in page._get_events(False)}
        self.assertTrue("vat_sent" in on_paper and not {"closing", "vat_back"} & on_paper)

    def test_a_registered_letter_kept_here_proves_the_sending(self):
        vanished = self.customer("Disparue", dunning_regime="b2b")
        bill = self.bill(vanished, "2026-02-28", (1000, self.normal))
        with self.on("2026-05-29"):
            notice = self.chased(
                bill, choice="level", level_id=self.registered.id, force=True, reason="Duplicate"
            )
            notice.action_print()
            self.post(notice)
            record = self.Relief.create(
                {
                    "partner_id": vanished.id,
                    "event_date": "2026-05-01",
                    "proof_ids": [Command.link(self.proof().id)],
                    "ground": "irrecoverable",
                }
            )
            record.action_issue()
        letter = notice.registered_ids
        with self.assertRaisesRegex(ValidationError, "another customer"), self.cr.savepoint():
            self.Relief.create({"partner_id": self.partner.id, "registered_id": letter.id})
        record.registered_id = letter
        with self.assertRaisesRegex(UserError, "number"):
            record.action_sent()
        letter.number = "1A 195 123 4567 8"
        letter.deposit_ids = self.proof("depot.pdf")
        letter.receipt_ids = self.proof("avis.pdf")
        record.action_sent()
        self.assertEqual(
            (record.state, record.sent_by, str(record.sent_on), record.sent_number),
            ("sent", "registered", "2026-05-29", letter.number),
        )
        names = {name for name, _content in get_files(record.sudo())}
        for part in ("depot", "avis", "certificat"):
            self.assertTrue(any(part in name for name in names), names)
        with self.assertRaises(AccessError):
            record.with_user(self.new_user("late", "account.group_account_user")).write(
                {"registered_id": False}
            )

    def test_it_was_not_sent_before_it_was_issued(self):
        record = self.opened()
        record.action_issue()
        record.write({"sent_by": "other", "sent_on": "2026-05-31"})
        with self.assertRaisesRegex(UserError, "before the duplicate"):
            record.action_sent()

    def plain(self, text):
        return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
