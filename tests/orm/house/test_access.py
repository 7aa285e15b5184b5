"""Who may do what: allowed and forbidden pairs by role and by company."""

from functools import wraps
from unittest.mock import patch

from odoo import models
from odoo.addons.account_dunning_fr.models.common.account_dunning_guarded import (
    AccountDunningFieldGuard,
)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dunning_common import DunningCommon

MODELS = (
    "account.dunning.policy",
    "account.dunning.level",
    "account.dunning.notice",
    "account.dunning.notice.line",
    "account.dunning.hold",
)
OWNED = MODELS[2:]  # the policies are shared


@tagged("post_install", "-at_install")
class TestAccess(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.sender = cls.new_user("sender", "account_dunning_fr.group_dunning_user")
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")
        cls.accountant = cls.new_user("accountant", "account.group_account_user")
        cls.chief = cls.new_user("chief", "account.group_account_manager")
        cls.outsider = cls.new_user("outsider")
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.stranger = cls.new_user(
            "stranger", "account_dunning_fr.group_dunning_manager", company=cls.other_company
        )
        cls.partner = cls.customer()
        cls.move = cls.invoice(cls.partner, 10)
        cls.held = cls.hold(cls.customer("Held"))
        cls.notice = cls.history(cls.firm, "2026-05-20", cls.invoice(cls.customer("Old"), 90))
        cls.env["account.dunning.notice.draft"]._follow_plan(cls.company)
        cls.live_notice = cls.Notice.search([("partner_id", "=", cls.partner.id)])

    # -- The groups --------------------------------------------------------------------------------

    def test_each_role_includes_the_one_below(self):
        groups = ["account.group_account_invoice", "account_dunning_fr.group_dunning_user"]
        for group in groups:
            self.assertTrue(self.manager.has_group(group))
        self.assertTrue(self.sender.has_group(groups[0]))
        self.assertFalse(self.biller.has_group(groups[1]))
        self.assertFalse(self.accountant.has_group(groups[1]))
        self.assertTrue(self.chief.has_group("account_dunning_fr.group_dunning_manager"))

    # -- Billing users see and prepare -------------------------------------------------------------

    def test_a_billing_user_prepares_and_sees_the_message(self):
        move = self.invoice(self.customer("New"), 10)
        action = self.chase(move.with_user(self.biller)).action_prepare()
        notice = self.Notice.with_user(self.biller).browse(action["res_id"])
        self.assertEqual((notice.partner_id, notice.amount_total), (move.partner_id, 100))
        self.assertTrue(notice.message_html)
        self.assertTrue(move.with_user(self.biller).dunning_reason)

    def test_a_billing_user_edits_the_text_and_postpones(self):
        notice = self.live_notice.with_user(self.biller)
        notice.write({"subject": "Our subject", "send_letter": True})
        self.assertEqual(notice.subject, "Our subject")
        notice.line_ids.action_leave_out()
        notice.action_refresh()
        wizard = (
            self.env["account.dunning.postpone"]
            .with_user(self.biller)
            .create({"notice_ids": notice.ids, "date_until": "2026-06-30"})
        )
        wizard.action_confirm()
        self.assertEqual(notice.state, "cancelled")

    def test_a_billing_user_neither_confirms_nor_sends(self):
        notice = self.live_notice.with_user(self.biller)
        notice.action_back_to_draft()
        for action in ("action_confirm", "action_send", "action_mark_posted"):
            with (
                self.subTest(action=action),
                self.assert_refused(AccessError, "Only dunning users send"),
            ):
                getattr(notice, action)()
        self.assertEqual(notice.state, "draft")

    def test_nobody_writes_figures_or_states_by_hand(self):
        values = {
            "state": "sent",
            "amount_total": 1,
            "level_id": self.firm.id,
            "date": "2026-01-01",
            "deadline": "2026-12-31",
            "partner_id": self.company.partner_id.id,
            "confirmed_by": self.biller.id,
            "custom_subject": "Other",
            "sent_to": "other@client.example",
            "posted_on": "2026-01-01",
            "printed_on": "2026-06-01",
            "mail_id": False,
            "line_ids": [(5, 0, 0)],
        }
        for user in (self.biller, self.manager):
            notice = self.live_notice.with_user(user)
            for name, value in values.items():
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    notice.write({name: value})

    def test_nobody_creates_or_deletes_messages_or_lines_by_hand(self):
        for user in (self.biller, self.manager):
            Notice = self.Notice.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    Notice.create(
                        {
                            "partner_id": self.partner.id,
                            "company_id": self.company.id,
                            "level_id": self.first.id,
                        }
                    )
                with self.assertRaises(AccessError):
                    self.live_notice.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    self.live_notice.line_ids.with_user(user).write({"amount_due": 1})
                with self.assertRaises(AccessError):
                    self.live_notice.line_ids.with_user(user).unlink()

    def test_a_billing_user_opens_and_releases_holds_but_deletes_none(self):
        hold = (
            self.env["account.dunning.hold"]
            .with_user(self.biller)
            .create({"partner_id": self.partner.id, "reason": "dispute"})
        )
        self.assertEqual((hold.company_id, hold.user_id), (self.company, self.biller))
        hold.action_release()
        with self.assertRaises(AccessError):
            hold.unlink()
        hold.with_user(self.manager).unlink()

    # -- Dunning users send ------------------------------------------------------------------------

    def test_a_dunning_user_confirms_and_sends(self):
        notice = self.live_notice.with_user(self.sender)
        notice.action_back_to_draft()
        notice.action_confirm()
        self.assertEqual((notice.state, notice.confirmed_by), ("ready", self.sender))
        notice.action_send()
        self.assertEqual((notice.state, notice.sent_by), ("sent", self.sender))

    # -- Managers set the policies -----------------------------------------------------------------

    def test_a_manager_edits_policies(self):
        policy = self.policy.with_user(self.manager).copy()
        policy.level_ids.sorted("rank")[1].days = 6
        policy.min_interval = 10
        policy.unlink()
        self.assertFalse(policy.exists())

    def test_whoever_is_no_manager_edits_no_policy(self):
        for user in (self.reader, self.biller, self.sender, self.accountant):
            policy = self.policy.with_user(user)
            with self.subTest(user=user.login):
                self.assertTrue(policy.name)
                self.assertTrue(policy.level_ids.mapped("body"))
                for forbidden in (
                    lambda policy=policy: policy.write({"min_interval": 1}),
                    lambda policy=policy: policy.level_ids.write({"automatic": True}),
                    lambda policy=policy: policy.level_ids[0].unlink(),
                    policy.copy,
                ):
                    with self.assertRaises(AccessError):
                        forbidden()

    # -- Readers and outsiders ---------------------------------------------------------------------

    def test_a_reader_reads_and_changes_nothing(self):
        for model in MODELS:
            records = self.env[model].with_user(self.reader).search([])
            with self.subTest(model=model):
                self.assertTrue(records)
                records[:1].read()
                self.assertFalse(records.has_access("write"))
        for action in ("action_refresh", "action_confirm", "action_send", "action_print"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self.live_notice.with_user(self.reader), action)()
        with self.assertRaises(AccessError):
            self.move.with_user(self.reader).action_dunning_chase()

    def test_a_user_without_accounting_rights_sees_nothing(self):
        for model in MODELS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.outsider).search([])
        with self.assertRaises(AccessError):
            self.live_notice.with_user(self.outsider).read(["amount_total"])
        with self.assertRaises(AccessError):
            self.partner.with_user(self.outsider).read(["dunning_regime"])

    # -- Another company ---------------------------------------------------------------------------

    def test_who_is_given_or_loses_the_books_sees_our_fields_or_not_at_once(self):
        partner = self.partner.with_user(self.outsider)
        books = self.env.ref("account.group_account_readonly")

        def sees():
            return bool(partner.fields_get(["dunning_regime"]))

        self.assertFalse(sees())
        self.outsider.group_ids |= books
        self.assertTrue(sees())
        self.outsider.group_ids -= books
        self.assertFalse(sees())
        role = self.env["res.groups"].create({"name": "Role", "implied_ids": books.ids})
        role.user_ids = self.outsider
        self.assertTrue(sees())
        role.implied_ids = False
        self.assertFalse(sees())
        with self.assertRaises(AccessError):
            partner.read(["dunning_regime"])
        self.assertTrue(self.partner.with_user(self.reader).read(["dunning_regime"]))

    def test_a_module_that_hides_a_field_is_asked(self):
        """One of ours, and one of Odoo's that everybody reads."""
        usual, hidden = models.BaseModel._has_field_access, ("dunning_regime", "ref")

        @wraps(usual)
        def decide(records, field, operation):
            return field.name not in hidden and usual(records, field, operation)

        partner, names = self.partner.with_user(self.reader), [*hidden, "dunning_role"]
        self.assertEqual(set(partner.fields_get(names)), set(names))
        with patch.object(self.registry["base"], "_has_field_access", decide):
            self.assertEqual(set(partner.fields_get(names)), {"dunning_role"})
            for name in hidden:
                with self.assertRaises(AccessError):
                    partner.read([name])
        self.assertEqual(set(partner.fields_get(names)), set(names))

    def test_a_mixin_that_decides_for_some_models_is_noticed(self):
        partner = self.partner.with_user(self.reader)
        base, classes = self.registry["base"], type(partner).__mro__
        later = classes[classes.index(AccountDunningFieldGuard) + 1 :]
        mixin = next(each for each in later if each not in base.__mro__)
        check = base._has_field_access
        self.assertTrue(partner._look_up_dunning_usual(check))
        with patch.object(mixin, "_has_field_access", lambda *_asked: True, create=True):
            self.assertFalse(partner._look_up_dunning_usual(check))
        self.assertTrue(partner._look_up_dunning_usual(check))

    def test_a_user_of_another_company_sees_nothing(self):
        for model in OWNED:
            with self.subTest(model=model):
                self.assertTrue(self.env[model].with_user(self.manager).search([]))
                self.assertFalse(self.env[model].with_user(self.stranger).search([]))
        for record in (self.live_notice, self.live_notice.line_ids, self.held):
            with self.subTest(record=record._name), self.assertRaises(AccessError):
                record.with_user(self.stranger).read()

    def test_a_user_of_another_company_does_nothing(self):
        notice = self.live_notice.with_user(self.stranger)
        for action in ("action_refresh", "action_confirm", "action_send", "action_print"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(notice, action)()
        with self.assertRaises(AccessError):
            self.move.with_user(self.stranger).action_dunning_chase()
        with self.assertRaises(AccessError):
            self.env["account.dunning.hold"].with_user(self.stranger).create(
                {"partner_id": self.partner.id, "company_id": self.company.id}
            )

    def test_a_policy_of_a_company_is_its_own(self):
        own = self.new_policy((5, "reminder"), company_id=self.company.id)
        visible = self.env["account.dunning.policy"].with_user(self.stranger).search([])
        self.assertIn(self.policy, visible)
        self.assertNotIn(own, visible)
        self.assertNotIn(own.level_ids, visible.level_ids)

    def test_each_company_counts_its_own_messages(self):
        self.assertEqual(self.partner.with_user(self.manager).dunning_notice_count, 1)
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.with_user(self.stranger).dunning_notice_count, 0)
