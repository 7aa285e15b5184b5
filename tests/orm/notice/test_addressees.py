"""Who reads a reminder: by the role that the level names, by the customer, by hand; and a copy."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestAddressees(DunningCommon):
    mails_leave = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.sender = cls.new_user("sender", "account_dunning_fr.group_dunning_user")
        cls.seller = cls.new_user("seller", email="vente@creancier.example")
        cls.partner = cls.customer("Client", user_id=cls.seller.id, dunning_regime="b2b")
        cls.move = cls.invoice(cls.partner, 10)
        cls.accounts = cls.contact("Comptable", "accounting")
        cls.partner.dunning_contact_id = cls.accounts
        cls.director = cls.contact("Directrice", "director")

    @classmethod
    def contact(cls, name, role=False, parent=None, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": (parent or cls.partner).id,
                "email": f"{name.lower()}@client.example",
                "dunning_contact_role": role,
                **values,
            }
        )

    def test_the_level_names_the_roles(self):
        for accounting, director, recipient, others in (
            (True, False, self.accounts, self.none()),
            (True, True, self.accounts, self.director),
            (False, True, self.director, self.none()),
        ):
            with self.subTest(accounting=accounting, director=director):
                self.first.write({"to_accounting": accounting, "to_director": director})
                notice = self.draft(self.partner)
                self.assertEqual(notice.recipient_id, recipient)
                self.assertEqual(notice.other_recipient_ids, others)

    def none(self):
        return self.env["res.partner"]

    def test_without_a_director_the_usual_recipient_is_written_to(self):
        self.director.dunning_contact_role = False
        self.first.write({"to_accounting": False, "to_director": True})
        self.assertEqual(self.draft(self.partner).recipient_id, self.accounts)

    def test_the_customer_says_which_contact_receives_which_messages(self):
        holding = self.contact("Holding", dunning_contact_from="registered")
        everything = self.contact("Archives", dunning_contact_from="courtesy")
        self.assertEqual(self.draft(self.partner).other_recipient_ids, everything)
        self.chased(self.move, choice="level", level_id=self.formal_notice.id)
        grave = self.live(self.partner)
        self.assertEqual(grave.other_recipient_ids, holding | everything)

    def test_all_of_them_are_written_to_and_kept_with_what_was_sent(self):
        self.first.write({"to_director": True, "copy_salesperson": True})
        notice = self.send(self.partner)
        self.director.dunning_contact_role = False
        self.first.copy_salesperson = False
        self.assertEqual(notice.other_recipient_ids, self.director)
        self.assertEqual(notice.copy_user_ids, self.seller)
        self.assertIn("directrice@client.example", notice.sent_others)
        mails = self.hand_over(notice)
        self.assertEqual(len(mails), 3)
        record = notice.sudo()._prepare_sealed_record()
        self.assertEqual(record["copies"], "vente@creancier.example")
        self.assertNotIn("vente@creancier.example", str(notice.sent_html))
        self.assertEqual(notice.delivery, "taken")

    def test_whose_address_takes_nothing_is_neither_written_to_nor_said_to_be(self):
        """Beside the recipient: an e-mail that came back, or an address that refused for good."""
        self.policy.level_ids.to_director = True
        earlier = self.history(self.first, "2026-05-10", self.invoice(self.partner, 40))
        for fault in ("returned", "refused"):
            with self.subTest(fault), self.env.cr.savepoint() as savepoint:
                if fault == "returned":
                    self.director.message_bounce = 1
                else:
                    earlier.write({"undelivered": True, "refused_to": self.director.email})
                notice = self.send(self.partner)
                self.assertEqual(notice.other_recipient_ids, self.director)
                self.assertEqual(notice.mail_id.sudo().recipient_ids, self.accounts)
                self.assertFalse(notice.sent_others)
                self.assertNotIn("others", notice.sudo()._prepare_sealed_record())
                savepoint.rollback()

    def test_a_colleague_s_copy_is_no_proof_that_the_customer_was_reached(self):
        self.first.copy_salesperson = True
        notice = self.send(self.partner).sudo()
        notice._settle_delivery(
            ["vente@creancier.example"], {"comptable@client.example": "unknown"}, {}
        )
        self.assertEqual((notice.delivery, notice.state), ("refused", "cancelled"))
        self.assertFalse(notice.has_left)

    def test_they_are_changed_on_the_message_which_asks_to_be_confirmed_again(self):
        notice = self.draft(self.partner)
        self.assertEqual(notice.state, "ready")
        notice.with_user(self.biller).other_recipient_ids = self.director
        self.assertEqual((notice.state, notice.other_recipient_ids), ("draft", self.director))
        notice.with_user(self.biller).other_recipient_ids = False
        self.prepare()
        self.assertFalse(notice.other_recipient_ids)
        stranger = self.customer("Stranger")
        with self.assertRaises(AccessError):
            notice.with_user(self.biller).other_recipient_ids = stranger
        with self.assertRaises(AccessError):
            notice.with_user(self.sender).copy_user_ids = self.env.ref("base.public_user")
        notice.with_user(self.sender).other_recipient_ids = stranger
        self.assertEqual(notice.other_recipient_ids, stranger)

    def test_the_debt_of_a_consumer_is_told_to_nobody_else(self):
        self.partner.dunning_regime = "b2c"
        stranger = self.customer("Neighbour")
        for name in ("recipient_id", "other_recipient_ids"):
            with self.subTest(field=name):
                notice = self.draft(self.partner)
                notice[name] = stranger
                with self.assert_refused(UserError, "told to nobody else"):
                    notice.action_send()
                notice.write(
                    {"recipient_id": self.accounts.id, "other_recipient_ids": [Command.clear()]}
                )
        notice.action_send()
        self.assertEqual(notice.state, "sent")

    def test_an_address_that_is_missing_is_typed_on_the_message(self):
        self.accounts.email = self.director.email = self.partner.email = False
        notice = self.draft(self.partner)
        self.assertTrue(notice.email_missing)
        notice.typed_email = "nouvelle@client.example"
        self.assertEqual(notice.recipient_id.email, "nouvelle@client.example")
        self.assertFalse(notice.email_missing)
        notice.action_send()
        self.assertEqual(notice.sent_to, "nouvelle@client.example")
