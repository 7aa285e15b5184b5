from typing import NamedTuple

from odoo import fields, models

from .creditors_day import creditors_day
from .private_context import pass_on, passed


def is_erasing(env):
    """Whether a retention rule is at work; nothing from outside can claim so."""
    return passed(env, "erasing", False)


class Kept(NamedTuple):
    """Which retention rule applies to a model's records, and how the period is counted.

    ``kind`` is a key of ``account.dunning.retention``, ``counted_from`` the field with the first
    day of the period, ``domain`` selects the records that are closed.
    """

    kind: str
    counted_from: str
    domain: tuple = ()


class AccountDunningRetained(models.AbstractModel):
    """A record whose content is erased once the law no longer allows it to be kept.

    The record itself stays: figures, days, checksums and seals, and the rule that erased it.
    """

    _name = "account.dunning.retained"
    _description = "Record Kept for a Time"

    _dunning_kept = None  # :class:`Kept`, on a model with a retention rule

    erased_on = fields.Date(string="Emptied on", readonly=True, copy=False)
    erased_rule = fields.Char(string="Emptied under the rule", readonly=True, copy=False)

    def _get_personal_fields(self):
        """Return the names of the fields to erase, above all texts and names."""
        return ["note"]

    def _prepare_erased_vals(self, rule):
        """Return the values of an erased record.

        :param str rule: the rule, in words
        """
        vals = dict.fromkeys(self._get_personal_fields(), False)
        return {**vals, "erased_on": creditors_day(self), "erased_rule": rule}

    def _get_erased_text(self, rule):
        """Return the text that replaces an erased one."""
        return self.env._("Emptied under the rule %s", rule)

    def _erase(self, rule):
        """Erase these records, their history and the files that belong to them only.

        :param str rule: the rule, in words
        """
        for record in pass_on(self.sudo(), erasing=True):
            record._erase_history()
            files = record._get_own_files_to_erase()
            record._erase_parts(rule)
            record.write(record._prepare_erased_vals(rule))
            record.env.flush_all()
            files = files.exists()
            (files - files._get_dunning_named()).unlink()

    def _erase_parts(self, rule):
        """Erase what belongs to this record: its seals, if it was sealed."""

    def _erase_history(self):
        """Delete the messages of the history, and their e-mails."""
        messages = self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "=", self.id)]
        )
        messages.unlink()

    def _get_own_files_to_erase(self):
        """Return the files attached to this record."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                "|",
                ("res_field", "=", False),
                ("res_field", "!=", False),
            ]
        )
