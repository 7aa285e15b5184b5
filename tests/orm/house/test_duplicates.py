"""A duplicate is a fresh record: no state, number, seal, nor what was sent or decided."""

import re

from odoo import Command
from odoo.tests import tagged

from ..dunning_common import TODAY, day, days_ago
from ..loss_common import LossCommon

OURS = "account_dunning_fr"
# What a field is called that tells of the life of a record.
OF_A_LIFE = re.compile(
    r"(^|_)(state|status|number|sequence_number|sha256|seal|fingerprint|token|token_hash)$"
    r"|^(sent|signed|released|closed|undone|erased|accepted|confirmed|waived|posted)_"
    r"|_(on|by|at)$"
)
# Typed when the record is made: what it says of something else, never of the record itself.
TYPED = {
    ("account.dunning.route.fee", "seen_on"): "the day on which this fee was read",
    ("res.company", "dunning_civil_status"): "who the owner of a sole trader's business is",
}


@tagged("post_install", "-at_install")
class TestDuplicates(LossCommon):
    def get_kept(self):
        """Yield ``(model, field)`` of all that a duplicate of a record of ours has of it."""
        guard = self.registry["account.dunning.field.guard"]
        for name, model in self.env.items():
            if model._abstract or model._transient or not isinstance(model, guard):
                continue
            if name.startswith("account.dunning.seal"):
                continue  # refuse to be duplicated at all (test_seals)
            [values] = model.sudo().new().copy_data()
            for key in values:
                if (model._fields[key]._module or "").startswith(OURS):
                    yield model, model._fields[key]

    def test_no_field_that_tells_of_a_life_goes_along(self):
        kept = {
            (model._name, field.name)
            for model, field in self.get_kept()
            if OF_A_LIFE.search(field.name)
            # What a record cannot be without, and that nothing gives it.
            and not (field.required and not field.default)
        }
        self.assertEqual(kept, set(TYPED))

    def test_what_only_code_writes_goes_along_only_where_there_is_no_record_without(self):
        looked_at = 0
        for model, field in self.get_kept():
            looked_at += 1
            writers = model._get_dunning_writer(field).split()
            if "anyone" not in writers and "create" not in writers:
                with self.subTest(model=model._name, field=field.name):
                    self.assertTrue(field.required)
                    self.assertFalse(field.default)
        self.assertGreater(looked_at, 300)

    def test_a_relief_that_was_sent_is_duplicated_as_one_to_issue(self):
        relief = self.env["account.dunning.vat.relief"].create(
            {
                "partner_id": self.customer("Ruined").id,
                "company_id": self.company.id,
                "event_date": days_ago(9),
                "sent_by": "registered",
                "sent_on": days_ago(1),
                "sent_number": "1A 000 000 0001 0",
                "proof_ids": [Command.create({"name": "judgment.pdf", "raw": b"%PDF-"})],
            }
        )
        relief.sudo().write({"state": "undone", "undo_reason": "Paid", "repaid": 12.0})
        self.env.flush_all()
        copy = relief.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.event_date, days_ago(9))
        for name in ("sent_by", "sent_on", "sent_number", "undo_reason", "repaid", "proof_ids"):
            with self.subTest(field=name):
                self.assertFalse(copy[name])

    def test_a_released_hold_is_duplicated_as_one_that_holds(self):
        hold = self.env["account.dunning.hold"].create(
            {
                "partner_id": self.customer("Held").id,
                "company_id": self.company.id,
                "reason": "manual",
                "note": "Asked by the director",
            }
        )
        hold.action_release()
        copy = hold.copy()
        self.assertEqual(copy.note, "Asked by the director")
        self.assertFalse(copy.released_on)
        self.assertFalse(copy.released_by)
        self.assertEqual(copy.date_from, day(TODAY))
