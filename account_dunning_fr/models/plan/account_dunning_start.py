from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.groups import ACCOUNTING_GROUPS

QUESTION = "account_dunning_fr.mail_activity_type_receipt_moved"


class AccountMoveLine(models.Model):
    """The level from which an item reminded elsewhere is chased: who said so, when and why."""

    _inherit = "account.move.line"

    dunning_start_user_id = fields.Many2one(
        "res.users",
        string="Start level set by",
        copy=False,
        readonly=True,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_start_date = fields.Date(
        string="Start level set on", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_start_reason = fields.Char(
        string="Reason of the start level",
        copy=False,
        groups=ACCOUNTING_GROUPS,
        writer="kept",
    )

    # What settled it, while nobody knows yet where that money goes: no new cycle before.
    dunning_taken_off_id = fields.Many2one(
        "account.move",
        string="Receipt to match again",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    # What a new cycle followed from, and what it took away: both come back if the receipt was only
    # moved to another invoice.
    dunning_unsettled_by_id = fields.Many2one(
        "account.move",
        string="Receipt taken off it",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_unsettled_level_id = fields.Many2one(
        "account.dunning.level",
        string="Start level before that",
        copy=False,
        readonly=True,
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )

    def _get_dunning_state(self):
        return "kept"  # a start level is said of an item that is there, never with a new one

    def write(self, vals):
        if {"dunning_start_level_id", "dunning_start_reason"}.intersection(vals):
            self._check_dunning_start_level(vals)
        result = super().write(vals)
        if "dunning_start_level_id" in vals:
            level_id = vals["dunning_start_level_id"]
            author = {
                "dunning_start_user_id": level_id and self.env.uid,
                "dunning_start_date": level_id and fields.Date.context_today(self),
            }
            if not level_id:
                author["dunning_start_reason"] = False
            self.sudo().write(author)
        return result

    def _check_dunning_start_level(self, vals):
        """Ask who says from where an item is chased, and why.

        :param dict vals: what is written
        :raise AccessError: unless the user may say it
        :raise UserError: if a level comes without a reason
        """
        if self.env.su:
            return
        if not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users set the level from which an item is chased.")
            )
        for item in self:
            level = vals.get("dunning_start_level_id", item.dunning_start_level_id)
            if level and not vals.get("dunning_start_reason", item.dunning_start_reason):
                raise UserError(
                    self.env._(
                        "Write why %s starts at this level, for example « reminded by letter on "
                        "3 March from the former software ».",
                        item.move_id.display_name,
                    )
                )

    def action_undo_dunning_start_level(self):
        """Take the start levels of these items back: they are chased from the first reminder."""
        self.check_access("write")
        self.write({"dunning_start_level_id": False})

    # -- Cycles ------------------------------------------------------------------------------------

    def _wait_for_dunning_receipt(self, receipt):
        """Ask where the receipt of these items goes; they are chased from where they were.

        Money that is only taken off an invoice was not given back: the item starts anew when that
        money leaves (``_open_dunning_cycles_of``), or when a person says so.

        :param receipt: ``account.move``, still in the books
        """
        for item in self.sudo():
            if item.dunning_level_id and not item.reconciled:
                item.dunning_taken_off_id = receipt
                item.move_id._ask_about_dunning_cycle(receipt)

    @api.model
    def _open_dunning_cycles_of(self, receipts):
        """Start anew what these receipts had settled: they left the books, or paid somebody back.

        :param receipts: ``account.move`` records
        """
        waiting = self.sudo().search([("dunning_taken_off_id", "in", receipts.ids)])
        for item in waiting:
            receipt = item.dunning_taken_off_id
            item.dunning_taken_off_id = False
            item.move_id.activity_unlink([QUESTION])
            item._open_dunning_cycle_after(receipt)

    def _open_dunning_cycle_after(self, receipt):
        """Count one more cycle where the item was chased, and remember after which receipt.

        :param receipt: ``account.move`` that had settled it
        """
        start = {item: (item.dunning_cycle, item.dunning_start_level_id) for item in self.sudo()}
        self._open_dunning_cycle()
        for item, (cycle, level) in start.items():
            if item.dunning_cycle > cycle and receipt.exists():
                item.write(
                    {"dunning_unsettled_by_id": receipt.id, "dunning_unsettled_level_id": level.id}
                )

    def _keep_dunning_cycle(self, moves):
        """The receipt that had settled this item pays invoices again: its own, or others.

        :param moves: the invoices that the receipt pays now
        """
        self.ensure_one()
        receipt = self.dunning_taken_off_id
        self.dunning_taken_off_id = False
        if self.reconciled:
            self.move_id.activity_unlink([QUESTION])
        else:
            self.move_id._ask_about_dunning_cycle(receipt, moves - self.move_id)

    def _take_back_dunning_cycle(self, moves):
        """Chase the item again from where it was: its receipt was moved, and nothing undone.

        Whether it should start anew all the same is asked of a person, while it is unpaid.

        :param moves: the invoices that the receipt pays now
        """
        self.ensure_one()
        receipt, level = self.dunning_unsettled_by_id, self.dunning_unsettled_level_id
        vals = {
            "dunning_cycle": self.dunning_cycle - 1,
            "dunning_unsettled_by_id": False,
            "dunning_unsettled_level_id": False,
        }
        if level:
            vals["dunning_start_level_id"] = level.id
            vals["dunning_start_reason"] = self.env._("Start level before its receipt was moved")
        self.write(vals)
        if not self.reconciled:
            self.move_id._ask_about_dunning_cycle(receipt, moves - self.move_id)

    @api.model
    def _propose_dunning_start_levels(self, creditor, today):
        """Return the start level that the age of each backlog item suggests.

        An item overdue for longer than a reminder of its policy would have received it, had the
        reminders been on: the highest such level, at most ``reminder``, so that the next message is
        the step above and nobody starts with a formal notice.

        :param creditor: ``res.company``
        :param date today: the day of the proposal
        :return: ``{account.dunning.level: items}``
        """
        rows = self.env["account.dunning.plan"].sudo()._simulate(creditor, today)
        ladders = {}
        proposals = {}
        for row in rows:
            if row["level_id"] or row["exclusion"] or not row["policy_id"] or row["due"] >= today:
                continue
            if row["policy_id"] not in ladders:
                policy = self.env["account.dunning.policy"].sudo().browse(row["policy_id"])
                ladders[row["policy_id"]] = policy.level_ids.filtered(
                    lambda level: level.kind == "reminder"
                ).sorted("rank")
            reached = [
                level
                for level in ladders[row["policy_id"]]
                if row["due"] + timedelta(days=level.days) <= today
            ]
            # The first level is where the plan starts anyway.
            if len(reached) > 1:
                proposals.setdefault(reached[-2], []).append(row["move_line_id"])
        return {level: self.browse(ids) for level, ids in proposals.items()}


class AccountMove(models.Model):
    """The question of where an invoice is chased from, once its receipt paid another one."""

    _inherit = "account.move"

    def _ask_about_dunning_cycle(self, receipt, others=None):
        """Ask the person in charge whether this invoice starts anew; it goes on until then.

        :param receipt: what had settled it
        :param others: the invoices that it pays now; None while it pays none
        """
        self.ensure_one()
        self.activity_unlink([QUESTION])
        creditor = self.company_id.dunning_creditor_id.sudo()
        speaking = self.with_context(lang=creditor.partner_id._get_dunning_lang())
        partner = self.commercial_partner_id.sudo()
        user = partner.dunning_user_id or partner.user_id or creditor.dunning_user_id
        speaking.with_context(mail_activity_quick_update=True).activity_schedule(
            QUESTION,
            user_id=user.id or self.env.uid,
            **speaking._word_dunning_question(receipt, others),
        )

    def _word_dunning_question(self, receipt, others):
        """Return the ``summary`` and the ``note`` of the question, in the language in use."""
        if others is None:
            return {
                "summary": self.env._("Receipt taken off this invoice"),
                "note": self.env._(
                    "%(receipt)s had settled this invoice, and is set against nothing now. The "
                    "invoice keeps its level until then: match the receipt, or start the invoice "
                    "anew in its follow-up tab.",
                    receipt=receipt.name,
                ),
            }
        return {
            "summary": self.env._("Receipt moved to another invoice"),
            "note": self.env._(
                "%(receipt)s had settled this invoice, and now pays %(others)s. The invoice is "
                "chased from the level where it was: mark this done if that is right, or start it "
                "anew in its follow-up tab.",
                receipt=receipt.name,
                others=", ".join(others.mapped("name")) or self.name,
            ),
        }

    def button_draft(self):
        result = super().button_draft()
        self.env["account.move.line"]._open_dunning_cycles_of(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_dunning_receipts(self):
        self.env["account.move.line"]._open_dunning_cycles_of(self)

    def _has_dunning_question(self):
        """Whether a person is asked if this invoice starts anew."""
        return bool(self.sudo().activity_search([QUESTION]))

    def action_dunning_start_anew(self):
        """Chase this invoice from the first reminder again, from its old due date."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users set the level from which an item is chased.")
            )
        self.line_ids._open_dunning_cycle()
        self.line_ids.sudo().dunning_taken_off_id = False
        self.activity_feedback([QUESTION], feedback=self.env._("Chased from the first reminder"))
        return {"type": "ir.actions.client", "tag": "soft_reload"}
