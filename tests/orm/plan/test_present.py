"""What the plan leaves out, after a look at what there is, would have found nothing."""

from unittest.mock import patch

from odoo import Command
from odoo.addons.account_dunning_fr.models.plan.query import PlanRow, Present, build
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestPresent(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.partner = cls.customer("Menuiserie Bihan", dunning_regime="b2b")
        cls.late = cls.invoice(cls.partner, 20, 480)
        cls.plan = cls.env["account.dunning.plan"]

    def look(self):
        """Return what is found to be there, once each step was left out that finds nothing.

        The plan of the customer alone, and that of all, say what they say where nothing is left
        out: the scope of a query as it is before anybody looked.
        """
        scope = self.plan._prepare_scope(self.company, self.partner)
        for partners in (self.partner, None):
            whole = self.plan._get_scope(self.company, partners)
            self.env.cr.execute(build(whole, day(TODAY)))
            wanted = sorted(PlanRow._make(row) for row in self.env.cr.fetchall())
            self.assertEqual(sorted(self.plan._simulate(self.company, partners=partners)), wanted)
        self.assert_sure_money(self.partner)
        return {name for name, there in scope["present"]._asdict().items() if there} - {"money"}

    def unknown(self, amount, **values):
        return self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": TODAY, "amount": amount, **values}
        )

    def test_where_there_is_nothing_all_is_left_out(self):
        self.assertEqual(self.look(), set())

    def test_without_a_look_all_may_be_there(self):
        scope = self.plan._get_scope(self.company, self.partner)
        self.assertEqual(scope["present"], Present(*[True] * len(Present._fields)))

    def test_who_owes_nothing_has_no_row(self):
        stranger = self.customer("Stranger")
        self.payment(stranger, 10)
        self.assertEqual(self.plan._simulate(self.company, partners=stranger), [])
        self.assertEqual(self.plan._get_credit_value(self.company, stranger), 10)

    def test_who_has_no_money_that_waits_is_looked_at_once(self):
        scope = self.plan._begin_scope(self.company, self.partner)
        self.assertEqual(self.count_queries(self.plan._read_sure_money, scope), 1)
        self.payment(self.partner, 10)
        [money] = self.assert_sure_money(self.partner)
        self.assertEqual((money["kind"], money["amount"]), ("credit", 10))

    def test_a_hold_is_found(self):
        self.hold(self.partner, reason="manual")
        self.assertEqual(self.look(), {"holds"})

    def test_a_part_on_hold_is_found(self):
        self.hold(self.partner, move_id=self.late.id, amount_held=100, reason="dispute")
        self.assertEqual(self.look(), {"holds", "parts"})

    def test_a_retention_of_guarantee_is_found(self):
        self.partner.dunning_regime = "b2g"
        self.late.dunning_retention = 24
        self.assertEqual(self.look(), {"parts"})

    def test_an_early_payment_discount_is_found(self):
        self.items(self.late).write(
            {"discount_date": TODAY, "discount_amount_currency": 470, "discount_balance": 470}
        )
        self.payment(self.partner, 470, date="2026-05-01")
        self.assertEqual(self.look(), {"discounts"})
        self.assert_stopped(self.late, "discount")

    def test_money_given_back_is_found_and_does_not_cover(self):
        self.payment(self.partner, 480)
        self.payment(self.partner, 480, payment_type="outbound")
        self.assertEqual(self.look(), {"outflows"})
        self.assertEqual(self.row(self.late).reason, "claimed")

    def test_a_line_that_leaves_the_bank_is_found(self):
        self.payment(self.partner, 480)
        self.statement(self.partner, -480)
        self.assertEqual(self.look(), {"bank_lines", "outflows"})

    def test_lines_of_the_bank_are_found(self):
        self.statement(self.partner, 30)
        self.unknown(450, partner_name=self.partner.name)
        self.assertEqual(self.look(), {"bank_lines"})
        self.assert_stopped(self.late, "possible")

    def test_a_payment_without_an_entry_is_found(self):
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        # With full accounting, Odoo writes no entry before the bank's line arrives.
        with patch.object(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda _move: "in_payment",
        ):
            payment = self.payment(self.partner, 480)
        self.assertEqual((payment.state, payment.move_id.id), ("in_process", False))
        self.assertEqual(self.look(), {"payments"})
        self.assert_stopped(self.late, "covered")
        payment.action_cancel()
        self.assertEqual(self.look(), set())
        self.assertEqual(self.row(self.late).reason, "claimed")

    def test_a_payment_online_is_found(self):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test"}
        )
        method = self.env["payment.method"].create({"name": "Card", "code": "present"})
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "present",
                "amount": 480,
                "currency_id": self.late.currency_id.id,
                "partner_id": self.partner.id,
                "invoice_ids": [Command.link(self.late.id)],
                "state": "pending",
            }
        )
        self.assertEqual(self.look(), {"online"})
        self.assert_stopped(self.late, "possible")

    def test_an_advance_is_found(self):
        advances = self.env["account.account"].create(
            {"code": "419100", "name": "Advances", "account_type": "liability_current"}
        )
        self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-05-01",
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": self.partner.id, "balance": sum_}
                    )
                    for account, sum_ in ((self.bank.default_account_id, 480), (advances, -480))
                ],
            }
        ).action_post()
        self.assertEqual(self.look(), {"advances"})
        self.assert_stopped(self.late, "possible")

    def test_what_was_set_aside_is_found(self):
        self.unknown(480, partner_name=self.partner.name)
        money = self.env["account.dunning.waiting.money"].search(
            [("partner_id", "=", self.partner.id)]
        )
        money.action_set_aside()
        self.assertEqual(self.look(), {"bank_lines", "set_aside"})
        self.assertEqual(self.row(self.late).reason, "claimed")

    def test_the_accounts_of_a_code_are_those_that_odoo_s_own_search_finds(self):
        accounts = self.env["account.account"]
        other = self.env["res.company"].create({"name": "Other creditor"})
        for code, company in (
            ("411799", self.company),
            ("411798", other),
            ("419150", self.company),
        ):
            kind = "liability_current" if code.startswith("419") else "asset_receivable"
            values = {"name": code, "account_type": kind, "reconcile": True}
            accounts.with_company(company).create(
                {**values, "code": code, "company_ids": [Command.set(company.ids)]}
            )
        accounts.with_company(self.company).search([("code", "=", "419150")]).active = False
        items = self.env["account.move.line"]
        for companies in (self.company, other, self.company + other):
            for prefixes in (("4117",), ("4191", "471", "472", "473"), ("41",), ("999999",)):
                with self.subTest(companies=companies.mapped("name"), prefixes=prefixes):
                    wanted = set()
                    for root in companies:
                        for prefix in prefixes:
                            known = accounts.with_company(root).with_context(active_test=False)
                            wanted |= set(
                                known.sudo().search([("code", "=like", f"{prefix}%")]).ids
                            )
                    found = items._get_dunning_coded_accounts(companies, *prefixes)
                    self.assertEqual(sorted(found.ids), sorted(wanted))

    def test_the_receivable_accounts_are_those_that_odoo_s_own_search_finds(self):
        other = self.env["res.company"].create({"name": "Other creditor"})
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        accounts = self.env["account.account"]
        for code, company, values in (
            ("411701", self.company, {}),
            ("411702", other, {}),
            ("411703", self.company, {"active": False}),
            ("467901", self.company, {"non_trade": True}),
        ):
            values |= {"name": code, "account_type": "asset_receivable", "reconcile": True}
            accounts.with_company(company).create(
                {**values, "code": code, "company_ids": [Command.set(company.ids)]}
            )
        items = self.env["account.move.line"]
        found = {}
        for companies in (self.company, other, branch, branch + other):
            with self.subTest(companies=companies.mapped("name")):
                wanted = items._get_dunning_accounts(companies).ids
                found[companies] = items._get_dunning_account_ids(companies)["account_ids"]
                self.assertEqual(found[companies], sorted(wanted))
        self.assertNotEqual(found[self.company], found[other])
        self.assertEqual(found[self.company], found[branch])
        trade = accounts.browse(found[self.company][0])
        trade.non_trade = True  # not written yet
        self.assertNotIn(trade.id, items._get_dunning_account_ids(branch)["account_ids"])
