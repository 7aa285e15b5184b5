from odoo import fields, models

LIVE = ("draft", "ready")


class AccountMove(models.Model):
    """Why a message that is due today does not leave, and the button that lets it go."""

    _inherit = "account.move"

    def _prepare_dunning_plan(self, row):
        vals = super()._prepare_dunning_plan(row)
        code, delay = self._get_dunning_delay(row)
        if not delay and (notice := self._get_underway_dunning_notice()):
            delay = self.env._(
                "The message %(reference)s is on its way: no mail server took it yet. %(answer)s",
                reference=notice.name,
                answer=notice.delivery_reason or "",
            ).rstrip()
        if delay:
            vals["dunning_reason"] = f"{vals['dunning_reason'].rstrip('.')}. {delay}"
        return {**vals, "dunning_stop": vals["dunning_stop"] or code}

    def _get_dunning_delay(self, row):
        """Return what keeps the message of today from leaving by itself.

        :param row: the row of the plan, or None
        :return: what it is called among the stops, a sentence for the user; both False for nothing
        """
        self.ensure_one()
        if not row or row["stop"] or row["reason"] not in ("claimed", "info"):
            return False, False
        creditor = self.company_id.dunning_creditor_id.sudo()
        notice = self._get_live_dunning_notice()
        if delay := notice.blocking_reason or notice.wait_reason:
            return "message", delay
        if not creditor.dunning_active:
            return "switch", self.env._("Nothing leaves by itself: sending is not switched on.")
        if creditor._get_dunning_stale_bank_journals(fields.Date.context_today(self)):
            today = fields.Date.context_today(self)
            return "statements", creditor._get_dunning_statement_warning(today)
        return bool(notice) and "message", False

    def _get_underway_dunning_notice(self):
        """Return the message that claims this invoice and that no mail server took yet."""
        lines = self.sudo().dunning_line_ids.filtered(
            lambda line: line.claimed and line.state == "sent"
        )
        return lines.notice_id.filtered(lambda n: n.delivery == "underway" and not n.has_left)[:1]

    def _get_live_dunning_notice(self):
        """Return the message to this customer that is being prepared, or an empty recordset."""
        return (
            self.env["account.dunning.notice"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.dunning_creditor_id.id),
                    ("partner_id", "=", self.commercial_partner_id.id),
                    ("state", "in", LIVE),
                ],
                limit=1,
            )
        )

    # -- What lets it go ---------------------------------------------------------------------------

    def action_dunning_open_message(self):
        """Open the message of today."""
        self.ensure_one()
        notice = self._get_live_dunning_notice().sudo(False)
        return notice._get_records_action() if notice else False

    def action_dunning_switch(self):
        """Open the page that switches sending on."""
        return self.env["account.dunning.golive"].action_open()

    def action_dunning_statements(self):
        """Open the bank journals whose statements are too old."""
        self.ensure_one()
        creditor = self.company_id.dunning_creditor_id
        stale = creditor.sudo()._get_dunning_stale_bank_journals(fields.Date.context_today(self))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.open_account_journal_dashboard_kanban"
        )
        return {**action, "domain": [("id", "in", stale.ids)], "context": {}}
