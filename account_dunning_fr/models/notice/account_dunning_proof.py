from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.private_context import pass_on, passed

KINDS = [
    ("deposit", "Proof of posting"),
    ("receipt", "Receipt or returned envelope"),
    ("enclosure", "Enclosed"),
    ("letter", "Letter as posted"),
    ("other", "Other proof"),
]


class AccountDunningProof(models.Model):
    """One file that proves an act, with the checksum that shows that it never changed.

    Files are added at any time. Only a manager may withdraw one, and the history of its letter then
    keeps its name and checksum.
    """

    _name = "account.dunning.proof"
    _description = "Dunning Proof"
    _inherit = ["account.dunning.guarded"]
    _order = "notice_id, id"
    _rec_name = "attachment_id"

    _dunning_threads = ("notice_id",)  # fields of what it proves, closest first

    notice_id = fields.Many2one(
        "account.dunning.notice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True)
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, required=True, default="other", writer="anyone")
    sha256 = fields.Char(string="SHA-256", readonly=True)
    state = fields.Selection(
        [("intact", "Proof intact"), ("altered", "Proof altered")],
        compute="_compute_state",
        help="The sum of the file, computed again now, against the one noted when it was added.",
    )

    _once = models.UniqueIndex(
        "(notice_id, attachment_id)", "This file is already a proof of this message."
    )

    @api.depends("attachment_id", "sha256")
    def _compute_state(self):
        for proof in self:
            proof.state = "intact" if proof._is_intact() else "altered"

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        Attachment = self.env["ir.attachment"].sudo()
        for vals in vals_list:
            if not vals.get("attachment_id"):
                raise UserError(self.env._("A proof is a file: choose one."))
            vals["sha256"] = Attachment.browse(vals.get("attachment_id"))._get_dunning_sum()
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_withdrawn(self):
        if not passed(self.env, "withdrawing"):
            raise UserError(
                self.env._("A proof is not deleted: a dunning manager may withdraw a wrong file.")
            )

    def action_withdraw(self):
        """Withdraw a file filed by mistake; the history keeps its name and checksum."""
        if not self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            raise UserError(
                self.env._("Only a dunning manager withdraws a proof: ask one of them.")
            )
        if any(proof.kind in ("enclosure", "letter") for proof in self):
            raise UserError(self.env._("What left with a message cannot be withdrawn."))
        self._withdraw()

    def _withdraw(self):
        """Remove files from the proofs; the history of each keeps its name and checksum."""
        for proof in self.sudo():
            thread = next(filter(None, (proof[name] for name in self._dunning_threads)))
            speaking = thread._in_dunning_lang()
            speaking._message_log(
                body=speaking.env._(
                    "Proof withdrawn: %(name)s (SHA-256 %(sum)s)",
                    name=proof.attachment_id.name,
                    sum=proof.sha256,
                )
            )
        pass_on(self.sudo(), withdrawing=True).unlink()

    def _is_intact(self):
        """Whether the file still is what was filed."""
        self.ensure_one()
        if self.notice_id.erased_on:
            return True  # the retention rule that erased it says so, and its checksum is kept
        return self.sudo().attachment_id._get_dunning_sum() == self.sha256
