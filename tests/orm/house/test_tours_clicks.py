"""The clicks that the gestures of every day take, counted in one real browser."""

from base64 import b64encode
from datetime import timedelta
from unittest.mock import patch

from odoo.addons.account_dunning_fr.models.case.account_dunning_case_gathering import Found
from odoo.tests import tagged

from ..case_common import CREDITOR, PrintedFast, pdf
from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestToursClicks(PrintedFast, TourCommon):
    """The page that is walked through counts, and fails above what a gesture may take."""

    groups = ("account_dunning_fr.group_dunning_manager", "base.group_partner_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account, journal = cls.env["account.account"], cls.env["account.journal"]
        income = account.create(
            {"code": "763100", "name": "Penalties", "account_type": "income_other"}
        )
        cls.company.write(
            {
                **CREDITOR,
                **{f"dunning_{name}_file": b64encode(pdf(name)) for name in ("terms", "creditor")},
                "dunning_bank_file": b64encode(pdf("bank")),
                "dunning_book_penalties": True,
                "dunning_post_penalties": True,
                "dunning_penalty_account_id": income.id,
                "dunning_journal_id": journal.create(
                    {"name": "Penalties", "code": "PEN", "type": "general"}
                ).id,
            }
        )
        plans = cls.env.ref("account_dunning_fr.group_use_plans")
        cls.collector.sudo().group_ids += plans
        cls.first.automatic = False
        cls.by_post = cls.new_policy((5, "reminder"))
        cls.by_post.level_ids.write(
            {"send_email": False, "send_letter": True, "automatic": True, "penalties": "none"}
        )

    # -- Who is met on the way ---------------------------------------------------------------------

    def late(self, name, days=10, amount=100, **values):
        """Return the invoice, overdue by so many days, of a customer of this name."""
        customer = self.customer(name, dunning_lang="en_US", dunning_regime="b2b", **values)
        return self.invoice(customer, self.today - timedelta(days=days), amount)

    def wait_for_today(self):
        """Prepare what waits on the page of the day: to confirm, to post, a formal notice."""
        notified = self.late("Formal notice", 60, 900)
        self.history(self.registered, self.today - timedelta(days=20), notified)
        confirmed = [self.late(f"Confirmed {number}") for number in (1, 2, 3)]
        posted = [
            self.late(f"Posted {number}", dunning_policy_id=self.by_post.id)
            for number in (1, 2, 3, 4)
        ]
        self.prepare()
        return notified, confirmed, posted

    def claim(self, name):
        """Return an invoice that nothing speaks against claiming in court, with its documents."""
        move = self.late(name, 60, 6000, zip="75008", city="Paris", company_registry="404833048")
        notice = self.history(
            self.formal_notice,
            self.today - timedelta(days=30),
            move,
            deadline=self.today - timedelta(days=15),
        )
        found = []
        for category in ("order", "delivery", "formal_notice"):
            file = self.env["ir.attachment"].create({"name": category, "raw": pdf(category)})
            proof = category == "formal_notice"
            found.append(
                Found(
                    f"test:{category}",
                    category,
                    category,
                    self.today,
                    file,
                    notice if proof else None,
                    proves_receipt=proof,
                )
            )
        legal = self.env["ir.attachment"].create(
            {"name": "invoice.pdf", "raw": pdf("i"), "res_model": move._name, "res_id": move.id}
        )
        legal.res_field = "invoice_pdf_report_file"
        case = type(self.env["account.dunning.case"])
        standing = case._find_standing_documents
        # What Sales, Inventory and the post office would give.
        self.startPatcher(
            patch.object(case, "_find_standing_documents", lambda files: standing(files) + found)
        )
        return move

    # -- The walk ----------------------------------------------------------------------------------

    def test_each_gesture_takes_no_more_clicks_than_it_may(self):
        notified, confirmed, posted = self.wait_for_today()
        owed = self.late("Penalised", 90, 5000)
        self.history(self.formal_notice, self.today - timedelta(days=40), owed)
        ways = ("customer", "invoice")
        chased = [self.late(f"Chase {way}") for way in ways]
        disputed = [self.late(f"Dispute {way}") for way in ways]
        planned = [self.late(f"Plan {way}") for way in ways]
        stated = [self.late(f"Statement {way}").partner_id for way in ways]
        for way in ways:
            self.hold(self.late(f"Why {way}").partner_id, reason="manual")
        claimed = self.claim("Injonction")
        with self.fast_print():
            self.walk("/odoo/customers", "clicks")
        self.env.invalidate_all()

        def messages(*moves):
            return moves[0].union(*moves).dunning_line_ids.notice_id

        formal = messages(notified).filtered(lambda notice: notice.level_id == self.formal_notice)
        self.assertEqual((formal.state, formal.posted_on), ("sent", self.today))
        self.assertEqual(set(messages(*confirmed).mapped("state")), {"ready"})
        self.assertEqual(messages(*posted).mapped("posted_on"), [self.today] * 4)
        self.assertTrue(self.env["account.dunning.penalty"].search([("move_id", "=", owed.id)]))
        self.assertEqual(messages(*chased).mapped("state"), ["sent"] * 2)
        self.assertEqual([move.dunning_dispute_ids.state for move in disputed], ["open"] * 2)
        for partner in stated:
            sent = self.env["account.dunning.sent.statement"].search(
                [("partner_id", "=", partner.id)]
            )
            self.assertEqual(len(sent), 1)
        for move in planned:
            plan = self.env["account.dunning.payment.plan"].search(
                [("partner_id", "=", move.partner_id.id)]
            )
            page = f"/my/payment-plans/{plan.id}?access_token="  # the history hides the rest
            self.assertIn(page, "".join(plan.message_ids.mapped("body")))
        self.assertTrue(claimed.dunning_case_id.sudo().dossier_id.raw.startswith(b"PK"))
