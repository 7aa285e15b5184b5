"""Who changed the rules: when, from what, to what."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestChanges(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user(
            "rules",
            "account_dunning_fr.group_dunning_manager",
            "base.group_system",
            "base.group_partner_manager",
            lang="en_US",
        )
        cls.Change = cls.env["account.dunning.change"]

    def last(self, record, name=None):
        """Return the last change of a record: (who, kind, from, to)."""
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        change = self.Change.search([*domain, ("field_name", "=", name or False)], limit=1)
        return change.create_uid, change.kind, change.old_value or "", change.new_value or ""

    def change(self, record, **values):
        """Write as the manager does, and check what is kept of it."""
        record = record.with_user(self.manager).with_context(lang="en_US")
        record.write(values)
        for name, value in values.items():
            before_last = self.Change.search_count([("res_id", "=", record.id)])
            record.write({name: value})  # the same again changes nothing
            self.assertEqual(self.Change.search_count([("res_id", "=", record.id)]), before_last)

    def test_the_settings_of_a_company(self):
        cases = (
            ("dunning_active", False, "Yes", "No"),
            ("dunning_statement_max_age", 9, "5", "9"),
            ("dunning_daily_limit", 40, "0", "40"),
            ("dunning_book_penalties", True, "No", "Yes"),
        )
        for name, value, old, new in cases:
            with self.subTest(field=name):
                self.company.with_user(self.manager).sudo().with_context(lang="en_US")[name] = value
                self.assertEqual(self.last(self.company, name), (self.manager, "changed", old, new))
        self.company.name = "Another name"  # none of our settings
        self.assertFalse(
            self.Change.search([("res_model", "=", "res.company"), ("field_name", "=", "name")])
        )

    def test_switching_by_its_page(self):
        page = self.env["account.dunning.golive"].with_user(self.manager).create({})
        for action, values in (
            ("action_switch_off", ("Yes", "No")),
            ("action_switch_on", ("No", "Yes")),
        ):
            getattr(page, action)()
            self.assertEqual(
                self.last(self.company, "dunning_active"), (self.manager, "changed", *values)
            )

    def test_policies_levels_rules_rates_and_courts(self):
        policy = self.new_policy((5, "reminder"))
        rule = self.env["account.dunning.rule"].create(
            {"regime": "b2b", "policy_id": policy.id, "amount_min": 10}
        )
        rate = self.env["account.dunning.rate"].search([], limit=1)
        court = self.env["account.dunning.court"].search([], limit=1)
        cases = (
            (policy, "min_amount", 12.0, "5.0", "12.0"),
            (policy.level_ids, "days", 8, "5", "8"),
            (policy.level_ids, "body", "<p>Other</p>", "Text", "Other"),
            (rule, "amount_min", 25.0, "10.0", "25.0"),
            (rate, "legal_source", "Seen", rate.legal_source or "", "Seen"),
            (court, "address", "1 place du Palais", court.address or "", "1 place du Palais"),
        )
        for record, name, value, old, new in cases:
            with self.subTest(model=record._name, field=name):
                self.change(record, **{name: value})
                self.assertEqual(self.last(record, name), (self.manager, "changed", old, new))

    def test_creating_and_deleting_are_kept_after_the_record(self):
        policy = self.env["account.dunning.policy"].with_user(self.manager).create({"name": "New"})
        self.assertEqual(self.last(policy)[:2], (self.manager, "created"))
        gone = policy.browse(policy.id)
        policy.unlink()
        self.assertEqual(self.last(gone)[:2], (self.manager, "deleted"))
        self.assertEqual(
            self.Change.search([("res_id", "=", gone.id), ("res_model", "=", gone._name)])[
                :1
            ].record_name,
            "New",
        )

    def test_what_an_update_of_the_addon_translates_is_no_change(self):
        level = self.env.ref("account_dunning_fr.level_first").sudo()
        before = self.env["account.dunning.change"].sudo().search_count([])
        self.patch(self.env.registry, "ready", False)
        for name, text in (("subject", "Objet"), ("subject", False), ("name", "Premier")):
            level._update_field_translations(name, {"fr_FR": text})
            after = self.env["account.dunning.change"].sudo().search_count([])
            self.assertEqual(after, before)

    def test_a_translation_is_a_change(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        level = self.new_policy((5, "reminder")).level_ids
        level.update_field_translations("subject", {"fr_FR": "Objet"})
        change = self.Change.search([("res_id", "=", level.id), ("field_name", "=", "subject")])
        self.assertEqual((change.lang, change.new_value), ("fr_FR", "Objet"))

    def test_a_customer_s_choices_are_in_his_history(self):
        partner = self.customer()
        partner = partner.with_user(self.manager).with_context(
            tracking_disable=False, mail_notrack=False, lang="en_US"
        )
        policy = self.new_policy((5, "reminder"), name="Mine")
        self.env.flush_all()
        self.cr.precommit.run()  # Odoo tracks nothing in the transaction that created the record
        for name, value in (
            ("dunning_policy_id", policy.id),
            ("dunning_lang", "en_US"),
            ("dunning_regime", "b2b"),
        ):
            with self.subTest(field=name):
                partner[name] = value
                self.env.flush_all()
                self.cr.precommit.run()
                tracked = partner.sudo().message_ids.tracking_value_ids
                self.assertIn(name, tracked.field_id.mapped("name"))

    def test_nobody_writes_the_history(self):
        self.company.dunning_active = False
        change = self.Change.search([], limit=1)
        for user in (
            self.manager,
            self.new_user("sender", "account_dunning_fr.group_dunning_user"),
        ):
            mine = change.with_user(user)
            for action in (
                lambda mine=mine: mine.write({"old_value": "x"}),
                lambda mine=mine: mine.create({"kind": "changed", "res_model": "res.company"}),
                lambda mine=mine: mine.unlink(),
            ):
                with self.assertRaises(AccessError):
                    action()
        with self.assert_refused(UserError, "cannot be deleted"):
            change.sudo().unlink()
        self.assertIn("Send reminders", change.with_context(lang="en_US").label)
