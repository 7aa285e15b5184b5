from odoo import fields, models


class AccountDunningCaseDocument(models.Model):
    """A document made by the software for a file: printed again only when its text changes.

    A PDF bears the time at which it was printed; so a document is kept with the fingerprint of the
    page that it was printed from, and given again as it is while that page says the same.
    """

    _name = "account.dunning.case.document"
    _description = "Document Made for a Court File"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _dunning_named_files = ("attachment_id",)
    _order = "case_id, kind"

    case_id = fields.Many2one("account.dunning.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    kind = fields.Char(required=True)
    attachment_id = fields.Many2one("ir.attachment", ondelete="restrict")
    fingerprint = fields.Char()

    _kind_once = models.UniqueIndex("(case_id, kind)", "This document was already made.")
