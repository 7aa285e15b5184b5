from odoo import api, fields, models


class AccountDunningRunFailure(models.Model):
    """What a run failed to do, and why, with a link to the record where it can be fixed."""

    _name = "account.dunning.run.failure"
    _description = "Failure in a Dunning Run"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "id"

    run_id = fields.Many2one(
        "account.dunning.run", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    reason = fields.Char(readonly=True)

    @api.model
    def _note(self, run, record, reason):
        """Record one failure of a run on a record (of any model, possibly with a customer)."""
        record = record[:1].sudo()
        company = record if record._name == "res.company" else record.company_id
        return self.create(
            {
                "run_id": run.id,
                "company_id": company.id,
                "partner_id": record["partner_id"].id if "partner_id" in record else False,
                "res_model": record._name,
                "res_id": record.id,
                "reason": reason,
            }
        )

    def action_open(self):
        """Open the record on which the run failed, subject to its own access rights and rules."""
        self.ensure_one()
        self.check_access("read")
        return self.env[self.res_model].browse(self.res_id).exists()._get_records_action()
