"""What is estimated, rated, proposed and compared has the decimals of the company's currency."""

from base64 import b64encode
from decimal import Decimal

from odoo.addons.account_dunning_fr.models.risk import risk_facts
from odoo.tests import tagged

from ..dashboard_common import DashboardCommon
from ..dunning_common import TODAY, DunningCommon, day
from ..loss_common import LossCommon


@tagged("post_install", "-at_install")
class TestThreeDecimals(DashboardCommon, DunningCommon):
    """A creditor in dinars: 1.000 is made of a thousand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.setup_other_currency("TND", rounding=0.001)
        cls.company.partner_id.dunning_lang = "en_US"
        cls.dashboard = cls.env["account.dunning.dashboard"]
        cls.partner = cls.customer("Tunis", dunning_regime="b2b", dunning_lang="en_US")

    def test_the_instalments_that_are_expected(self):
        move = self.invoice(self.partner, 30, 100.123)
        plan = self.env["account.dunning.payment.plan"].create(
            {
                "partner_id": self.partner.id,
                "item_ids": self.items(move).ids,
                "first_date": "2026-06-10",
                "count": 3,
                "signed_on": TODAY,
                "signer": "The manager",
            }
        )
        plan.action_start()
        weeks = self.data()["forecast"]["weeks"]
        found = [weeks[week]["usual"] for week in (1, 5, 10)]
        self.assertEqual(found, plan.line_ids.mapped("amount"))
        self.assertEqual(round(sum(found), 6), 100.123)

    def test_what_comes_in(self):
        for month in ("01", "02", "03", "04"):
            for amount in (10.001, 20.002, 30.003):
                paid = self.invoice(self.partner, f"2026-{month}-10", amount)
                with self.on(f"2026-{month}-20"):
                    self.pay(paid)
        self.invoice(self.partner, "2026-05-29", 100.127)
        outlook = self.env["account.dunning.outlook"]
        behaviour = outlook._read_behaviour(self.dashboard._get_scope({}), day(TODAY))
        self.assertEqual(behaviour.range_between(0, 30).high, Decimal("100.127"))

    def test_what_is_owed_and_its_limit(self):
        self.invoice(self.partner, 30, 100.126)
        [facts] = risk_facts.gather(self.env, self.company, day(TODAY), self.partner.ids).values()
        self.assertEqual(facts.used, Decimal("100.126"))
        risks = self.env["account.dunning.risk"].sudo()
        rating = risks.create({"company_id": self.company.id, "partner_id": self.partner.id})
        manager = self.new_user("limits", "account_dunning_fr.group_dunning_manager")
        rating.with_user(manager).limit_granted = 100.125
        vals = rating._prepare_rating(facts, day(TODAY))
        self.assertEqual(vals["used"], 100.126)
        self.assertIn("limit", [reason for reason, *_values in vals["reasons"]])

    def test_what_is_claimed_at_a_level_of_ones_choice(self):
        self.invoice(self.partner, 60, 100.127)
        notice = self.chased(
            self.env["account.move"].search([("partner_id", "=", self.partner.id)]),
            choice="level",
            level_id=self.firm.id,
        )
        self.assertEqual(notice.line_ids.mapped("amount_due_company"), [100.127])

    def test_the_sums_of_a_list_of_the_factor(self):
        move = self.invoice(self.partner, 30, 100.127)
        factor = self.customer("Factor", dunning_lang="en_US")
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "FR1420041010050500013M02606", "partner_id": factor.id}
        )
        head = "Quittance;Date;Facture;Montant;Définancée le\n"
        for amount, refused in (("100,124", True), ("100,127", False)):
            text = f"{head}Q1;01/06/2026;{move.name};{amount};"
            dialog = self.env["account.dunning.assignment.import"].create(
                {
                    "file": b64encode(text.encode("utf-8-sig")),
                    "holder_id": factor.id,
                    "bank_id": bank.id,
                }
            )
            dialog.action_import()
            self.assertEqual("not that of the invoice" in (dialog.problems or ""), refused)


@tagged("post_install", "-at_install")
class TestNoDecimals(LossCommon):
    """A creditor in francs of the Pacific, which have no hundredth."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.setup_other_currency("XPF", rounding=1.0)
        cls.partner = cls.customer("Nouméa", dunning_regime="b2b")
        cls.move = cls.bill(cls.partner, "2026-02-28", (100001, cls.normal))

    def test_a_depreciation(self):
        record = self.close("2026-05-31", self.partner)
        self.assertEqual((record.base, record.vat), (100001, 20000))
        record.write({"treatment": "provision", "rate": 50})
        self.assertEqual(record.wanted, 50001)  # 50,000.50, half up
        self.book(record)
        self.assertEqual(self.balance("491", self.partner), -50001)

    def test_the_vat_that_is_due_again(self):
        self.env["account.dunning.insolvency"].create(
            {"partner_id": self.partner.id, "kind": "liquidation", "date_opening": "2026-05-04"}
        )
        self.close("2026-05-31", self.partner)
        record = self.env["account.dunning.vat.relief"].search(
            [("partner_id", "=", self.partner.id)]
        )
        record.action_issue()
        record.write({"sent_by": "registered", "sent_on": TODAY, "sent_number": "1A 1"})
        record.action_sent()
        self.book(self.close("2026-05-31", self.partner))
        record.action_book()
        self.pay_on(TODAY, self.move, 33333)
        # 20,000 × 33,333 / 120,001 = 5,555.45
        self.assertEqual(record.due_again, 5555)
        record.action_book()
        self.assertEqual((record.due_again, record.repaid), (0, 5555))
