from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.public_address import find_problem


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_debtor_page = fields.Boolean(
        string="Page of the customers",
        help="Each message brings its customer a link, and each letter a code, to a page that "
        "shows what he owes, and on which he pays, answers and asks. Off: no link anywhere.",
    )

    dunning_promise_days = fields.Integer(
        string="Days of tolerance",
        default=3,
        help="A payment that arrives this many days after the day promised still keeps a promise, "
        "or an instalment of a payment plan.",
    )
    dunning_promise_amount = fields.Monetary(
        string="Amount of tolerance",
        default=5.0,
        help="A promise, or an instalment of a payment plan, is kept even if this much is missing.",
    )
    dunning_plan_grace_days = fields.Integer(
        string="Time left to a consumer (days)",
        default=30,
        help="A consumer who missed an instalment is written to, and loses the term of his plan "
        "only if he has not paid after this many days.",
    )
    dunning_call_days = fields.Integer(
        string="Next call (working days)",
        default=3,
        help="Proposed after a call that did not reach anybody.",
    )

    _dunning_agreement_positive = models.Constraint(
        "CHECK (dunning_promise_days >= 0 AND dunning_promise_amount >= 0"
        " AND dunning_call_days >= 1 AND dunning_plan_grace_days >= 15)",
        "The time left to a consumer is fifteen days at least, the tolerances cannot be negative, "
        "and the next call is one working day later at least.",
    )

    # -- The page of the customers -----------------------------------------------------------------

    def _get_dunning_page_problem(self):
        """Return why no notice can contain a link to this server, and what to do, or False.

        With demonstration data, the local machine's address is accepted.
        """
        self.ensure_one()
        ours = self.env.ref("base.module_account_dunning_fr").sudo()
        address = self.get_base_url()
        env = self.env
        return {
            "none": env._(
                "Odoo does not know under which address it is reached: have your administrator "
                "write it in the system parameter web.base.url, for instance "
                "https://accounts.example.com."
            ),
            "plain": env._(
                "The address %s is not encrypted: whoever is on the way reads what your customers "
                "read. Have your administrator set up https, and write the address with https in "
                "the system parameter web.base.url.",
                address,
            ),
            "private": env._(
                "The address %s is known in your own network only: your customers would open "
                "nothing. Have your administrator give Odoo a public address, and write it in the "
                "system parameter web.base.url.",
                address,
            ),
        }.get(find_problem(address, loopback=bool(ours.demo)), False)

    def _is_dunning_page_open(self):
        """Whether the notices of this creditor contain a link: switched on, and reachable."""
        self.ensure_one()
        company = self.sudo()
        return company.dunning_debtor_page and not company._get_dunning_page_problem()

    def _open_dunning_page(self):
        """Open the page of these companies, for a demonstration, if the address allows it."""
        for company in self:
            company.dunning_debtor_page = not company._get_dunning_page_problem()

    @api.constrains("dunning_debtor_page")
    def _check_dunning_debtor_page(self):
        for company in self.filtered("dunning_debtor_page"):
            if problem := company._get_dunning_page_problem():
                raise ValidationError(problem)
