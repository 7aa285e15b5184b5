from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...core.filenames import written_name
from .account_dunning_insolvency_course import DATES


class AccountDunningInsolvencyRetention(models.AbstractModel):
    """Goods delivered under retention of title: which are unpaid, and the letter that claims them.

    They are claimed within three months of the publication of the judgment (C. com. L. 624-9), by
    registered letter to the administrator or, if there is none, to the representative (R. 624-13).
    """

    _name = "account.dunning.insolvency.retention"
    _inherit = ["account.dunning.guarded"]
    _description = "Retention of Title in Insolvency Proceedings"

    retention_of_title = fields.Boolean(
        compute="_compute_retention_of_title",
        store=True,
        readonly=False,
        help="A clause of retention of title covers goods delivered before the judgment: known "
        "from the general terms that the customer accepted, or ticked with the document.",
        writer=DATES,
    )
    retention_terms_id = fields.Many2one(
        "account.dunning.terms",
        string="Clause in the general terms",
        compute="_compute_retention_terms_id",
        compute_sudo=True,
    )
    retention_file = fields.Binary(
        string="Document with the clause", attachment=True, copy=False, writer=DATES
    )
    retention_file_name = fields.Char(copy=False, writer=DATES)
    good_ids = fields.One2many(
        "account.dunning.insolvency.good", "insolvency_id", string="Goods", copy=False
    )

    @api.depends("partner_id", "company_id", "date_opening")
    def _compute_retention_terms_id(self):
        for record in self:
            record.retention_terms_id = record._find_retention_acceptance().terms_id

    @api.depends("partner_id", "company_id", "date_opening")
    def _compute_retention_of_title(self):
        for record in self:
            found = bool(record._find_retention_acceptance())
            record.retention_of_title = record.retention_of_title or found

    def _find_retention_acceptance(self):
        """Return the last acceptance, before the opening, of general terms with the clause."""
        self.ensure_one()
        acceptances = self.env["account.dunning.terms.acceptance"].sudo()
        if not (self.partner_id and self.company_id and self.date_opening):
            return acceptances
        return acceptances.search(
            [
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("terms_id.retention_of_title", "=", True),
                ("date", "<", self.date_opening),
            ],
            limit=1,
        )

    def _claims_goods(self):
        """Whether goods are to be claimed: with the clause, unless the list shows none."""
        self.ensure_one()
        listed = self.good_ids
        return self.retention_of_title and (not listed or any(listed.mapped("claimed")))

    # -- The list ----------------------------------------------------------------------------------

    def action_list_goods(self):
        """List the goods of what was unpaid at the opening; existing lines are kept."""
        self.check_access("write")
        for record in self:
            record._check_open(DATES.split())
            lines = record._get_unpaid_lines() - record.good_ids.move_line_id
            # The letter is in the creditor's language, including the names of units.
            lines = lines.with_env(record._in_dunning_lang().env)
            delivered = record._get_deliveries(lines)
            record.good_ids = [
                Command.create({**record._prepare_good(line), **delivered.get(line, {})})
                for line in lines
            ]
            if not record.good_ids:
                raise UserError(
                    self.env._("No goods stand on the invoices that were unpaid at the opening.")
                )
        self._sync_todos()

    def _get_unpaid_lines(self):
        """Return the invoice lines of goods whose price was not paid in full at the opening."""
        self.ensure_one()
        claims = self._get_claims(with_penalties=False)
        moves = self.env["account.move"].union(
            *(claim["item"].move_id for claim in claims if claim["principal"] > 0)
        )
        return moves.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line.price_total > 0
                and line.product_id.type != "service"
            )
        )

    @api.model
    def _get_deliveries(self, lines):
        """Return what is known about the delivery of invoice lines; the stock bridge extends it.

        :return: ``{line: {"delivered": str, "lots": str}}``
        """
        return {}

    @api.model
    def _prepare_good(self, line):
        return {
            "move_line_id": line.id,
            "name": " – ".join((line.name or line.product_id.display_name or "").split("\n")),
            "quantity": line.quantity,
            "uom": line.product_uom_id.name,
            "amount": line.price_total,
        }

    # -- The letter --------------------------------------------------------------------------------

    def action_print_retention(self):
        """Print the letter that claims the goods, with its list."""
        if not self._get_claimed_goods():
            raise UserError(self.env._("List the goods first, and tick those that are claimed."))
        return self.env.ref("account_dunning_fr.report_retention_letter").report_action(
            self, config=False
        )

    def _get_claimed_goods(self):
        """Return the claimed goods, in the order of their invoices."""
        return self.good_ids.filtered("claimed").sorted(
            lambda good: (
                good.move_id.invoice_date or self.company_id._get_dunning_day(good.create_date),
                good.id,
            )
        )

    def _get_retention_rows(self):
        """Return the letter's list: dicts ``move``, ``left`` (unpaid at the opening), ``goods``."""
        self.ensure_one()
        left = {}
        for claim in self._get_claims(with_penalties=False):
            move = claim["item"].move_id
            left[move] = left.get(move, 0.0) + claim["principal"]
        goods = self._get_claimed_goods().grouped("move_id")
        return [
            {"move": move, "left": left.get(move, 0.0), "goods": group}
            for move, group in goods.items()
        ]

    def _get_retention_recipient(self):
        """Return whom the goods are claimed from: the administrator, or else the representative."""
        return self.administrator_id or self.representative_id

    def _get_retention_file_name(self):
        """Return the file name of the letter, without extension."""
        self.ensure_one()
        return written_name(self.env._("Retention of title %s", self.partner_id.name))
