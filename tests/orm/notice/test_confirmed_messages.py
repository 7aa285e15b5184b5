"""A confirmed message is what was confirmed, and one that left is what was sent."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestConfirmedMessages(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Accounting", "parent_id": cls.partner.id, "email": "compta@client.example"}
        )
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Accomplice", "email": "accomplice@other.example"}
        )
        cls.biller = cls.new_user("c_biller", "account.group_account_invoice")
        cls.sender = cls.new_user("c_sender", "account_dunning_fr.group_dunning_user")
        (cls.first + cls.firm).automatic = False

    def confirmed(self):
        """Return the message of a customer, confirmed by somebody who may send."""
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        notice.with_user(self.sender).action_confirm()
        self.assertEqual((notice.state, notice.confirmed_by), ("ready", self.sender))
        return notice

    def attach(self, notice):
        """Attach a file to the message, which whoever reads the message reads."""
        return self.env["ir.attachment"].create(
            {"name": "order.txt", "raw": b"order", "res_model": notice._name, "res_id": notice.id}
        )

    def changes(self, notice):
        file = self.attach(notice)
        return {
            "subject": "Pay elsewhere",
            "body": "<p>Pay on another account</p>",
            "closing": "<p>Best wishes</p>",
            "recipient_id": self.contact.id,
            "user_id": self.biller.id,
            "send_letter": True,
            "make_call": True,
            "enclose_invoices": False,
            "enclose_account": True,
            "own_attachment_ids": [Command.set(file.ids)],
        }

    def test_a_change_brings_it_back_to_be_confirmed(self):
        notice = self.confirmed()
        for name, value in self.changes(notice).items():
            for user in (self.biller, self.sender):
                with self.subTest(field=name, user=user.login):
                    notice.with_user(self.sender).action_confirm() if (
                        notice.state == "draft"
                    ) else None
                    notice.with_user(user).write({name: value})
                    self.assertEqual((notice.state, notice.confirmed_by.id), ("draft", False))
                    self.assertIn("please confirm it again", notice.message_ids[:1].body)

    def test_the_change_is_noted_in_the_language_of_the_creditor(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.dunning_lang = "fr_FR"
        notice = self.confirmed()
        notice.with_user(self.biller).subject = "Another subject"
        self.assertIn("Elle a été modifiée", notice.message_ids[:1].body)

    def test_only_who_may_send_writes_to_somebody_else_and_it_is_told(self):
        notice = self.confirmed()
        with self.assert_refused(AccessError, "no contact of Client"):
            notice.with_user(self.biller).recipient_id = self.stranger
        self.env.invalidate_all()
        self.assertEqual(notice.state, "ready")
        notice.with_user(self.sender).recipient_id = self.stranger
        self.assertTrue(notice.is_recipient_foreign)
        self.assertEqual(notice.state, "draft")
        self.assertTrue(notice.message_ids.filtered(lambda m: "Accomplice" in (m.body or "")))

    def test_an_address_changed_after_the_confirmation_asks_again(self):
        notice = self.confirmed()
        self.partner.email = "accomplice@other.example"
        self.run_cron("send")
        self.assertEqual((notice.state, notice.mail_id.id), ("draft", False))
        notice.with_user(self.sender).action_confirm()
        self.run_cron("send")
        self.assertEqual(notice.state, "sent")

    def test_an_automatic_message_that_a_person_changed_is_confirmed_by_another(self):
        self.first.automatic = True
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.assertEqual(notice.state, "ready")
        notice.with_user(self.biller).body = "<p>Pay on another account</p>"
        self.run_cron("send")
        self.assertEqual(notice.state, "draft")

    def test_a_registered_level_stays_registered(self):
        move = self.invoice(self.partner, 40)
        self.history(self.first, "2026-05-02", move)
        self.history(self.firm, "2026-05-12", move)
        notice = self.draft(self.partner)
        self.assertEqual(notice.level_id, self.registered)
        with self.assert_refused(UserError, "leaves as a registered letter"):
            notice.with_user(self.biller).write({"send_registered": False, "send_email": True})

    def test_it_leaves_in_some_way(self):
        notice = self.confirmed()
        with self.assert_refused(UserError, "Choose how the message leaves"):
            notice.with_user(self.biller).write({"send_email": False, "make_call": False})

    def test_nothing_changes_once_it_left(self):
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        for name, value in self.changes(notice).items():
            for user in (self.biller, self.sender):
                with self.subTest(field=name, user=user.login), self.assertRaises(AccessError):
                    notice.with_user(user).write({name: value})
