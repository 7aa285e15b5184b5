from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Whether the customer was ever sent his invoice."""

    _inherit = "account.move"

    dunning_sent_on = fields.Date(
        string="First sent on",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="The day on which Odoo first sent the invoice to the customer. Empty: never, or "
        "before the dunning was installed.",
    )
    _dunning_unsent_idx = models.Index(
        "(commercial_partner_id) WHERE move_type = 'out_invoice' AND state = 'posted' "
        "AND is_move_sent IS NOT TRUE AND payment_state IN ('not_paid', 'partial')"
    )

    def write(self, vals):
        if not vals.get("is_move_sent"):
            return super().write(vals)
        first = self.sudo().filtered(
            lambda move: not (move.is_move_sent or move.dunning_sent_on) and move.is_sale_document()
        )
        result = super().write(vals)
        super(AccountMove, first).write({"dunning_sent_on": fields.Date.context_today(self)})
        return result

    def _is_dunning_unsent(self):
        """Whether Odoo knows of no sending of this invoice to the customer."""
        self.ensure_one()
        return self.move_type == "out_invoice" and not self.is_move_sent


class AccountDunningNotice(models.Model):
    """A reminder of an invoice that nobody received is told before it leaves."""

    _inherit = "account.dunning.notice"

    unsent_warning = fields.Char(compute="_compute_unsent_warning")

    @api.depends("state", "line_ids.claimed", "line_ids.left_out", "line_ids.move_id.is_move_sent")
    def _compute_unsent_warning(self):
        for notice in self:
            names = []
            if notice.state in ("draft", "ready"):
                lines = notice.sudo()._get_claimed_lines()
                names = lines.filtered(
                    lambda line: line.move_id and line.move_id._is_dunning_unsent()
                ).mapped("invoice_name")
            notice.unsent_warning = bool(names) and self.env._(
                "Never sent to the customer, as far as Odoo knows: %s. Check that he received "
                "them; a copy goes with this message unless you leave it out.",
                ", ".join(dict.fromkeys(filter(None, names))),
            )
