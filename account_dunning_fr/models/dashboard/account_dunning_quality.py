from odoo import api, fields, models
from odoo.tools import SQL, drop_view_if_exists

from ..common.due import RECEIVABLE_SQL
from ..common.marks import tells
from ..party.french_numbers import FRENCH

GAPS = (
    "no_email",
    "no_address",
    "no_siren",
    "wrong_siren",
    "same_siren",
    "no_regime",
    "no_iban",
    "archived",
    "never_sent",
    "due_before_invoice",
)

# Conditions of the gaps, with the aliases of ``_table_query``.
NO_EMAIL = SQL(
    """
    partner.email_normalized IS NULL AND NOT EXISTS (
      SELECT FROM res_partner contact
       WHERE (contact.id = partner.dunning_contact_id
              OR contact.parent_id = partner.id AND contact.type = 'invoice')
         AND contact.active AND contact.email_normalized IS NOT NULL
    )
    """
)
NO_ADDRESS = SQL(
    """
    NULLIF(trim(partner.street), '') IS NULL
        OR NULLIF(trim(partner.zip), '') IS NULL
        OR NULLIF(trim(partner.city), '') IS NULL
    """
)
SAME_SIREN = SQL(
    """
    EXISTS (
      SELECT FROM res_partner other
       WHERE other.dunning_siren = NULLIF(partner.dunning_siren, '')
         AND other.id <> partner.id AND other.active
         AND other.commercial_partner_id = other.id
         AND (other.company_id IS NULL OR partner.company_id IS NULL
              OR other.company_id = partner.company_id)
         -- The creditor itself is no other customer.
         AND NOT EXISTS (
           SELECT FROM res_company own WHERE own.partner_id = other.id
         )
    )
    """
)
NO_IBAN = SQL(
    """
    NOT EXISTS (
      SELECT FROM account_journal journal
        JOIN res_partner_bank bank
          ON bank.id = journal.bank_account_id AND bank.active
        JOIN res_company owner ON owner.id = journal.company_id
       WHERE journal.type = 'bank' AND journal.active
         AND starts_with(company.parent_path, owner.parent_path)
    )
    """
)
NEVER_SENT = SQL(
    """
    EXISTS (
      SELECT FROM account_move move
       WHERE move.commercial_partner_id = late.partner_id
         AND move.company_id = late.company_id
         AND move.move_type = 'out_invoice' AND move.state = 'posted'
         AND move.is_move_sent IS NOT TRUE
         AND move.payment_state IN ('not_paid', 'partial')
         AND move.invoice_date_due < late.today
    )
    """
)
# The late customers of each company, on the current day of its creditor.
LATE = """
    -- By contact first: items are many, and are then looked up no further.
    SELECT max(item.item_id) AS item_id, debtor.commercial_partner_id AS partner_id,
           item.company_id, sum(item.amount_overdue) AS amount_overdue,
           bool_or(item.due_before_invoice) AS due_before_invoice,
           max(item.today) AS today
      FROM (
        SELECT max(aml.id) FILTER (WHERE late.is_late) AS item_id,
               aml.partner_id, aml.company_id, max(creditor.today) AS today,
               sum(aml.amount_residual) FILTER (WHERE late.is_late)
                   AS amount_overdue,
               COALESCE(bool_or(late.is_late AND aml.amount_residual > 0
                   AND aml.date_maturity < aml.invoice_date), FALSE)
                   AS due_before_invoice
          FROM account_move_line aml
          JOIN unnest(%(companies)s::int[], %(days)s::date[]) creditor (company_id, today)
            ON creditor.company_id = aml.company_id
          CROSS JOIN LATERAL (
            -- No condition: the items lie together by account, not by due date.
            SELECT COALESCE(aml.date_maturity, aml.date) < creditor.today
          ) late (is_late)
         WHERE aml.account_id = ANY (ARRAY(
                 SELECT id FROM account_account account WHERE %(receivable)s))
           AND aml.reconciled IS NOT TRUE AND aml.parent_state = 'posted'
         GROUP BY aml.partner_id, aml.company_id
      ) item
      JOIN res_partner debtor ON debtor.id = item.partner_id
     GROUP BY debtor.commercial_partner_id, item.company_id
    HAVING sum(item.amount_overdue) > 0
"""


class AccountDunningQuality(models.Model):
    """What is missing on late customers, before anything is sent to them.

    Nothing is stored; one row per customer and company with overdue items. Filling the gap removes
    the customer from the list at once.
    """

    _name = "account.dunning.quality"
    _description = "Customer to Complete before Dunning"
    _auto = False
    _order = "amount_overdue DESC, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    amount_overdue = fields.Monetary(
        string="Overdue", currency_field="company_currency_id", readonly=True
    )
    no_email = fields.Boolean(
        string="No e-mail",
        readonly=True,
        help="Neither the customer nor its dunning or invoice contact has an e-mail address that "
        "can be written to.",
    )
    no_address = fields.Boolean(
        string="No postal address", readonly=True, help="Street, postcode or town is missing."
    )
    no_siren = fields.Boolean(
        string="No SIREN",
        readonly=True,
        help="A company in France without a SIREN, SIRET or VAT number whose check digits are "
        "right: needed in court.",
    )
    wrong_siren = fields.Boolean(
        string="Wrong SIREN or VAT number",
        readonly=True,
        help="The check digits of the SIREN, the SIRET or the French VAT number are wrong: correct "
        "it before it stands in a formal notice or in a court file.",
    )
    same_siren = fields.Boolean(
        string="Other customer with this SIREN",
        readonly=True,
        help="Two customers are one debtor: merge them, or make one a contact of the other. Until "
        "then each is chased on its own.",
    )
    no_regime = fields.Boolean(
        string="Regime to confirm",
        readonly=True,
        help="Until it is confirmed, no message states a rate, a penalty or the flat indemnity.",
    )
    no_iban = fields.Boolean(
        string="None of our IBAN",
        readonly=True,
        help="None of our bank journals has an account: the letter cannot say where to pay.",
    )
    never_sent = fields.Boolean(
        string="Invoice never sent",
        readonly=True,
        help="Odoo knows of no sending of an overdue invoice to this customer.",
    )
    due_before_invoice = fields.Boolean(
        string="Due before its invoice",
        readonly=True,
        help="An overdue invoice is dated after its own due date: correct one of them. No interest "
        "runs before the invoice exists.",
    )

    archived = fields.Boolean(
        string="Archived customer",
        readonly=True,
        help="An archived customer still owes: no e-mail leaves for it until it is taken out of "
        "the archive or another recipient is chosen.",
    )

    missing = fields.Char(string="What is missing", compute="_compute_missing")

    @api.depends(*GAPS)
    @api.depends_context("lang")
    def _compute_missing(self):
        labels = {name: self._fields[name]._description_string(self.env) for name in GAPS}
        for row in self:
            row.missing = ", ".join(label for name, label in labels.items() if row[name])

    def init(self):
        drop_view_if_exists(self.env.cr, self._table)  # left by former versions

    @property
    def _table_query(self):
        """The late customers with a gap: a table, so that Odoo can group and sum it."""
        return SQL(
            """
            SELECT gap.item_id AS id, gap.partner_id, gap.company_id, gap.amount_overdue,
                   gap.no_email, gap.no_address, gap.no_siren, gap.wrong_siren, gap.same_siren,
                   gap.no_regime, gap.no_iban, gap.archived, gap.never_sent,
                   gap.due_before_invoice
              FROM (
                SELECT late.*, %(conditions)s
                  FROM (%(late)s) late
                  JOIN res_partner partner ON partner.id = late.partner_id
                  JOIN res_company company ON company.id = late.company_id
                  LEFT JOIN res_country country ON country.id = partner.country_id
              ) gap
             WHERE %(gaps)s
            """,
            conditions=SQL(", ").join(
                SQL("%s AS %s", condition, SQL.identifier(name))
                for name, condition in self._get_gap_conditions().items()
            ),
            late=self._get_late(),
            gaps=SQL(" OR ").join(SQL.identifier("gap", name) for name in GAPS),
        )

    @api.model
    def _get_late(self):
        """Return the query of the late customers, each company on the day of its creditor."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search([("parent_path", "!=", False)])
        now = fields.Datetime.now()
        return SQL(
            LATE,
            companies=companies.ids,
            days=[company.dunning_creditor_id._get_dunning_day(now) for company in companies],
            receivable=SQL(RECEIVABLE_SQL),
        )

    @api.model
    def _get_gap_conditions(self):
        """Return the condition of each gap: SQL on ``late``, ``partner``, ``company``, ``country``.

        ``due_before_invoice`` is read with the items.
        """
        return {
            "no_email": NO_EMAIL,
            "no_address": NO_ADDRESS,
            "no_siren": SQL(
                """
                COALESCE(partner.is_company, FALSE)
                    AND (country.code IS NULL OR country.code IN %s)
                    AND NULLIF(partner.dunning_siren, '') IS NULL
                """,
                FRENCH,
            ),
            "wrong_siren": SQL("COALESCE(partner.dunning_siren_wrong, FALSE)"),
            "archived": SQL("NOT COALESCE(partner.active, TRUE)"),
            "same_siren": SAME_SIREN,
            "no_regime": SQL("partner.dunning_regime IS NULL"),
            "no_iban": NO_IBAN,
            "never_sent": NEVER_SENT,
        }

    def action_open_partner(self):
        """Open the customer to fill in what is missing."""
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_type_emails(self):
        """Open those of these customers, or of all, without an e-mail, to type it in the list."""
        shown = self or self.search([("no_email", "=", True)])
        return shown.filtered("no_email").partner_id.action_dunning_type_emails()


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    @tells
    def _get_quality_tasks(self, creditors, today):
        label = self.env._("Customers to complete")
        action = "action_account_dunning_quality"
        companies = self.env.companies.filtered(lambda each: each.dunning_creditor_id in creditors)
        return [self._count_task(companies, "quality", label, 90, action, [], "amount_overdue")]
