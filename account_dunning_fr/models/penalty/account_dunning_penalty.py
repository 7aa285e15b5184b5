from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.money import CENT, ZERO, round_to_step

PARTS = [("interest", "Late-payment interest"), ("indemnity", "Flat indemnity")]


def to_decimal(amount, step=CENT):
    """Return an amount of the ORM as a ``Decimal``.

    :param step: smallest amount of its currency, as a ``Decimal`` or as the ORM gives it
    """
    return round_to_step(Decimal(str(amount)), Decimal(str(step)))


class AccountDunningPenalty(models.Model):
    """What one due item owes in penalties: computed, booked, paid and waived.

    Runs converge: each computes what the item owes up to a day, takes off what was waived and what
    is booked, and books the difference, positive or negative. Booked is what the journal items
    linked to this record say (``account.move.line.dunning_penalty_id``), so that the books and this
    record cannot disagree.
    """

    _name = "account.dunning.penalty"
    _description = "Late-Payment Penalties of an Item"
    _inherit = ["mail.thread", "mail.activity.mixin", "account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "partner_id, date_maturity, id"
    _rec_name = "move_id"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Item", readonly=True, ondelete="set null"
    )
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True, index=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    euro_id = fields.Many2one("res.currency", compute="_compute_euro_id")
    computed_until = fields.Date(readonly=True)
    interest_from = fields.Date(readonly=True, help="First day that bears interest.")
    interest_to = fields.Date(
        readonly=True,
        help="Last day that bears interest: that of the payment, or the last computed.",
    )
    principal_left = fields.Monetary(readonly=True, help="Principal not yet paid on that day.")
    interest = fields.Monetary(string="Interest computed", readonly=True)
    indemnity = fields.Monetary(
        string="Indemnity computed", readonly=True, currency_field="euro_id"
    )
    problem = fields.Char(readonly=True, help="Why nothing could be computed or booked.")
    booked_interest = fields.Monetary(compute="_compute_booked")
    booked_indemnity = fields.Monetary(compute="_compute_booked", currency_field="euro_id")
    left_to_pay = fields.Monetary(
        string="Booked, not yet paid",
        compute="_compute_booked",
        currency_field="company_currency_id",
        help="In the company's currency.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    waived_interest = fields.Monetary(readonly=True, tracking=True)
    waived_indemnity = fields.Monetary(readonly=True, currency_field="euro_id", tracking=True)
    waive_reason = fields.Char(readonly=True, tracking=True)
    waived_by = fields.Many2one("res.users", readonly=True)
    last_booked_on = fields.Date(readonly=True)
    line_ids = fields.One2many("account.move.line", "dunning_penalty_id", string="Journal items")

    _item_once = models.UniqueIndex(
        "(move_line_id) WHERE move_line_id IS NOT NULL",
        "This item already has its penalties.",
    )

    def _compute_euro_id(self):
        self.euro_id = self.env["res.currency"]._get_dunning_euro()

    @api.depends("line_ids.parent_state", "line_ids.amount_currency", "line_ids.amount_residual")
    def _compute_booked(self):
        for penalty in self:
            lines = penalty.line_ids.filtered("dunning_is_booked")
            for part, _label in PARTS:
                of_part = lines.filtered(lambda line, part=part: line.dunning_penalty_part == part)
                penalty[f"booked_{part}"] = sum(of_part.mapped("amount_currency"))
            penalty.left_to_pay = sum(
                lines.filtered(lambda line: line.parent_state == "posted").mapped("amount_residual")
            )

    # -- Waivers ---------------------------------------------------------------------------------

    def _check_manage(self):
        """:raise AccessError: unless the user may book and waive penalties of these companies"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "account_dunning_fr.group_dunning_manager"
        ):
            raise AccessError(self.env._("Only dunning managers book and waive penalties."))

    def _waive(self, reason, interest=None, indemnity=None):
        """Waive penalties: they are no longer claimed, and the next booking takes them back.

        :param str reason: why, required
        :param Decimal interest: amount waived so far, all of it by default
        :param Decimal indemnity: amount waived so far, all of it by default
        """
        self._check_manage()
        if not reason:
            raise UserError(self.env._("Say why these penalties are waived."))
        for penalty in self:
            penalty.sudo().write(
                {
                    "waived_interest": penalty.interest if interest is None else interest,
                    "waived_indemnity": penalty.indemnity if indemnity is None else indemnity,
                    "waive_reason": reason,
                    "waived_by": self.env.uid,
                }
            )

    def action_waive(self):
        """Ask for the reason, and waive."""
        self._check_manage()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive penalties"),
            "res_model": "account.dunning.waive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_penalty_ids": self.ids},
        }

    def action_undo_waiver(self):
        """Claim waived penalties again; the next booking books them."""
        self._check_manage()
        self.sudo().write(
            {
                "waived_interest": 0,
                "waived_indemnity": 0,
                "waive_reason": False,
                "waived_by": False,
            }
        )

    def _add_waived(self, part, amount, reason):
        """Count what a person took out of the books by hand as waived (or put back, negative).

        Where that person took a correction out, the sum is negative: it waives nothing
        (``_get_waived``), and the next booking makes the correction again.
        """
        self.ensure_one()
        other = "indemnity" if part == "interest" else "interest"
        waived = self._to_decimal(part, self[f"waived_{part}"] + amount)
        nothing_left = not waived and not self[f"waived_{other}"]
        self.sudo().write(
            {
                f"waived_{part}": float(waived),
                "waive_reason": not nothing_left and reason,
                "waived_by": not nothing_left and self.env.uid,
            }
        )

    def _get_waived(self, part):
        """Return how much of a part is waived; ``Decimal``, never negative."""
        return max(self._to_decimal(part, self[f"waived_{part}"]), ZERO)

    def _to_decimal(self, part, amount):
        """Return an amount of a part as a ``Decimal``, in the interest's currency or in euros."""
        currency = self.currency_id if part == "interest" else self.euro_id
        return to_decimal(amount, currency.rounding or CENT)
