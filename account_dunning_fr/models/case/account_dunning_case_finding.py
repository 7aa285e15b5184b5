from odoo import api, fields, models
from odoo.exceptions import UserError

# What settles each point, beside accepting it with a reason.
MENDS = {
    "no_contract": "upload",
    "no_delivery": "upload",
    "notice_unproven": "proof",
    "no_notice": "notice",
    "notice_old": "notice",
    "credits": "credits",
    "regime_unknown": "customer",
    **dict.fromkeys(
        ("settled", "not_due", "currency", "disputed", "insolvent", "time_barred", "in_case"),
        "take_out",
    ),
}
PIECES = {"no_contract": "order", "no_delivery": "delivery"}


class AccountDunningCaseFinding(models.Model):
    """One point examined before a file leaves, and who went on in spite of it, and why."""

    _name = "account.dunning.case.finding"
    _description = "Point Examined in a Court File"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "case_id, sequence, id"
    _rec_name = "message"

    case_id = fields.Many2one(
        "account.dunning.case", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    level = fields.Selection(
        [("ok", "In order"), ("warning", "Warning"), ("forbidden", "Not possible")],
        required=True,
        readonly=True,
    )
    message = fields.Char(readonly=True)
    source = fields.Char(readonly=True)
    reason = fields.Char(string="Accepted because", readonly=True)
    accepted_by = fields.Many2one("res.users", readonly=True)
    accepted_on = fields.Datetime(readonly=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    _code_once = models.UniqueIndex("(case_id, code)", "This point was already examined.")

    @api.depends("level", "reason")
    def _compute_is_open(self):
        for finding in self:
            finding.is_open = finding.level == "forbidden" or (
                finding.level == "warning" and not finding.reason
            )

    def action_accept(self):
        """Ask why the file goes on in spite of this warning."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Go on in spite of it"),
            "res_model": "account.dunning.case.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_finding_id": self.id},
        }

    def _accept(self, reason):
        """Go on in spite of warnings.

        :param str reason: why, required
        :raise UserError: the law forbids what was found
        """
        self.case_id._check_manage()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the file goes on in spite of it."))
        for finding in self:
            if finding.level == "forbidden":
                raise UserError(self.env._("This cannot be set aside: %s", finding.message))
        self.sudo().write(
            {
                "reason": reason.strip(),
                "accepted_by": self.env.uid,
                "accepted_on": fields.Datetime.now(),
            }
        )
        for finding in self:
            finding.case_id._message_log(
                body=self.env._(
                    "Accepted: %(message)s Reason: %(reason)s",
                    message=finding.message,
                    reason=reason,
                )
            )

    # -- Mending -----------------------------------------------------------------------------------
    # The button that settles each point examined; the examination then says whether it did.

    item_ids = fields.Many2many(
        "account.dunning.case.item", string="Items concerned", writer="code"
    )
    mend = fields.Selection(
        [
            ("upload", "Add the document"),
            ("proof", "Add the proof of receipt"),
            ("notice", "Prepare the formal notice"),
            ("credits", "See the credits"),
            ("customer", "Confirm the regime"),
            ("take_out", "Take these items out"),
        ],
        compute="_compute_mend",
    )

    @api.depends("code", "level", "reason")
    def _compute_mend(self):
        for finding in self:
            finding.mend = MENDS.get(finding.code, False) if finding.is_open else False

    def action_mend(self):
        """Do what settles this point, or open the record where it is settled."""
        self.ensure_one()
        return getattr(self, f"_mend_by_{self.mend}")() if self.mend else False

    def _mend_by_upload(self):
        category = PIECES[self.code]
        pieces = self.case_id.piece_ids.filtered(lambda piece: piece.category == category)
        waiting = pieces.filtered(lambda piece: piece.state in ("missing", "problem"))
        if not waiting:
            waiting = pieces.filtered(lambda piece: piece.state == "left_out")
            waiting.action_put_back()
        return waiting[0].action_upload() if waiting else self.case_id.action_add_piece(category)

    def _mend_by_proof(self):
        """Open the registered letter, which keeps its receipt, else a piece of that notice."""
        notices = self._get_notices()
        letters = self.env["account.dunning.registered"].search([("notice_id", "in", notices.ids)])
        if letters:
            return letters._get_records_action(name=self.env._("Registered letters"))
        notice = notices[:1]
        self.env["account.dunning.case.piece"].check_access("create")
        piece = self.case_id.piece_ids.filtered(
            lambda piece: piece.notice_id == notice and piece.proves_receipt
        )[:1] or self.case_id.piece_ids.sudo().create(
            {
                "case_id": self.case_id.id,
                "category": "formal_notice",
                "name": self.env._("Proof of receipt of the formal notice"),
                "notice_id": notice.id,
                "proves_receipt": True,
            }
        )
        return piece.action_upload()

    def _get_notices(self):
        """Return the formal notices of the items of this point, of which no receipt is proven."""
        notices = self.case_id._get_formal_notices()
        found = self.env["account.dunning.notice"].union(
            *(notices.get(line.id) for line in self.item_ids.move_line_id if notices.get(line.id))
        )
        return found - self.case_id._get_proven_notices()

    def _mend_by_notice(self):
        moves = self.item_ids.move_id or self.case_id.move_ids
        return moves.action_dunning_chase()

    def _mend_by_credits(self):
        lines = self.env["account.move.line"].search(self.case_id._get_credits_domain())
        if not lines:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "account_dunning_fr.action_account_dunning_money"
            )
            domain = [("partner_id", "=", self.case_id.partner_id.id)]
            return {**action, "domain": domain, "context": {}}
        return lines._get_records_action(
            name=self.env._("Credits not allocated"), context={"create": False}
        )

    def _mend_by_customer(self):
        return self.case_id.partner_id._get_records_action(name=self.env._("Customer"))

    def _mend_by_take_out(self):
        """Claim the other items only."""
        self.case_id._take_out(self.item_ids)
        return False
