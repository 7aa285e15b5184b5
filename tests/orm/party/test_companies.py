"""Currencies, branches, and customers that are merged."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestCompanies(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer()
        cls.dollar = cls.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        cls.euro = cls.company.currency_id

    # -- Two currencies ----------------------------------------------------------------------------

    def test_one_message_bears_a_section_for_each_currency(self):
        euros = self.invoice(self.partner, 12, 100)
        dollars = self.invoice(self.partner, 10, 250, currency_id=self.dollar.id)
        more = self.invoice(self.partner, 8, 125, currency_id=self.dollar.id)
        notice = self.send(self.partner)
        sections = {
            section["currency"]: (section["total"], section["claimed"].move_id)
            for section in notice._get_sections()
        }
        self.assertEqual(sections, {self.euro: (100, euros), self.dollar: (375, dollars | more)})

    def test_the_total_is_in_the_company_s_currency(self):
        self.invoice(self.partner, 12, 100)
        self.invoice(self.partner, 10, 250, currency_id=self.dollar.id)
        notice = self.draft(self.partner)
        self.assertEqual(notice.amount_total, 300)
        self.assertEqual(sorted(notice.line_ids.mapped("amount_due_company")), [100, 200])

    def test_a_credit_in_a_currency_reduces_that_section_only(self):
        self.invoice(self.partner, 12, 100)
        self.invoice(self.partner, 10, 250, currency_id=self.dollar.id)
        self.credit_note(self.partner, 50, currency_id=self.dollar.id)
        notice = self.draft(self.partner)
        totals = {section["currency"]: section["total"] for section in notice._get_sections()}
        self.assertEqual(totals, {self.euro: 100, self.dollar: 200})
        self.assertEqual(notice.amount_total, 260)

    def test_a_total_in_two_currencies_has_no_transfer_code(self):
        self.invoice(self.partner, 12, 100)
        notice = self.draft(self.partner)
        self.assertTrue(notice._get_qr_code())
        self.invoice(self.partner, 10, 250, currency_id=self.dollar.id)
        self.prepare()
        self.assertFalse(notice._get_qr_code())

    # -- Creditors ---------------------------------------------------------------------------------

    def test_who_is_in_france_speaks_french_whatever_odoo_says_of_his_contact(self):
        """Odoo gives the contact of a new company the language in which its database was made."""
        self.env["res.lang"]._activate_lang("fr_FR")
        company = self.env["res.company"].create({"name": "Creditor"})
        company.partner_id.lang = "en_US"
        promise = self.env["account.dunning.promise"].new({"company_id": company.id})
        for code, lang in (("FR", "fr_FR"), ("RE", "fr_FR"), (False, "fr_FR"), ("BE", "en_US")):
            with self.subTest(country=code):
                country = self.env["res.country"].search([("code", "=", code)], limit=1)
                company.country_id = country
                self.assertEqual(company.partner_id._get_dunning_lang(), lang)
                self.assertEqual(promise._in_dunning_lang().env.lang, lang)

    def branch(self, **values):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,  # else its accounts make it American
                "email": "branch@creancier.example",
                "dunning_active": True,
                **values,
            }
        )
        self.cr.precommit.run()  # Odoo gives a branch its accounts at the end of the transaction
        self.env.user.company_ids |= branch
        return branch

    def test_a_branch_without_a_siren_is_represented_by_its_parent(self):
        branch = self.branch()
        self.assertEqual(branch.dunning_creditor_id, self.company)
        own = self.invoice(self.partner, 12)
        of_branch = self.invoice(self.partner, 10, company_id=branch.id)
        notice = self.draft(self.partner)
        self.assertEqual(notice.company_id, self.company)
        self.assertEqual(notice.move_ids, own | of_branch)
        self.assertEqual(self.chase(of_branch).action_prepare()["res_id"], notice.id)
        self.run_cron("send")
        self.assertEqual((notice.state, notice.amount_total), ("sent", 200))
        self.assertFalse(self.Notice.search([("company_id", "=", branch.id)]))

    def test_a_branch_with_a_siren_is_its_own_creditor(self):
        branch = self.branch(company_registry="130005481")
        self.assertEqual(branch.dunning_creditor_id, branch)
        own = self.invoice(self.partner, 12)
        of_branch = self.invoice(self.partner, 10, company_id=branch.id)
        self.run_day()
        notices = self.Notice.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(
            {notice.company_id: (notice.state, notice.move_ids) for notice in notices},
            {self.company: ("sent", own), branch: ("sent", of_branch)},
        )
        of_branch_notice = notices.filtered(lambda notice: notice.company_id == branch)
        self.assertIn("branch@creancier.example", of_branch_notice.mail_id.email_from)

    def test_a_branch_of_a_branch_goes_up_to_the_nearest_siren(self):
        middle = self.branch(company_registry="130005481")
        low = self.branch(name="Low", parent_id=middle.id)
        self.assertEqual(low.dunning_creditor_id, middle)
        self.assertEqual(middle._get_dunning_companies(), middle | low)
        self.assertEqual(self.company._get_dunning_companies(), self.company)

    def test_each_creditor_has_its_own_interval_and_policy(self):
        branch = self.branch(company_registry="130005481")
        branch.dunning_policy_id = self.new_policy((3, "reminder"))
        self.invoice(self.partner, 12)
        self.send(self.partner)
        of_branch = self.invoice(self.partner, 3, company_id=branch.id)
        self.env["account.dunning.notice.draft"]._follow_plan(branch)
        notice = self.Notice.search([("company_id", "=", branch.id)])
        self.assertEqual(notice.move_ids, of_branch)
        self.assertEqual(notice.level_id, branch.dunning_policy_id.level_ids)

    def test_what_is_agreed_is_about_what_its_creditor_is_owed(self):
        """A hold in another's name stops nothing, a file would claim what nobody owes him."""
        branch = self.branch(company_registry="130005481")
        move = self.invoice(self.partner, 10, company_id=branch.id)
        items = [Command.set(self.items(move).ids)]
        env = self.env(su=True)
        for model, vals in (
            ("account.dunning.hold", {"move_id": move.id}),
            ("account.dunning.dispute", {"move_id": move.id}),
            ("account.dunning.promise", {"item_ids": items, "amount": 50}),
            ("account.dunning.payment.plan", {"item_ids": items}),
            (
                "account.dunning.case",
                {"item_ids": [Command.create({"move_line_id": self.items(move).id})]},
            ),
        ):
            vals |= {"partner_id": self.partner.id}
            with self.subTest(model):
                refused = self.assertRaisesRegex(ValidationError, "is owed to Branch")
                with refused, self.cr.savepoint():
                    env[model].create({**vals, "company_id": self.company.id})
                record = env[model].create({**vals, "company_id": branch.id})
                with self.assertRaisesRegex(ValidationError, "is owed to Branch"):
                    record.company_id = self.company

    def opened_for(self, action):
        """Return the creditor that an action proposes: in its form, or on what it opened."""
        if action.get("res_id"):
            return self.env[action["res_model"]].browse(action["res_id"]).company_id
        return self.env["res.company"].browse(action["context"]["default_company_id"])

    def test_what_is_begun_from_an_invoice_is_in_the_name_of_its_creditor(self):
        """Not of the creditor of the moment, to whom nobody owes it."""
        branch = self.branch(company_registry="130005481")
        move = self.invoice(self.partner, 10, company_id=branch.id)
        self.invoice(self.partner, 10)
        self.assertEqual(move.env.company, self.company)
        for name in ("promise", "payment_plan", "dispute", "hold", "call", "statement"):
            with self.subTest(name):
                action = getattr(move, f"action_dunning_{name}")()
                self.assertEqual(self.opened_for(action), branch)
        for name in ("promise", "payment_plan"):
            with self.subTest(f"{name}, to its end"):
                action = getattr(move, f"action_dunning_{name}")()
                records = self.env[action["res_model"]].with_context(**action["context"])
                agreement = Form(records).save()
                self.assertEqual((agreement.company_id, agreement.item_ids.move_id), (branch, move))
        self.assertEqual(self.opened_for(move.action_prepare_dunning_case()), branch)

    def test_what_is_begun_from_a_customer_is_in_the_name_of_the_one_creditor_whom_he_owes(self):
        branch = self.branch(company_registry="130005481")
        self.invoice(self.partner, 10, company_id=branch.id)
        names = ("promise", "payment_plan", "dispute", "insolvency", "hold", "call")
        both = self.partner.with_context(allowed_company_ids=(self.company + branch).ids)
        for name in names:
            with self.subTest(name):
                action = getattr(both, f"action_dunning_{name}")
                self.assertEqual(self.opened_for(action()), branch)
        self.assertEqual(self.opened_for(both.action_prepare_dunning_case()), branch)
        alone = self.partner.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(self.opened_for(alone.action_dunning_promise()), self.company)
        self.invoice(self.partner, 10)
        for name in names:
            with self.subTest(f"{name}, owing both"):
                self.assertEqual(
                    self.opened_for(getattr(both, f"action_dunning_{name}")()), self.company
                )

    def test_nothing_is_agreed_about_invoices_of_two_creditors_or_customers(self):
        branch = self.branch(company_registry="130005481")
        own = self.invoice(self.partner, 10)
        others = {
            "creditors": self.invoice(self.partner, 10, company_id=branch.id),
            "customers": self.invoice(self.customer("Other"), 10),
        }
        for of_whom, other in others.items():
            for name in ("promise", "payment_plan"):
                with self.subTest(name, of=of_whom), self.assert_refused(UserError, "one customer"):
                    getattr(own + other, f"action_dunning_{name}")()

    def test_the_creditor_of_a_hold_and_of_a_dispute_is_who_claims_the_invoice(self):
        branch = self.branch(company_registry="130005481")
        low = self.branch(name="Low", parent_id=branch.id)
        move = self.invoice(self.partner, 10, company_id=low.id)
        env = self.env(su=True)
        self.assertEqual(env.company, self.company)
        for model in ("account.dunning.hold", "account.dunning.dispute"):
            with self.subTest(model):
                self.assertEqual(env[model].new({}).company_id, self.company)
                record = env[model].create({"move_id": move.id})
                self.assertEqual((record.company_id, record.partner_id), (branch, self.partner))
                record = env[model].new({"move_id": self.invoice(self.partner, 10).id})
                self.assertEqual(record.company_id, self.company)
        customers = env["account.dunning.hold"].create({"partner_id": self.partner.id})
        self.assertEqual(customers.company_id, self.company)

    def test_an_invoice_of_a_branch_without_a_siren_is_held_in_its_parent_s_name(self):
        move = self.invoice(self.partner, 10, company_id=self.branch().id)
        self.hold(move_id=move.id)
        self.prepare()
        self.assertFalse(self.Notice.search([("partner_id", "=", self.partner.id)]))

    # -- Merged customers --------------------------------------------------------------------------

    def merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((source | target).ids, target)
        self.env.invalidate_all()

    def test_merging_two_customers_folds_their_drafts_and_keeps_what_was_sent(self):
        source, target = self.customer("Source"), self.customer("Target")
        old = self.invoice(source, 40)
        sent = self.send(source)
        drafted = self.invoice(target, 10)
        with self.on("2026-06-10"):
            self.prepare()
            folded = self.live(source) | self.live(target)
            self.assertEqual(len(folded), 2)
            self.merge(source, target)
            self.assertEqual(set(folded.mapped("state")), {"cancelled"})
            self.assertEqual(set(folded.line_ids.mapped("drop_reason")), {"merged"})
            self.assertEqual(
                (sent.state, sent.partner_id, sent.partner_name, sent.amount_total),
                ("sent", target, "Source", 100),
            )
            self.assertEqual(sent.line_ids.move_line_id, self.items(old))
            self.prepare()
            notice = self.live(target)
            self.assertEqual(len(notice), 1)
            self.assertEqual(
                self.lines_of(notice), [(old, True, self.firm), (drafted, True, self.first)]
            )

    def test_after_a_merge_the_interval_counts_the_messages_of_both(self):
        source, target = self.customer("Source"), self.customer("Target")
        self.invoice(source, 10)
        self.send(source)
        move = self.invoice(target, 5)
        self.merge(source, target)
        self.assertEqual(self.row(move).next_date, day("2026-06-08"))

    def test_the_holds_of_a_merged_customer_follow_it(self):
        source, target = self.customer("Source"), self.customer("Target")
        self.hold(source)
        move = self.invoice(target, 10)
        self.merge(source, target)
        self.assert_stopped(move, "hold")

    def test_a_customer_moved_under_another_is_chased_with_it(self):
        child, parent = self.customer("Child", is_company=False), self.customer("Parent")
        moves = self.invoice(child, 12) | self.invoice(parent, 10)
        self.prepare()
        own = self.live(child)
        child.parent_id = parent
        self.prepare()
        self.assertEqual(own.state, "cancelled")
        self.assertEqual(self.live(parent).move_ids, moves)
