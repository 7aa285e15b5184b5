from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_risk = fields.Boolean(
        string="Classes of the customers",
        help="Each night, from your own books alone: delays, broken promises, returned debits, age "
        "and limit. It changes nothing by itself.",
    )
    dunning_risk_sole_traders = fields.Boolean(
        string="Sole traders too",
        help="Off: legal persons only. Consumers are never rated nor watched.",
    )
    dunning_check_months = fields.Integer(
        string="Checked again after (months)",
        default=12,
        help="A customer whose last check is older is listed as to be checked.",
    )
    dunning_watch_bodacc = fields.Boolean(
        string="Ask the BODACC each day",
        help="The notices of collective proceedings of each day are read from the open data and "
        "compared here by SIREN: nothing of your customers leaves.",
    )
    dunning_bodacc_until = fields.Date(
        string="Notices read until", writer="code", help="The last day that was read whole."
    )
    dunning_watch_register = fields.Boolean(
        string="Ask the register of companies",
        help="The SIREN of each customer to be checked is sent to « recherche-entreprises », the "
        "public register: whether it is active, its legal form, its seat.",
    )

    _dunning_check_months_positive = models.Constraint(
        "CHECK (dunning_check_months BETWEEN 1 AND 60)",
        "Customers are checked again after one month at least, and sixty at most.",
    )
