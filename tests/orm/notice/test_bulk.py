"""Acts on several records: what does not fit is left out, counted, and said with its reason."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestBulk(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.sender = cls.new_user(
            "bulk_sender", "account_dunning_fr.group_dunning_user", "base.group_partner_manager"
        )
        cls.biller = cls.new_user("bulk_biller", "account.group_account_invoice")
        cls.partners = [cls.customer(f"Client {rank}") for rank in range(3)]
        cls.moves = [cls.invoice(partner, 10) for partner in cls.partners]

    def drafts(self):
        """Return a message of each customer, to be confirmed."""
        self.prepare()
        notices = self.Notice.search([("partner_id", "in", [p.id for p in self.partners])])
        notices.sudo().write({"state": "draft"})
        return notices.with_user(self.sender)

    def said(self, action):
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["message"]

    def test_messages_are_confirmed_but_those_that_are_already(self):
        notices = self.drafts()
        self.assertEqual(len(notices), 3)
        notices[0].action_confirm()
        self.assertEqual(
            self.said(notices.action_confirm()),
            "Messages confirmed: 2. Left out: 1 (not to be confirmed).",
        )
        self.assertEqual(set(notices.mapped("state")), {"ready"})
        with self.assertRaisesRegex(UserError, "to confirm"):
            notices.action_confirm()

    def test_messages_are_sent_but_those_that_cannot_leave(self):
        notices = self.drafts()
        lost = notices.filtered(lambda notice: notice.partner_id == self.partners[0])
        lost.partner_id.sudo().email = False
        said = self.said(notices.action_send())
        self.assertRegex(said, r"^Messages sent: 2\. Left out: 1 \(.*Client 0")
        self.assertEqual(set((notices - lost).mapped("state")), {"sent"})
        self.assertNotEqual(lost.state, "sent")
        with self.assertRaises(UserError):
            lost.action_send()

    def test_a_message_more_asks_the_database_nothing_more(self):
        """Whatever a sending looks up, it looks up for all that leave in one transaction."""
        partners = [self.customer(f"Customer {rank}") for rank in range(9)]
        moves = self.invoices(*((partner, 10, 100) for partner in partners))
        self.env["ir.attachment"].create(
            [
                {
                    "name": "invoice.pdf",
                    "raw": b"%PDF-1.4 an invoice",
                    "mimetype": "application/pdf",
                    "res_model": "account.move",
                    "res_field": "invoice_pdf_report_file",
                    "res_id": move.id,
                }
                for move in moves
            ]
        )
        self.prepare()
        notices = [self.live(partner).id for partner in partners]

        def queries(first, last):
            group = self.Notice.sudo().browse(notices[first:last])
            asked = self.count_queries(group._send_locked, day(TODAY))
            self.assertEqual(set(group.mapped("state")), {"sent"})
            self.assertEqual(len(group.proof_ids), last - first)
            return asked

        queries(0, 1)  # what is read once a server
        self.assertEqual(queries(3, 9), queries(1, 3))

    def test_messages_are_postponed_but_those_that_left(self):
        notices = self.drafts()
        notices[0].action_send()
        wizard = self.env["account.dunning.postpone"].with_user(self.sender)
        wizard = wizard.create({"notice_ids": notices.ids})
        action = wizard.action_confirm()
        self.assertEqual(
            self.said(action),
            "Messages postponed: 2. Left out: 1 (sent or cancelled already).",
        )
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")
        self.assertEqual(notices.mapped("state").count("cancelled"), 2)

    def test_suspensions_end_but_those_that_follow_from_something(self):
        dispute = self.env["account.dunning.dispute"].create({"move_id": self.moves[0].id})
        by_hand = self.hold(self.partners[1])
        ended = self.hold(self.partners[2])
        ended.sudo()._release()
        holds = (dispute._get_holds() | by_hand | ended).with_user(self.biller)
        said = self.said(holds.action_release())
        self.assertRegex(said, r"^Suspensions ended: 1\. Left out: 2 \(.*Dispute.*ended already")
        self.assertFalse(dispute._get_holds().released_on)
        self.assertTrue(by_hand.released_on)

    def test_regimes_and_profiles_are_taken_where_there_are_none(self):
        partners = self.env["res.partner"].union(*self.partners).with_user(self.sender)
        partners[0].sudo().dunning_regime = "b2b"
        self.assertEqual(
            self.said(partners.action_confirm_dunning_regime()),
            "Legal regimes confirmed: 2. Left out: 1 (confirmed already).",
        )
        partners[0].sudo().dunning_profile = "strategic"
        self.assertEqual(
            self.said(partners.action_set_dunning_profile()),
            "Profiles taken: 2. Left out: 1 (had one already).",
        )

    def test_one_alone_answers_as_before(self):
        notices = self.drafts()
        self.assertIsNone(notices[0].action_confirm())
        with self.assertRaisesRegex(UserError, "to confirm"):
            notices[0].action_confirm()
        hold = self.hold(self.partners[0]).with_user(self.biller)
        self.assertIsNone(hold.action_release())
        with self.assertRaisesRegex(UserError, "already released"):
            hold.action_release()
