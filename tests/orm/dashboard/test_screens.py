"""Chasing from wherever one stands, the totals of a customer, the page of the day."""

from io import BytesIO
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader
from odoo.tools.safe_eval import safe_eval

from ..dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestScreens(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = cls.new_user("biller", "account.group_account_invoice", lang="en_US")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.partner, cls.other = cls.customer("First"), cls.customer("Second")
        cls.late = cls.invoice(cls.partner, 10, 250)
        cls.late_too = cls.invoice(cls.other, 20, 100)

    # -- Chase: see also ``notice/test_chase.py`` --------------------------------------------------

    def test_one_invoice_opens_its_message(self):
        action = self.chase(self.late.with_user(self.billing)).action_prepare()
        self.assertEqual(self.Notice.browse(action["res_id"]).partner_id, self.partner)

    def test_a_message_without_anything_to_warn_of_shows_no_empty_warning(self):
        notice = self.draft(self.partner)
        for name, field in notice._fields.items():
            if name.endswith(("_warning", "_reason", "_text")) and field.type in ("char", "text"):
                with self.subTest(field=name):
                    self.assertNotIn(notice[name], ("[]", "()", "{}", "False", "None"))

    def test_invoices_of_several_customers_open_a_message_each(self):
        moves = (self.late | self.late_too).with_user(self.billing)
        action = self.chase(moves).action_prepare()
        notices = self.Notice.search(action["domain"])
        self.assertEqual(notices.partner_id, self.partner | self.other)

    def test_only_the_customers_chosen_are_prepared(self):
        self.chase(self.late.with_user(self.billing)).action_prepare()
        self.assertFalse(self.live(self.other))

    def test_a_customer_to_whom_nothing_leaves_is_named_beside_the_others(self):
        self.hold(self.other, reason="dispute")
        dialog = self.chase((self.late | self.late_too).with_user(self.billing))
        self.assertRegex(dialog.skipped_text, "Second: On hold.*Dispute")
        self.assertEqual((dialog.left_count, dialog.customer_count), (1, 2))
        action = dialog.action_prepare()
        self.assertRegex(action["params"]["message"], "Second: On hold.*Dispute")
        self.assertEqual(action["params"]["next"]["res_id"], self.live(self.partner).id)

    def test_when_nothing_leaves_the_reason_is_said(self):
        self.hold(self.partner, reason="dispute")
        for records in (self.late, self.partner):
            dialog = self.chase(records.with_user(self.billing))
            self.assertRegex(dialog.skipped_text, "First: On hold.*Dispute")
            self.assertFalse(dialog.left_count)

    def test_what_covers_an_invoice_is_named(self):
        payment = self.payment(self.partner, 300)
        note = self.credit_note(self.partner, 20)
        sentence = self.late.with_user(self.billing).with_context(lang="en_US").dunning_reason
        own = self.company.currency_id
        for move, amount in ((payment.move_id, 300), (note, 20)):
            self.assertIn(f"{move.name} ({self.amount(amount, own)})", sentence)

    def test_vendor_bills_are_not_chased(self):
        bill = self.invoice(self.partner, 10, move_type="in_invoice", post=False)
        with self.assert_refused(UserError, "only they are chased"):
            bill.with_user(self.billing).action_dunning_chase()

    def test_customers_are_chased_from_their_list(self):
        customers = (self.partner | self.other).with_user(self.billing)
        action = self.chase(customers).action_prepare()
        notices = self.Notice.search(action["domain"])
        self.assertEqual(notices.partner_id, self.partner | self.other)

    def test_whoever_only_reads_does_not_chase(self):
        with self.assertRaises(AccessError):
            self.partner.with_user(self.reader).action_dunning_chase()

    # -- The customer ------------------------------------------------------------------------------

    def test_a_customer_shows_what_he_owes_by_currency(self):
        other = self.setup_other_currency(
            "EUR" if self.company.currency_id.name != "EUR" else "USD"
        )
        self.invoice(self.partner, -10, 50)
        self.invoice(self.partner, 5, 70, currency_id=other.id)
        self.payment(self.partner, 30)
        partner = self.partner.with_user(self.billing).with_context(lang="en_US")
        own = self.company.currency_id
        amounts = {each.strip() for each in partner.dunning_due_text.split("+")}
        self.assertEqual(amounts, {self.amount(270, own), self.amount(70, other)})
        overdue = {each.strip() for each in partner.dunning_overdue_text.split("+")}
        self.assertEqual(overdue, {self.amount(250, own), self.amount(70, other)})

    def amount(self, value, currency):
        return (
            self.env["res.partner"]
            .with_context(lang="en_US")
            ._format_dunning_totals({currency: value})
        )

    def test_the_statement_of_a_customer_lists_his_open_items(self):
        paid = self.invoice(self.partner, 40)
        self.pay(paid)
        action = self.partner.with_user(self.billing).action_view_dunning_items()
        items = self.env["account.move.line"].with_user(self.billing).search(action["domain"])
        self.assertEqual(items, self.items(self.late))

    # -- The page of the day -----------------------------------------------------------------------

    def page(self, user=None):
        page = self.env["account.dunning.today"].with_user(user or self.billing).get_page()
        return page, {task["key"]: task for task in page["tasks"]}

    def test_the_page_counts_what_waits_and_leads_to_it(self):
        self.history(self.firm, "2026-05-01", self.late)
        self.prepare()
        page, tasks = self.page()
        self.assertEqual((page["may_prepare"], page["may_switch"]), (True, False))
        self.assertEqual((page["inactive"], tasks["ready"]["count"]), ([], 1))
        notices = self.Notice.search(tasks["ready"]["action"]["domain"])
        self.assertEqual(notices.partner_id, self.other)

    def test_the_page_tells_the_regimes_to_confirm(self):
        self.history(self.first, "2026-05-01", self.late)
        self.late.invoice_date_due = "2026-05-01"
        self.prepare()
        _page, tasks = self.page()
        self.assertEqual(tasks["regime"]["count"], 1)
        partners = self.env["res.partner"].search(tasks["regime"]["action"]["domain"])
        self.assertEqual(partners, self.partner)

    def test_a_company_that_sends_nothing_says_so(self):
        self.company.dunning_active = False
        page, tasks = self.page(self.reader)
        self.assertEqual(page["inactive"], [self.company.name])
        self.assertNotIn("to_confirm", tasks)
        self.assertFalse(page["may_prepare"])

    def test_the_page_is_not_for_everybody(self):
        with self.assertRaises(AccessError):
            self.page(self.new_user("employee"))

    # -- Letters together --------------------------------------------------------------------------

    def test_letters_are_printed_together_with_their_list(self):
        self.history(self.firm, "2026-05-01", self.late, self.late_too, items=self.items(self.late))
        self.history(self.firm, "2026-05-01", self.late_too)
        self.partner.zip, self.other.zip = "75001", "13001"
        self.late.invoice_date_due = self.late_too.invoice_date_due = "2026-04-20"
        self.prepare()
        notices = self.live(self.partner) | self.live(self.other)
        self.assertEqual(set(notices.mapped("send_registered")), {True})
        wizard = (
            self.env["account.dunning.letters"]
            .with_user(self.billing)
            .create({"notice_ids": notices.ids, "recto": True})
        )
        action = wizard.with_context(force_report_rendering=True).action_print()
        attachment = self.env["ir.attachment"].browse(int(action["url"].rsplit("/", 1)[1]))
        pages = PdfReader(BytesIO(attachment.raw)).pages
        texts = [page.extract_text() for page in pages]
        self.assertEqual(len(pages) % 2, 0)
        self.assertLess(texts[0].index("13001"), texts[0].index("75001"))
        self.assertIn("Second", texts[2])
        self.assertEqual([len(page) for page in wizard._get_list_pages()], [2])


@tagged("post_install", "-at_install")
class TestGolive(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_active = False
        cls.manager = cls.new_user(
            "manager", "account_dunning_fr.group_dunning_manager", email="manager@creancier.example"
        )
        cls.billing = cls.new_user("biller", "account.group_account_invoice")
        cls.soon, cls.old = cls.customer("Soon"), cls.customer("Old")
        cls.held = cls.customer("Held")
        cls.recent = cls.invoice(cls.soon, 6, 100)
        cls.ancient = cls.invoice(cls.old, 200, 300)
        cls.invoice(cls.held, 30, 50)
        cls.hold(cls.held, reason="dispute")

    def open(self, user=None):
        model = self.env["account.dunning.golive"].with_user(user or self.manager)
        action = model.action_open()
        return model.browse(action["res_id"])

    def opening_entry(self, amount=80.0):
        """Post an opening balance of a customer: Odoo excludes it from follow-up."""
        receivable = self.company_data["default_account_receivable"]
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-01-01",
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": receivable.id,
                            "partner_id": self.soon.id,
                            "debit": amount,
                            "date_maturity": "2026-05-01",
                        },
                    ),
                    (0, 0, {"account_id": self.income.id, "credit": amount}),
                ],
            }
        )
        move.action_post()
        return move

    def test_what_a_formal_notice_is_refused_for_is_said_before(self):
        whole = {
            "street": "1 rue Neuve",
            "zip": "75001",
            "city": "Paris",
            "dunning_legal_form": "SA",
        }
        self.company.write(whole)
        notice = self.draft(self.soon)
        refused, said = notice._get_missing_of_sender(), self.open().missing_warning
        for name, value in whole.items():
            with self.subTest(name=name):
                self.company[name] = False
                self.assertGreater(len(notice._get_missing_of_sender()), len(refused))
                self.assertNotEqual(self.open().missing_warning, said)
                self.company[name] = value

    def test_what_is_missing_is_one_click_away_for_who_may_fill_it_in(self):
        page = self.open()
        action = page.action_view_company()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.company", self.company.id))
        self.assertEqual(page.action_view_settings()["res_model"], "res.config.settings")
        view = self.env.ref("account_dunning_fr.view_account_dunning_golive_form")
        for user, offered in ((self.manager, False), (self.env.ref("base.user_admin"), True)):
            arch = self.env["account.dunning.golive"].with_user(user).get_view(view.id)["arch"]
            for name in ("action_view_company", "action_view_settings"):
                with self.subTest(user=user.login, name=name):
                    self.assertEqual(f'name="{name}"' in arch, offered)

    def test_the_page_shows_what_would_leave_and_why_the_rest_would_not(self):
        page = self.open(self.billing)
        lines = {line.partner_id: line for line in page.line_ids}
        self.assertEqual(
            [lines[each].outcome for each in (self.soon, self.old, self.held)],
            ["leaves", "leaves", "kept"],
        )
        self.assertEqual(lines[self.held].with_context(lang="en_US").reasons, "On hold")
        self.assertEqual((page.leaving_count, page.kept_count), (2, 1))
        self.assertEqual(page.leaving_amount, 400)
        self.assertFalse(self.Notice.search([]))

    def test_entries_excluded_by_odoo_are_chased_in_one_click(self):
        item = self.items(self.opening_entry())
        self.assertTrue(item.no_followup)
        page = self.open()
        self.assertEqual(page.excluded_count, 1)
        page.action_include_excluded()
        self.assertEqual((page.excluded_count, item.no_followup), (0, False))
        self.assertEqual(
            page.line_ids.filtered(lambda line: line.partner_id == self.soon).item_count, 2
        )

    def test_old_items_start_where_their_age_suggests_with_author_and_reason(self):
        page = self.open()
        self.assertEqual(page.backlog_count, 2)  # past the first reminder: the old and the held
        action = page.action_view_backlog()
        listed = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(listed), page.backlog_count)
        self.assertIn(self.items(self.ancient), listed)
        page.action_set_start_levels()
        self.assertFalse(self.env["account.move.line"].search(page.action_view_backlog()["domain"]))
        item = self.items(self.ancient)
        self.assertEqual(item.dunning_start_level_id, self.first)
        self.assertEqual(item.dunning_start_user_id, self.manager)
        self.assertEqual(item.dunning_start_date, day("2026-06-01"))
        self.assertEqual(item.dunning_start_reason, page.reason)
        self.assertFalse(self.items(self.recent).dunning_start_level_id)
        self.assertEqual(page.backlog_count, 0)
        self.assertEqual(
            page.line_ids.filtered(lambda line: line.partner_id == self.old).level_id, self.firm
        )

    def test_start_levels_ask_for_a_reason(self):
        page = self.open()
        page.reason = False
        with self.assert_refused(UserError, "reason of the start levels"):
            page.action_set_start_levels()

    def test_a_start_level_typed_by_hand_has_its_author_and_reason_and_is_taken_back(self):
        clerk = self.new_user("starter", "account_dunning_fr.group_dunning_user")
        item = self.items(self.ancient).with_user(clerk)
        with self.assert_refused(UserError, "Write why"):
            item.dunning_start_level_id = self.first
        item.write(
            {"dunning_start_level_id": self.first.id, "dunning_start_reason": "Letter of March"}
        )
        self.assertEqual(item.dunning_start_user_id, clerk)
        self.assertEqual(self.row(self.ancient).next_level_id, self.firm.id)
        item.action_undo_dunning_start_level()
        self.assertFalse(
            item.dunning_start_level_id or item.dunning_start_reason or item.dunning_start_user_id
        )
        self.assertEqual(self.row(self.ancient).next_level_id, self.first.id)

    def test_the_list_of_start_levels_shows_overdue_items_never_reminded(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_dunning_start_levels"
        )
        items = self.env["account.move.line"].with_user(self.manager)
        found = items.search(safe_eval(action["domain"]))
        self.assertIn(self.items(self.ancient), found)

    def test_only_dunning_users_set_a_start_level(self):
        item = self.items(self.ancient).with_user(self.billing)
        with self.assert_refused(AccessError, "Only dunning users set the level"):
            item.dunning_start_level_id = self.first

    def test_the_test_message_goes_to_the_user_alone(self):
        page = self.open()
        with self.mock_mail():
            page.action_send_test()
        (mail,) = self.mails
        self.assertIn("manager@creancier.example", mail.email_to)
        self.assertFalse(mail.recipient_ids)
        self.assertFalse(self.Notice.search([]))
        self.assertFalse(self.items(self.recent).dunning_level_id)

    def mock_mail(self):
        """Keep the mails instead of handing them over."""
        self.mails = []
        kept = self.mails

        def keep(mails, **_kwargs):
            kept.extend(mails)

        return patch.object(type(self.env["mail.mail"]), "send", keep)

    def test_a_manager_switches_on_and_off_again(self):
        page = self.open()
        page.action_switch_on()
        self.assertTrue(self.company.dunning_active)
        self.prepare()
        self.assertEqual(self.live(self.soon).state, "ready")
        page.action_switch_off()
        self.assertFalse(self.company.dunning_active)
        self.assertEqual(self.live(self.soon).state, "draft")

    def test_a_billing_user_looks_and_does_not_switch(self):
        page = self.open(self.billing)
        for action in ("action_switch_on", "action_include_excluded", "action_set_start_levels"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(page, action)()
