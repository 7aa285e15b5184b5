from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountDunningGolive(models.TransientModel):
    """The switch of the customers' page, which first checks the server's address."""

    _inherit = "account.dunning.golive"

    dunning_debtor_page = fields.Boolean(
        string="Page of the customers open",
        related="company_id.dunning_debtor_page",
        related_sudo=True,
    )
    page_problem = fields.Char(compute="_compute_page_problem")
    page_text = fields.Char(string="Page of the customers", compute="_compute_page_problem")

    @api.depends("company_id", "dunning_debtor_page")
    @api.depends_context("lang")
    def _compute_page_problem(self):
        """Say whether the page is open, and at which address; why not, only if it should be."""
        for golive in self:
            company = golive.company_id.sudo()
            on = company.dunning_debtor_page
            golive.page_problem = on and company._get_dunning_page_problem()
            golive.page_text = (
                self.env._("Open, on %s", company.get_base_url())
                if on and not golive.page_problem
                else self.env._("Off: the messages bring no link, and the letters no code.")
            )

    def action_open_page(self):
        """Let each notice contain a link to its customer's page.

        :raise UserError: if customers cannot open the server's address; says what to do
        """
        self._check_manager()
        company = self.company_id.sudo()
        if problem := company._get_dunning_page_problem():
            raise UserError(problem)
        company.dunning_debtor_page = True

    def action_close_page(self):
        """Close the page: links already sent open nothing any more."""
        self._check_manager()
        self.company_id.sudo().dunning_debtor_page = False
