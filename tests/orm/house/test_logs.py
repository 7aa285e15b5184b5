"""The log carries ids and counts: neither names, nor e-mail addresses, nor amounts."""

import ast
import logging
from pathlib import Path

import odoo.addons.account_dunning_fr as addon
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..penalty_common import PenaltyCommon

ADDON = Path(addon.__file__).parent
LOGGER = "odoo.addons.account_dunning_fr"
# What may stand behind a place holder of a log line: ids, counts and kinds.
HARMLESS = ("id", "ids", "kind", "done", "failed", "left")


def log_calls():
    """Return the calls of ``_logger`` in the addon, as ``(place, call)``."""
    calls = []
    for path in sorted(ADDON.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            function = getattr(node, "func", None)
            owner = getattr(getattr(function, "value", None), "id", "")
            if owner == "_logger":
                calls.append((f"{path.name}:{node.lineno}", node))
    return calls


def is_harmless(argument):
    if isinstance(argument, ast.Call):
        return getattr(argument.func, "id", "") == "len"
    if isinstance(argument, ast.Attribute):
        return argument.attr in HARMLESS
    if isinstance(argument, ast.Subscript):
        return isinstance(argument.slice, ast.Constant) and argument.slice.value in HARMLESS
    if isinstance(argument, ast.Starred):
        argument = argument.value
    return isinstance(argument, ast.Name) and argument.id in ("counts", "count", "numbers")


@tagged("post_install", "-at_install")
class TestLogs(PenaltyCommon):
    def test_what_is_logged_is_an_id_a_count_or_a_kind(self):
        calls = log_calls()
        self.assertGreater(len(calls), 5)
        for place, call in calls:
            with self.subTest(place=place):
                self.assertIsInstance(call.args[0], ast.Constant, "No text made beforehand.")
                for argument in call.args[1:]:
                    self.assertTrue(is_harmless(argument), ast.unparse(argument))

    def crons(self):
        """Return the names of the scheduled actions, those that the day begins with first."""
        records = self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "=", "account_dunning_fr")]
        )
        names = [name.removeprefix("ir_cron_") for name in records.mapped("name")]
        self.assertGreater(len(names), 8)
        return sorted(names, key=lambda name: (name != "prepare", name != "send", name))

    def test_each_scheduled_action_leaves_a_record_that_a_person_reads(self):
        self.invoice(self.customer("Late"), 10)
        runs = self.env["account.dunning.run"].sudo()
        for name in self.crons():
            known = runs.search([])
            self.run_cron(name)
            for run in runs.search([]) - known:
                with self.subTest(cron=name):
                    self.assertIn(run.status, ("done", "partial"))
                    self.assertTrue(run.started_on and run.ended_on and run.duration >= 0)
                    self.assertRegex(run.display_name, r"^\w[\w’ -]+ – \d\d/\d\d/\d{4}")
                    self.assertFalse(run.error)
            with self.subTest(cron=name):
                self.assertTrue(runs.search([]) - known or name == "queue", "No record was left.")

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_a_day_of_runs_logs_nothing_of_a_customer(self):
        good = self.customer("Distinctive Customer", dunning_regime="b2b")
        bad = self.customer("Peculiar Debtor", dunning_regime="b2b")
        self.invoice(good, 10, 1234.56)
        self.invoice(bad, 10, 6543.21)
        self.company.dunning_book_penalties = True
        odd = self.customer("Unusual", email="odd@x.example", dunning_regime="b2b")
        self.late("2026-03-31", 4321.99, partner=odd)
        with self.assertLogs(LOGGER, logging.INFO) as captured:
            self.run_cron("prepare")
            bad.email = False
            self.company.dunning_journal_id = False
            for name in self.crons():
                self.run_cron(name)
        text = "\n".join(captured.output)
        self.assertIn("Dunning run", text)
        words = ("Distinctive", "Peculiar", "Unusual", "@", "1234", "1,234", "6543", "6,543")
        for word in (*words, "4321", "4,321"):
            with self.subTest(word=word):
                self.assertNotIn(word, text)
