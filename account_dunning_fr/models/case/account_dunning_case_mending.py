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
    """The button that settles each point examined; the examination then says whether it did."""

    _inherit = "account.dunning.case.finding"

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


class AccountDunningCase(models.Model):
    _inherit = "account.dunning.case"

    def action_add_piece(self, category="exchange"):
        """Ask for a document that no record holds."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a document"),
            "res_model": "account.dunning.case.piece",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id, "default_category": category},
        }

    def action_prepare_steps(self):
        """Go on with the preparation step by step."""
        self.ensure_one()
        return self.env["account.dunning.case.prepare"]._open_case(self)

    def _take_out(self, items):
        """Claim the other items only: sums, pieces and examination follow.

        :param items: ``account.dunning.case.item`` of this file
        :raise UserError: nothing would be left to claim
        """
        self.ensure_one()
        self._check_manage()
        if not self.item_ids - items:
            raise UserError(
                self.env._("This is all that the file claims: delete the file, or correct it.")
            )
        items.unlink()
        self.action_gather()

    def _examine_again(self):
        """Examine the files in preparation again, after a piece of theirs changed."""
        for case in self.sudo().filtered(lambda case: case.state == "preparation"):
            case._examine()
