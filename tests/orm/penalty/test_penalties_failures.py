"""What goes wrong stays with its customer; companies, branches and locked periods."""

from unittest.mock import patch

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.account_dunning_fr.models.penalty import account_dunning_penalty_booking
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"


@tagged("post_install", "-at_install")
class TestPenaltiesFailures(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"  # in which the entries tell

    # -- One customer's problem --------------------------------------------------------------------

    def test_a_customer_whose_rates_are_missing_does_not_stop_the_others(self):
        old = self.customer("Old", dunning_regime="b2b")
        missing, fine = self.late("2012-10-31", 500, partner=old), self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        self.assertEqual(entry.line_ids.partner_id, self.partner)
        self.assertIn("07/01/2012", self.penalty(missing).problem)
        self.assertFalse(self.penalty(fine).problem)

    def test_a_customer_whose_account_is_refused_does_not_stop_the_others(self):
        other = self.customer("Other", dunning_regime="b2b")
        closed = self.account("411900", "asset_receivable", reconcile=True)
        other.property_account_receivable_id = closed
        refused, fine = self.late(MARCH, 500, partner=other), self.late(MARCH, 1000)
        closed.active = False
        result = self.Penalty._run(self.company, day("2026-05-31"))
        self.assertEqual(result["failed"], 1)
        self.assertEqual(result["entries"].line_ids.partner_id, self.partner)
        self.assertIn("411900", self.penalty(refused).problem)
        self.assertFalse(self.penalty(fine).problem)
        closed.active = True
        self.assertEqual(self.book("2026-05-31", force=False).line_ids.partner_id, other)
        self.assertFalse(self.penalty(refused).problem)

    def test_an_unexpected_error_is_kept_on_its_customer(self):
        other = self.customer("Other", dunning_regime="b2b")
        broken, fine = self.late(MARCH, 500, partner=other), self.late(MARCH, 1000)
        book = type(self.Penalty)._book

        def fail_for_other(penalties, until):
            if other in penalties.partner_id:
                raise ZeroDivisionError
            return book(penalties, until)

        self.patch(type(self.Penalty), "_book", fail_for_other)
        with self.assertLogs("odoo.addons.account_dunning_fr", "ERROR"):
            entry = self.book("2026-05-31")
        self.assertEqual(entry.line_ids.partner_id, self.partner)
        self.assertIn("Unexpected error", self.penalty(broken).problem)
        self.assertEqual(self.penalty(fine).booked_indemnity, 40)

    def test_customers_booked_together_are_tried_alone_once_one_fails(self):
        partners = [self.customer(f"Late {number}", dunning_regime="b2b") for number in range(3)]
        moves = [self.late(MARCH, 1000, partner=partner) for partner in partners]
        self.company.dunning_post_penalties = True
        tried, post = [], type(self.env["account.move"]).action_post

        def refuse(entries):
            tried.append(entries.partner_id)
            if partners[1] in entries.line_ids.partner_id:
                raise UserError("This customer cannot be posted.")
            return post(entries)

        self.patch(type(self.env["account.move"]), "action_post", refuse)
        self.book("2026-05-31")
        entries = [self.penalty(move).line_ids.move_id for move in moves]
        self.assertEqual([entry.state for entry in entries], ["posted", "draft", "posted"])
        self.assertEqual(len(tried), 4, "All of them together, then one by one.")
        self.assertIn("cannot be posted", self.penalty(moves[1]).problem)
        self.assertFalse(self.penalty(moves[0]).problem or self.penalty(moves[2]).problem)
        self.assertEqual({entry.line_ids.partner_id for entry in entries}, set(partners))

    def test_a_missing_journal_is_named_with_where_to_choose_it(self):
        invoice = self.late(MARCH, 1000)
        self.company.dunning_journal_id = False
        self.assertFalse(self.book("2026-05-31"))
        problem = self.penalty(invoice).problem
        self.assertIn("journal of penalties", problem)
        self.assertIn("Invoicing > Dunning > Settings", problem)
        booking = self.preview(self.penalty(invoice))
        self.assertIn("journal of penalties", booking.warning)
        with self.assert_refused(UserError, "journal of penalties"):
            booking.action_book()
        self.company.dunning_journal_id = self.pen
        self.assertTrue(self.book("2026-05-31"))
        self.assertFalse(self.penalty(invoice).problem)

    def test_a_missing_account_is_named_with_where_to_choose_it(self):
        invoice = self.late(MARCH, 1000)
        self.company.dunning_penalty_account_id = False
        self.assertFalse(self.book("2026-05-31"))
        self.assertIn("account of penalties", self.penalty(invoice).problem)

    def test_nothing_is_booked_before_the_regime_is_confirmed(self):
        unknown = self.customer("Unknown")
        invoice = self.late(MARCH, 1000, partner=unknown)
        self.assertFalse(self.book("2026-05-31"))
        self.assertIn("not confirmed", self.penalty(invoice).problem)
        unknown.dunning_regime = "b2b"
        self.assert_booked(self.book("2026-05-31"), ("interest", 20.31), ("indemnity", 40))

    def test_a_consumer_is_booked_the_legal_interest_alone(self):
        consumer = self.customer("Consumer", dunning_regime="b2c", is_company=False)
        invoice = self.invoice(consumer, MARCH, 1000)
        self.policy.transit_days = 3
        self.history(self.formal_notice, "2026-05-15", invoice)
        # 1 000 × 2.62 % × 43 / 365 = 3.0866
        self.assert_booked(self.book("2026-06-30"), ("interest", 3.09))

    # -- Locked periods ----------------------------------------------------------------------------

    def test_a_locked_period_books_on_its_first_open_day_and_says_so(self):
        self.late(MARCH, 1000)
        self.company.fiscalyear_lock_date = "2026-05-31"
        entry = self.book("2026-05-31")
        self.assertEqual((entry.date, entry.state), (day("2026-06-01"), "posted"))
        self.assert_booked(entry, ("interest", 20.31), ("indemnity", 40))
        said = " ".join(entry.message_ids.mapped("body"))
        self.assertIn("05/31/2026 is locked", said)
        self.assertIn("06/01/2026", said)

    def test_an_entry_is_never_posted_at_a_date_to_come_without_a_person(self):
        for number, lock in enumerate(
            ("fiscalyear_lock_date", "tax_lock_date", "hard_lock_date"), 1
        ):
            partner = self.customer(f"Locked {number}", dunning_regime="b2b")
            invoice = self.late(MARCH, 1000, partner=partner)
            with self.subTest(lock=lock):
                self.company[lock] = "2026-06-15"
                entry = self.book("2026-05-31", partners=partner)
                if lock == "tax_lock_date":  # no tax is on these entries: it does not lock them
                    self.assertEqual((entry.date, entry.state), (day("2026-05-31"), "posted"))
                    continue
                self.assertEqual((entry.date, entry.state), (day("2026-06-16"), "draft"))
                said = " ".join(entry.message_ids.mapped("body"))
                self.assertIn("06/16/2026 and has not come", said)
                self.assertIn("has not come", self.penalty(invoice).problem)
                if lock != "hard_lock_date":
                    self.company[lock] = False

    # -- Other modules that refuse -----------------------------------------------------------------

    def refusing(self, error):
        """Refuse the posting of penalties as another module does; None: it answers a dialog."""
        post = type(self.env["account.move"])._post

        def _post(moves, soft=True):
            if moves.line_ids.dunning_penalty_id:
                if error is None:
                    return moves.browse()
                raise error
            return post(moves, soft)

        return patch.object(type(self.env["account.move"]), "_post", _post)

    def test_what_another_module_refuses_to_post_stays_a_draft_and_says_so(self):
        for error, said in (
            (UserError("Validation needed"), "draft, it was not posted: Validation needed"),
            (ValidationError("The axis Departments is mandatory"), "posted: The axis Departments"),
            (AccessError("Only the chief accountant posts"), "posted: Only the chief"),
            (
                RedirectWarning("A journal is missing", 1, "Go there"),
                "posted: A journal is missing",
            ),
            (None, "another module asks for something first"),
        ):
            with self.subTest(said=said):
                partner = self.customer(said, dunning_regime="b2b")
                invoice = self.late(MARCH, 1000, partner=partner)
                with self.refusing(error):
                    entry = self.book("2026-05-31", partners=partner)
                self.assertEqual(entry.state, "draft")
                self.assert_booked(entry, ("interest", 20.31), ("indemnity", 40))
                self.assertIn(said, " ".join(entry.message_ids.mapped("body")))
                self.assertIn(said, self.penalty(invoice).problem)
                self.assertFalse(self.book("2026-05-31", partners=partner))  # nothing twice

    def test_a_draft_that_was_refused_is_posted_by_hand(self):
        invoice = self.late(MARCH, 1000)
        with self.refusing(UserError("Validation needed")):
            entry = self.book("2026-05-31")
        entry.action_post()
        self.assertEqual(entry.state, "posted")
        self.assertEqual(self.penalty(invoice).booked_interest, 20.31)

    # -- The scheduled action ----------------------------------------------------------------------

    def test_the_scheduled_action_books_where_it_is_switched_on_and_nowhere_else(self):
        self.late(MARCH, 1000)
        self.company.dunning_book_penalties = False
        with self.on("2026-06-01"):
            self.run_cron("penalties")
            self.assertFalse(self.Penalty.search([("partner_id", "=", self.partner.id)]))
            self.company.dunning_book_penalties = True
            self.run_cron("penalties")
        penalty = self.Penalty.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(penalty.booked_interest, 20.64)  # 62 days: 20.6384

    def second_creditor(self, amount, **values):
        """Create another creditor with a customer who is late; return his invoice.

        :param values: further values of the creditor
        """
        other = self.setup_other_company(name="Second", company_registry="130005481")
        second = other["company"]
        second.write(
            {
                "dunning_policy_id": self.policy.id,
                "dunning_journal_id": other["default_journal_misc"].id,
                "dunning_penalty_account_id": other["default_account_revenue"].id,
                **values,
            }
        )
        line = {"name": "Service", "price_unit": amount, "tax_ids": []}
        line["account_id"] = other["default_account_revenue"].id
        return self.late(
            MARCH,
            amount,
            company_id=second.id,
            journal_id=other["default_journal_sale"].id,
            invoice_line_ids=[(0, 0, line)],
        )

    def test_a_creditor_that_takes_all_the_time_does_not_keep_the_others_waiting(self):
        theirs = self.second_creditor(
            2000, dunning_book_penalties=True, dunning_post_penalties=True
        )
        failing = self.customer("Failing", dunning_regime="b2b")
        names = ("Menuiserie A", "Menuiserie B", "Menuiserie C")
        partners = [self.customer(name, dunning_regime="b2b") for name in names]
        moves = [self.late(MARCH, 1000, partner=partner) for partner in [failing, *partners]]
        commit = type(self.env["ir.cron"])._commit_progress
        book = type(self.Penalty)._book

        steps = iter(range(60))

        def hurry(cron, processed=0, **kwargs):
            left = commit(cron, processed, **kwargs)
            self.assertIsNotNone(next(steps, None), "It never comes to an end.")
            return 0 if processed else left  # the time is up after each customer

        def refuse(penalties, until):
            if failing in penalties.partner_id:
                raise UserError("This customer cannot be booked.")
            return book(penalties, until)

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", hurry),
            patch.object(type(self.Penalty), "_book", refuse),
            patch.object(account_dunning_penalty_booking, "BOOKED_TOGETHER", 1),
            self.on("2026-06-01"),
        ):
            self.run_cron("penalties")
        booked = [self.penalty(move).line_ids.move_id for move in (*moves, theirs)]
        self.assertEqual([len(entry) for entry in booked], [0, 1, 1, 1, 1])
        self.assertLess(booked[-1].id, booked[-2].id, "The other creditor waited for the first.")
        run = self.env["account.dunning.run"].search([("kind", "=", "penalties")])
        self.assertEqual((len(run), run.state, run.failed), (1, "done", 1))

    def test_each_company_books_its_own_invoices_in_its_own_journal(self):
        mine = self.late(MARCH, 1000)
        theirs = self.second_creditor(2000)
        second = theirs.company_id
        entry = self.book("2026-05-31")
        self.assertEqual((entry.company_id, entry.journal_id), (self.company, self.pen))
        self.assert_booked(entry, ("interest", 20.31), ("indemnity", 40))
        entry = self.book("2026-05-31", company=second)
        self.assertEqual(entry.company_id, second)
        self.assert_booked(entry, ("interest", 40.61), ("indemnity", 40))
        user = self.new_user("other", "account_dunning_fr.group_dunning_manager", company=second)
        Penalty = self.Penalty.with_user(user)
        self.assertEqual(Penalty.search([]).move_id, theirs)
        with self.assertRaises(AccessError):
            self.penalty(mine).with_user(user).read(["interest"])
        with self.assertRaises(AccessError):
            self.penalty(mine).with_user(user)._waive("Gesture")
        with self.assertRaises(AccessError):
            self.penalty(mine).with_user(user).action_book()

    def test_a_branch_without_a_siren_is_booked_by_its_creditor(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.cr.precommit.run()  # Odoo gives a branch its accounts at the end of the transaction
        self.env.user.company_ids |= branch
        invoice = self.late(MARCH, 1000, company_id=branch.id)
        entry = self.book("2026-05-31")
        self.assertEqual((entry.company_id, entry.journal_id), (self.company, self.pen))
        self.assertEqual(self.penalty(invoice).company_id, self.company)
        self.assert_booked(entry, ("interest", 20.31), ("indemnity", 40))


@tagged("post_install", "-at_install")
class TestFrenchChart(AccountTestInvoicingCommon):
    chart_template = "fr"
    country_code = "FR"

    def test_a_company_with_the_french_chart_receives_its_journal_and_its_account(self):
        company = self.company_data["company"]
        self.assertEqual(company.dunning_journal_id.code, "PEN")
        self.assertEqual(company.dunning_journal_id.type, "general")
        account = company.dunning_penalty_account_id.with_company(company)
        self.assertEqual(account.code, "763100")
        receivable = self.partner_a.with_company(company).property_account_receivable_id
        self.assertEqual(receivable.with_company(company).code[:3], "411")
        company._create_dunning_journals()
        journals = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("code", "=", "PEN")]
        )
        self.assertEqual(len(journals), 1)
