"""Updates of the addon: what somebody corrected or confirmed stays, the rest follows."""

from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..dunning_common import DunningCommon, day

MODULE = "account_dunning_fr"


@tagged("post_install", "-at_install")
class TestShipped(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")
        cls.Rate = cls.env["account.dunning.rate"]

    def load(self, xml_id, model, values, update=True):
        """Load a row as an update of the addon does: as superuser, its registry not ready yet."""
        records = self.env[model].with_user(SUPERUSER_ID)
        with patch.object(type(records), "_is_addon_loading", lambda _self: True):
            return records.with_context(install_mode=True)._load_records(
                [{"xml_id": f"{MODULE}.{xml_id}", "values": values, "noupdate": False}], update
            )

    def rate(self, **values):
        return {
            "date_from": "2031-01-01",
            "ecb_rate": 2.15,
            "legal_rate_individuals": 6.0,
            "legal_rate_other": 2.6,
            "ecb_state": "to_confirm",
            "ecb_source": "announced",
            "legal_state": "to_confirm",
            "legal_source": "announced",
            **values,
        }

    def test_what_nobody_touched_follows_what_is_shipped(self):
        cases = (
            ("rate_2031_01", self.Rate._name, self.rate(), {"legal_rate_other": 2.75}),
            (
                "court_test",
                "account.dunning.court",
                {"code": "test", "name": "Tribunal", "seat_city": "Lyon", "departments": "69"},
                {"departments": "69;01"},
            ),
            (
                "script_test",
                "account.dunning.call.script",
                {"name": "Script", "body": "<p>Old words</p>"},
                {"body": "<p>New words</p>"},
            ),
        )
        for xml_id, model, first, change in cases:
            with self.subTest(model):
                record = self.load(xml_id, model, first)
                self.load(xml_id, model, {**first, **change})
                ((name, value),) = change.items()
                self.assertEqual(record[name], value)
                self.assertFalse(record.corrected_here)

    def test_what_was_corrected_stays_and_the_difference_is_told(self):
        cases = (
            ("rate_2031_01", self.Rate._name, self.rate(), "legal_rate_other", 2.61, 2.75),
            (
                "court_test",
                "account.dunning.court",
                {"code": "test", "name": "Tribunal", "seat_city": "Lyon", "departments": "69"},
                "seat_city",
                "Villeurbanne",
                "Bron",
            ),
            (
                "script_test",
                "account.dunning.call.script",
                {"name": "Script", "body": "<p>Old words</p>"},
                "body",
                "<p>Our words</p>",
                "<p>New words</p>",
            ),
        )
        for xml_id, model, first, name, ours, theirs in cases:
            with self.subTest(model):
                record = self.load(xml_id, model, first)
                record.with_user(self.manager).write({name: ours})
                self.load(xml_id, model, {**first, name: theirs})
                self.assertEqual(record[name], ours)
                self.assertTrue(record.shipped_news)
                for value in (ours, theirs):
                    self.assertIn(html2plaintext(str(value)).strip(), record.shipped_difference)
                record.with_user(self.manager).action_keep_ours()
                self.assertFalse(record.shipped_news)
                self.load(xml_id, model, {**first, name: theirs})
                self.assertFalse(record.shipped_news, "the same version is not told twice")
                record.with_user(self.manager).action_take_shipped()
                self.assertEqual(record[name], theirs)
                self.assertFalse(record.corrected_here)

    def test_a_confirmed_figure_is_never_overwritten_whatever_is_shipped(self):
        cases = (
            ("ecb", {"ecb_rate": 9.9}),
            ("ecb", {"legal_rate_other": 9.9}),
            ("legal", {"legal_rate_other": 9.9}),
            ("legal", {"ecb_rate": 9.9, "legal_source": "Order"}),
        )
        for number, (kind, change) in enumerate(cases):
            with self.subTest(kind=kind, change=change):
                first = self.rate(date_from=f"{2031 + number}-01-01")
                rate = self.load(f"rate_{2031 + number}_01", self.Rate._name, first)
                getattr(rate.with_user(self.manager), f"action_confirm_{kind}")()
                self.load(f"rate_{2031 + number}_01", self.Rate._name, {**first, **change})
                self.assertEqual((rate.ecb_rate, rate.legal_rate_other), (2.15, 2.6))
                self.assertEqual(rate[f"{kind}_state"], "confirmed")
                self.assertTrue(rate.shipped_news)
                rate.with_user(self.manager).action_take_shipped()
                for name, value in change.items():
                    self.assertEqual(rate[name], value)
                self.assertEqual(rate[f"{kind}_state"], "to_confirm", "as it is shipped")

    def test_a_figure_shipped_as_confirmed_arrives_where_nobody_wrote(self):
        rate = self.load("rate_2031_01", self.Rate._name, self.rate())
        self.load("rate_2031_01", self.Rate._name, self.rate(legal_state="confirmed"))
        self.assertEqual((rate.ecb_state, rate.legal_state), ("to_confirm", "confirmed"))

    def test_the_texts_of_a_level_are_kept_in_every_language(self):
        body = "<p>Shipped</p>"
        values = {"body": body, "subject": "Shipped"}
        level = self.load("level_first", "account.dunning.level", values)
        self.env["res.lang"]._activate_lang("fr_FR")
        level.with_user(self.manager).with_context(lang="fr_FR").body = "<p>Corrigé</p>"
        self.assertTrue(level.corrected_here)
        self.load("level_first", "account.dunning.level", {**values, "body": "<p>Newer</p>"})
        self.assertIn("Corrigé", level.with_context(lang="fr_FR").body)
        self.assertIn("Shipped", level.with_context(lang="en_US").body)

    def test_new_half_years_arrive_beside_those_that_were_corrected(self):
        rate = self.load("rate_2031_01", self.Rate._name, self.rate())
        rate.with_user(self.manager).write({"ecb_rate": 3})
        new = self.load("rate_2031_07", self.Rate._name, self.rate(date_from="2031-07-01"))
        self.assertEqual((new.date_from, rate.ecb_rate), (day("2031-07-01"), 3))

    def test_a_half_year_typed_before_it_was_shipped_stays_as_typed(self):
        typed = self.Rate.with_user(self.manager).create(
            {
                "date_from": "2031-01-01",
                "ecb_rate": 2,
                "legal_rate_other": 3,
                "legal_source": "Typed",
            }
        )
        shipped = self.load("rate_2031_01", self.Rate._name, self.rate())
        self.assertEqual(shipped, typed)
        self.assertEqual((typed.ecb_rate, typed.legal_source), (2, "Typed"))
        self.assertTrue(typed.shipped_news)

    def test_a_record_written_on_before_corrections_were_noted_is_kept(self):
        rate = self.load("rate_2031_01", self.Rate._name, self.rate())
        rate.with_user(self.manager).write({"ecb_rate": 3})
        self.forget(rate)
        self.load("rate_2031_01", self.Rate._name, self.rate())
        self.assertEqual(rate.ecb_rate, 3)
        self.assertTrue(rate.corrected_here and rate.shipped_news)

    def test_what_was_typed_in_french_before_corrections_were_noted_is_kept(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rate = self.load("rate_2031_01", self.Rate._name, self.rate())
        french = rate.with_user(self.manager).with_context(lang="fr_FR")
        french.legal_source = "vu au Journal officiel"
        self.forget(rate)
        self.load("rate_2031_01", self.Rate._name, self.rate())
        self.assertEqual(french.legal_source, "vu au Journal officiel")

    def forget(self, rate):
        """Make a rate one of a build that noted neither what is shipped nor who corrected it."""
        rate.flush_recordset()
        self.env.cr.execute(
            "UPDATE account_dunning_rate SET corrected_here = NULL, shipped_values = NULL "
            "WHERE id = %s",
            [rate.id],
        )
        rate.invalidate_recordset()

    def test_what_was_shipped_as_never_to_be_updated_follows_too(self):
        values = {"body": "<p>Shipped</p>"}
        level = self.load("level_first", "account.dunning.level", values)
        self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("name", "=", "level_first")]
        ).noupdate = True
        self.load("level_first", "account.dunning.level", {"body": "<p>Newer</p>"})
        self.assertIn("Newer", level.body)

    def test_a_context_that_a_caller_fills_does_not_pass_for_an_update(self):
        rate = self.load("rate_2031_01", self.Rate._name, self.rate())
        rate.with_user(self.manager).with_context(install_mode=True, module=MODULE).write(
            {"ecb_rate": 3}
        )
        self.assertTrue(rate.corrected_here)

    def test_a_value_written_back_unchanged_is_no_correction(self):
        rate = self.load("rate_2031_01", self.Rate._name, self.rate())
        rate.with_user(self.manager).write({"ecb_rate": 2.15, "legal_source": "announced"})
        self.assertFalse(rate.corrected_here)

    def test_the_page_of_the_day_tells_managers_what_differs(self):
        rate = self.load("rate_2031_01", self.Rate._name, self.rate())
        rate.with_user(self.manager).write({"ecb_rate": 3})
        self.load("rate_2031_01", self.Rate._name, self.rate(ecb_rate=2.5))
        tasks = self.env["account.dunning.today"].with_user(self.manager)
        keys = [task.key for task in tasks._get_tasks(self.company)]
        self.assertIn("shipped_account.dunning.rate", keys)
