"""The level rule: which level an item reaches, and when."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestLevels(DunningCommon):
    def level_on(self, text, move):
        """Return the level that an invoice would take on a day."""
        rows = self.plan._simulate(self.company, today=day(text))
        (row,) = [row for row in rows if row.move_id == move.id]
        return self.env["account.dunning.level"].browse(row.take_level_id)

    def climb(self, move, until):
        """Send what is due day after day, and return ``[(day, level)]``."""
        steps, today = [], day(TODAY)
        while today <= day(until):
            text = str(today)
            if self.level_on(text, move):
                steps.append((text, self.send_on(text, move.partner_id).level_id))
            today += timedelta(days=1)
        return steps

    # -- One step at a time ------------------------------------------------------------------------

    def test_a_backlog_of_400_days_climbs_one_step_at_a_time(self):
        move = self.invoice(self.customer(), 400)
        self.assertEqual(
            self.climb(move, until="2026-07-31"),
            [
                ("2026-06-01", self.first),  # printed deadline: 9 June
                # 8 days and 2 in the post: Saturday 20 June, so Monday 22 June
                ("2026-06-10", self.firm),
                ("2026-06-23", self.registered),  # Friday 3 July
                ("2026-07-04", self.formal_notice),
            ],
        )
        self.assertEqual(self.row(move).reason, "finished")

    def test_a_policy_that_starts_with_a_formal_notice_is_obeyed(self):
        strict = self.new_policy((10, "formal_notice"))
        move = self.invoice(self.customer(dunning_policy_id=strict.id), 10)
        self.assertEqual(self.level_on(TODAY, move), strict.level_ids)

    def test_a_level_is_reached_on_its_day_and_not_before(self):
        move = self.invoice(self.customer(), "2026-06-01")
        self.assertFalse(self.level_on("2026-06-05", move))
        self.assertEqual(self.level_on("2026-06-06", move), self.first)
        self.assert_next(move, self.courtesy, "2026-05-27")

    def test_an_archived_level_is_not_reached(self):
        other = self.policy.copy()
        other.level_ids.filtered(lambda level: level.days == 5).active = False
        move = self.invoice(self.customer(dunning_policy_id=other.id), 20)
        self.assertEqual(self.level_on(TODAY, move).days, 15)

    # -- Courtesy ----------------------------------------------------------------------------------

    def test_a_courtesy_leaves_from_five_days_before_the_due_date_to_the_due_date(self):
        move = self.invoice(self.customer(), "2026-06-10")
        self.assertFalse(self.level_on("2026-06-04", move))
        self.assertEqual(self.level_on("2026-06-05", move), self.courtesy)
        self.assertEqual(self.level_on("2026-06-10", move), self.courtesy)

    def test_a_courtesy_is_skipped_once_the_item_is_past_due(self):
        move = self.invoice(self.customer(), "2026-05-31")
        self.assertFalse(self.level_on(TODAY, move))
        self.assert_next(move, self.first, "2026-06-05")

    def test_an_item_that_received_a_courtesy_goes_on_with_the_first_reminder(self):
        move = self.invoice(self.customer(), "2026-06-02")
        self.assertEqual(self.send(move.partner_id).level_id, self.courtesy)
        self.assert_next(move, self.first, "2026-06-07")

    # -- The interval ------------------------------------------------------------------------------

    def test_the_interval_counts_over_all_currencies_of_the_customer(self):
        customer = self.customer()
        dollars = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        self.invoice(customer, 5, currency_id=dollars.id)
        euros = self.invoice(customer, 2)
        self.assert_next(euros, self.first, "2026-06-04")
        self.send(customer)
        self.assert_next(euros, self.first, "2026-06-08")

    def test_the_interval_is_the_policy_s(self):
        slow = self.policy.copy({"min_interval": 20})
        customer = self.customer(dunning_policy_id=slow.id)
        self.invoice(customer, 5)
        other = self.invoice(customer, 2)
        self.send(customer)
        self.assertEqual(self.row(other).next_date, day("2026-06-21"))

    def test_the_interval_of_one_customer_does_not_hold_up_another(self):
        self.send(self.invoice(self.customer("One"), 5).partner_id)
        other = self.invoice(self.customer("Other"), 2)
        self.assert_next(other, self.first, "2026-06-04")

    def test_a_courtesy_does_not_count_in_the_interval(self):
        customer = self.customer()
        self.invoice(customer, "2026-06-05")
        other = self.invoice(customer, 3)
        self.assertEqual(self.send(customer).level_id, self.courtesy)
        self.assert_next(other, self.first, "2026-06-03")

    def test_a_courtesy_waits_for_the_interval_after_a_reminder(self):
        customer = self.customer()
        self.invoice(customer, 5)
        coming = self.invoice(customer, "2026-06-09")
        self.send(customer)
        self.assert_next(coming, self.courtesy, "2026-06-08")

    # -- The printed deadline ----------------------------------------------------------------------

    def test_the_printed_deadline_must_have_expired(self):
        move = self.invoice(self.customer(), 30)
        notice = self.send(move.partner_id)
        self.assertEqual(notice.deadline, day("2026-06-09"))
        self.assertFalse(self.level_on("2026-06-09", move))
        self.assertEqual(self.level_on("2026-06-10", move), self.firm)

    def test_a_later_notice_that_claims_again_does_not_push_the_deadline_back(self):
        customer = self.customer()
        old = self.invoice(customer, 30)
        self.send(customer)  # first reminder, deadline 9 June
        young = self.invoice(customer, "2026-06-03")
        notice = self.send_on("2026-06-08", customer)  # claims both, deadline 16 June
        self.assertEqual(
            self.lines_of(notice),
            [(old, True, self.env["account.dunning.level"]), (young, True, self.first)],
        )
        self.assertEqual(notice.deadline, day("2026-06-16"))
        self.assert_next(old, self.firm, "2026-06-15")  # seven days after the last message
        self.assert_next(young, self.firm, "2026-06-18")

    # -- Start level -------------------------------------------------------------------------------

    def test_an_item_starts_from_the_level_it_had_elsewhere(self):
        move = self.invoice(self.customer(), 60)
        self.start(self.firm, move)
        self.assertEqual(self.items(move).dunning_level_id, self.firm)
        self.assertEqual(self.level_on(TODAY, move), self.registered)

    def test_a_start_level_below_the_level_taken_changes_nothing(self):
        move = self.invoice(self.customer(), 60)
        self.history(self.firm, "2026-05-01", move, deadline="2026-06-20")
        self.start(self.first, move)
        self.assert_next(move, self.registered, "2026-06-21")

    def test_a_start_level_above_a_reminder_is_refused(self):
        item = self.items(self.invoice(self.customer(), 60))
        for level in (self.registered, self.formal_notice):
            with self.subTest(level=level.kind), self.assertRaises(ValidationError):
                item.write({"dunning_start_level_id": level.id, "dunning_start_reason": "Known"})

    # -- A new cycle -------------------------------------------------------------------------------

    def test_a_payment_undone_opens_a_new_cycle_from_the_old_due_date(self):
        customer = self.customer()
        move = self.invoice(customer, 40)
        self.history(self.first, "2026-05-01", move, deadline="2026-05-09")
        self.history(self.firm, "2026-05-15", move, deadline="2026-05-25")
        payment = self.pay(move)
        payment.action_draft()
        payment.action_cancel()
        item = self.items(move)
        self.assertEqual((item.dunning_cycle, item.dunning_level_id.id), (1, False))
        self.assert_next(move, self.first, "2026-05-22")
        self.assertEqual(self.send(customer).line_ids.level_id, self.first)

    def test_a_direct_debit_returned_by_the_bank_opens_a_new_cycle(self):
        move = self.invoice(self.customer(), 40)
        self.history(self.firm, "2026-05-15", move)
        item = self.items(move)
        debit = self.payment(move.partner_id, 100)
        (item | self.items(debit.move_id)).reconcile()
        self.assertTrue(item.reconciled)
        item.remove_move_reconcile()
        # Taken off, the money is still there: it may be set against another invoice.
        self.assertEqual((item.dunning_cycle, item.dunning_level_id), (0, self.firm))
        debit.action_draft()
        self.assertEqual((item.dunning_cycle, item.dunning_level_id.id), (1, False))

    def test_a_partial_payment_undone_leaves_the_cycle(self):
        move = self.invoice(self.customer(), 40)
        self.history(self.first, "2026-05-01", move)
        self.pay(move, 30)
        item = self.items(move)
        item.remove_move_reconcile()
        self.assertEqual((item.dunning_cycle, item.dunning_level_id), (0, self.first))

    def test_an_item_never_chased_keeps_its_cycle_when_its_payment_is_undone(self):
        move = self.invoice(self.customer(), 40)
        self.pay(move)
        item = self.items(move)
        item.remove_move_reconcile()
        self.assertEqual(item.dunning_cycle, 0)

    def under_formal_notice(self, **values):
        """An invoice due on 22 April, put in default on 21 May."""
        move = self.invoice(self.customer(**values), 40)
        self.history(self.firm, "2026-05-08", move, deadline="2026-05-16")
        self.history(self.formal_notice, "2026-05-21", move, deadline="2026-05-29").has_left = True
        self.assertEqual(self.row(move).reason, "finished")
        self.assertEqual(self.Notice._get_expired_items(self.company), self.items(move))
        return move

    def defer(self, move, on):
        move.button_draft()
        move.invoice_date_due = on
        move.action_post()

    def test_who_was_given_time_is_chased_anew_from_the_new_due_date(self):
        for name in ("posted again", "written on the item"):
            with self.subTest(name):
                move = self.under_formal_notice(name=name)
                item = self.items(move)
                if name == "posted again":
                    self.defer(move, "2026-06-30")
                else:
                    item.date_maturity = "2026-06-30"
                self.assertEqual(item, self.items(move))
                self.assertEqual((item.dunning_cycle, item.dunning_level_id.id), (1, False))
                self.assertFalse(self.Notice._get_expired_items(self.company) & item)
                self.assertFalse(item.dunning_to_hand_over)
                row = self.row(move)
                self.assertEqual((row.reason, row.overdue), ("waiting", False))
                with self.on("2026-07-06"):
                    self.assert_next(move, self.first, "2026-07-05")

    def assert_level(self, item, cycle, level):
        self.assertEqual((item.dunning_cycle, item.dunning_level_id), (cycle, level))

    def assert_found_again(self, move_to):
        move = self.under_formal_notice()
        item = self.items(move)
        for due in ("2026-06-30", "2026-08-31"):
            move_to(move, due)
            self.assert_level(item, 1, self.firm.browse())
        move_to(move, "2026-04-22")
        self.assert_level(item, 0, self.formal_notice)
        self.assertFalse(item.dunning_corrected)
        self.assertEqual(self.row(move).reason, "finished")
        self.assertEqual(self.Notice._get_expired_items(self.company), item)

    def test_a_due_date_put_back_finds_the_level_again(self):
        self.assert_found_again(self.defer)

    def test_the_date_of_an_item_put_back_finds_the_level_again(self):
        self.assert_found_again(lambda move, on: self.items(move).write({"date_maturity": on}))

    def test_what_was_said_by_the_later_date_stands_beside_what_was_said_before(self):
        move = self.under_formal_notice()
        item = self.items(move)
        self.defer(move, "2026-06-30")
        self.history(self.first, "2026-07-06", move)
        with self.on("2026-07-10"):
            self.defer(move, "2026-04-22")
            self.assert_level(item, 0, self.formal_notice)  # and no first reminder once more
            self.defer(move, "2026-06-30")
            self.assert_level(item, 1, self.first)  # it took this one by that date
            self.defer(move, "2026-08-31")
            self.assert_level(item, 2, self.first.browse())
            self.defer(move, "2026-06-30")
            self.assert_level(item, 1, self.first)
            self.defer(move, "2026-04-22")
            self.assert_level(item, 0, self.formal_notice)

    def test_put_back_to_a_day_by_which_the_notice_was_early_it_stays_anew(self):
        move = self.under_formal_notice()
        self.defer(move, "2026-06-30")
        self.defer(move, "2026-05-29")
        self.assert_level(self.items(move), 1, self.firm.browse())
        self.defer(move, "2026-05-20")
        self.assert_level(self.items(move), 0, self.formal_notice)

    def test_a_start_level_comes_back_with_the_due_date_and_who_said_it(self):
        move = self.invoice(self.customer(), 40)
        item = self.items(move)
        with self.on("2026-05-10"):
            self.start(self.firm, move)
        said = item.read(["dunning_start_user_id", "dunning_start_date", "dunning_start_reason"])
        self.defer(move, "2026-06-30")
        self.assert_level(item, 1, self.firm.browse())
        self.defer(move, "2026-05-12")  # it was not due yet when it was said
        self.assert_level(item, 1, self.firm.browse())
        self.defer(move, "2026-04-22")
        self.assert_level(item, 0, self.firm)
        self.assertEqual(item.read(list(said[0])[1:]), said)

    def test_a_payment_undone_meanwhile_starts_anew_whatever_the_due_date(self):
        move = self.under_formal_notice()
        item = self.items(move)
        self.defer(move, "2026-05-25")
        self.history(self.first, "2026-05-31", move)
        payment = self.pay(move)
        payment.action_draft()
        payment.action_cancel()
        self.assert_level(item, 2, self.first.browse())
        self.defer(move, "2026-04-22")
        self.assert_level(item, 2, self.first.browse())

    def test_a_date_moved_while_it_was_paid_counts_once_it_is_unpaid(self):
        move = self.under_formal_notice()
        item = self.items(move)
        self.pay(move)
        self.defer(move, "2026-06-30")
        item.remove_move_reconcile()
        self.assert_level(item, 1, self.firm.browse())
        self.assertFalse(move.activity_ids)  # nothing to ask: it starts anew
        self.defer(move, "2026-04-22")
        self.assert_level(item, 0, self.formal_notice)

    def test_an_invoice_given_back_to_its_customer_finds_its_level_again(self):
        move = self.under_formal_notice()
        item, mine = self.items(move), move.partner_id
        for partner, cycle, level in (
            (self.customer(name="Other"), 1, self.firm.browse()),
            (mine, 0, self.formal_notice),
        ):
            move.button_draft()
            move.partner_id = partner
            move.invoice_date_due = "2026-04-22"
            move.action_post()
            self.assert_level(item, cycle, level)

    def test_a_new_due_date_from_before_the_formal_notice_undoes_nothing(self):
        move = self.under_formal_notice()
        self.defer(move, "2026-05-20")
        item = self.items(move)
        self.assertEqual((item.dunning_cycle, item.dunning_level_id), (0, self.formal_notice))
        self.assertEqual(self.Notice._get_expired_items(self.company), item)
        self.defer(move, "2026-04-10")  # nor does an earlier one
        self.assertEqual((item.dunning_cycle, item.dunning_level_id), (0, self.formal_notice))

    def test_an_item_written_again_stays_in_its_cycle(self):
        move = self.invoice(self.customer(), "2026-04-22", invoice_date="2026-03-23")
        self.history(self.formal_notice, "2026-05-08", move)
        payment = self.pay(move)
        payment.action_draft()
        payment.action_cancel()
        self.history(self.first, "2026-05-20", move)
        former = self.items(move)
        for term in (self.half_and_half(30, 60), self.half_and_half(10, 30), False):
            move.button_draft()
            move.write({"invoice_payment_term_id": term, "invoice_date_due": "2026-04-22"})
            move.action_post()
        item = self.items(move)
        self.assertNotEqual(item, former)
        self.assert_level(item, 1, self.first)

    def test_an_instalment_that_keeps_its_day_keeps_its_level(self):
        move = self.instalments(self.customer(), "2026-04-22", "2026-06-20")
        first, second = self.items(move)
        self.history(self.firm, "2026-05-08", items=first)
        move.button_draft()
        move.invoice_payment_term_id = self.half_and_half(30, 120)
        move.action_post()
        first, second = self.items(move)
        self.assertEqual(
            [(item.date_maturity, item.dunning_level_id) for item in first + second],
            [(day("2026-04-22"), self.firm), (day("2026-07-21"), self.firm.browse())],
        )

    def test_a_start_level_said_before_the_new_due_date_goes_too(self):
        move = self.invoice(self.customer(), 40)
        self.start(self.firm, move)
        self.defer(move, "2026-06-30")
        self.assertFalse(self.items(move).dunning_level_id)

    def test_a_courtesy_message_stands_while_the_due_date_does(self):
        move = self.invoice(self.customer(), -3)
        self.history(self.courtesy, "2026-05-30", move)
        self.defer(move, move.invoice_date_due)
        self.assertEqual(self.items(move).dunning_level_id, self.courtesy)
        self.defer(move, "2026-06-30")
        self.assert_next(move, self.courtesy, "2026-06-25")

    # -- Which policy ------------------------------------------------------------------------------

    def test_levels_compare_across_policies_when_the_customer_s_policy_changes(self):
        other = self.new_policy(
            (10, "reminder"), (15, "reminder"), (20, "reminder"), (40, "formal_notice")
        )
        customer = self.customer()
        move = self.invoice(customer, 90)
        self.history(self.firm, "2026-04-01", move, deadline="2026-04-11")
        customer.dunning_policy_id = other
        self.assertEqual(self.level_on(TODAY, move).days, 20)

    def test_a_graver_kind_counts_more_than_more_days(self):
        other = self.new_policy((60, "reminder"), (70, "formal_notice"))
        customer = self.customer()
        move = self.invoice(customer, 90)
        self.history(self.registered, "2026-04-01", move)
        customer.dunning_policy_id = other
        self.assertEqual(self.level_on(TODAY, move).kind, "formal_notice")

    def test_a_customer_follows_its_own_policy_else_the_company_s(self):
        other = self.new_policy((3, "reminder"))
        customer = self.customer()
        move = self.invoice(customer, 4)
        self.assertFalse(self.level_on(TODAY, move))
        customer.dunning_policy_id = other
        self.assertEqual(self.level_on(TODAY, move), other.level_ids)

    def test_an_archived_policy_gives_way_to_the_company_s(self):
        other = self.new_policy((3, "reminder"))
        move = self.invoice(self.customer(dunning_policy_id=other.id), 6)
        other.active = False
        self.assertEqual(self.level_on(TODAY, move), self.first)

    def test_a_contact_s_invoices_follow_the_policy_of_its_company(self):
        other = self.new_policy((3, "reminder"))
        customer = self.customer(dunning_policy_id=other.id)
        contact = self.customer("Contact", is_company=False, parent_id=customer.id)
        move = self.invoice(contact, 4)
        self.assertEqual(self.level_on(TODAY, move), other.level_ids)
        self.assertEqual(self.draft(customer).partner_id, customer)

    def test_without_any_policy_nobody_is_chased(self):
        move = self.invoice(self.customer(), 60)
        self.company.dunning_policy_id = False
        self.assert_stopped(move, "no_policy")
        self.assertIn("dunning policy", move.dunning_reason)

    def test_at_the_end_of_a_policy_nothing_more_leaves(self):
        short = self.new_policy((-5, "courtesy"))
        customer = self.customer(dunning_policy_id=short.id)
        self.history(self.first, "2026-05-01", self.invoice(customer, 40))
        move = self.invoice(customer, "2026-06-03")
        self.history(short.level_ids, "2026-05-29", move)
        self.assertEqual(self.row(move).reason, "finished")
        self.assertFalse(self.row(move).next_date)
        self.assertEqual(self.prepare()["created"], 0)
        self.assertFalse(move.dunning_next_level_id)
