from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..common.creditors_day import creditors_day
from .res_partner import UNDER_WAY

ADMITTED, LIQUIDATION = "admitted", "liquidation"
KINDS = [
    ("contested", "Claim contested"),
    ("answered", "Contestation answered"),
    (ADMITTED, "Claim admitted"),
    ("rejected", "Claim rejected"),
    ("relief", "Relief asked for, declared too late"),
    ("goods_asked", "Goods claimed"),
    ("goods_agreed", "Goods: claim accepted"),
    ("goods_refused", "Goods: claim refused, or without an answer"),
    ("goods_judge", "Goods: juge-commissaire asked"),
    ("plan", "Plan adopted"),
    (LIQUIDATION, "Converted into liquidation"),
    ("observation", "Period of observation ended"),
    ("later", "Claims from after the judgment told"),
]


class AccountDunningInsolvencyStep(models.Model):
    """An event in insolvency proceedings: the day, by whom, and the document that proves it.

    It is recorded once: a manager deletes a mistake, and it is recorded again. What the proceedings
    say about the claim, the goods and the liquidation follows from the steps.
    """

    _name = "account.dunning.insolvency.step"
    _description = "Step of Insolvency Proceedings"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "insolvency_id, date, id"
    _rec_name = "kind"

    insolvency_id = fields.Many2one(
        "account.dunning.insolvency",
        string="Proceedings",
        required=True,
        index=True,
        ondelete="cascade",
        writer="create",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True)
    kind = fields.Selection(KINDS, string="Step", required=True, writer="create")
    date = fields.Date(required=True, default=fields.Date.context_today, writer="create")
    by_id = fields.Many2one(
        "res.partner",
        string="By, or to",
        help="Who decided or wrote it, or to whom it was sent. Of a conversion: the liquidator, "
        "who is the representative of the creditors from then on.",
        writer="create",
        index="btree_not_null",
    )
    euro_id = fields.Many2one(related="insolvency_id.euro_id")
    amount = fields.Monetary(
        currency_field="euro_id",
        help="The sum admitted, or the part that is contested.",
        writer="create",
    )
    registered_number = fields.Char(string="Registered letter no.", copy=False, writer="create")
    file = fields.Binary(string="Document", attachment=True, writer="create")
    file_name = fields.Char(writer="create")
    note = fields.Char(writer="create")

    @api.constrains("date", "insolvency_id")
    def _check_date(self):
        today = creditors_day(self)
        for step in self:
            opening = step.insolvency_id.date_opening
            if step.date > today:
                raise ValidationError(
                    self.env._("A step is recorded once it has happened, not before.")
                )
            if step.date < opening:
                raise ValidationError(
                    self.env._(
                        "Nothing happened in these proceedings before they opened, on %s.",
                        format_date(self.env, opening),
                    )
                )

    @api.constrains("kind", "amount", "insolvency_id")
    def _check_kind(self):
        for step in self:
            if step.amount < 0 or (step.kind == ADMITTED and not step.amount):
                raise ValidationError(self.env._("Enter the sum that was admitted."))
            if step.kind == LIQUIDATION and step.insolvency_id.kind == LIQUIDATION:
                raise ValidationError(self.env._("These proceedings are a liquidation already."))

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        if any(step.insolvency_id.state not in UNDER_WAY for step in steps):
            raise UserError(self.env._("This is closed already: load the page again."))
        for step in steps.filtered(lambda step: step.kind == LIQUIDATION and step.by_id):
            step.insolvency_id._owned().representative_id = step.by_id
        steps.insolvency_id._sync_todos(done=True)
        return steps

    def _get_files(self):
        """Return the attachment that proves the step, if any."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", "file"),
            ]
        )

    def unlink(self):
        proceedings = self.insolvency_id
        result = super().unlink()
        proceedings._sync_todos()
        return result
