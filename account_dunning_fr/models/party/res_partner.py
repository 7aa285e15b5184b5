from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...core.citations import cite
from ...core.claims_allowed import allowed
from ...core.territories import territory
from ..common.groups import ACCOUNTING_GROUPS
from ..common.notifications import tell
from ..common.presence import count_present
from .french_numbers import FRENCH, read_siren, read_siret

REGIMES = [
    ("b2b", "Professional"),
    ("b2g", "Public body"),
    ("b2c", "Consumer"),
]
PAY_MODES = [
    ("transfer", "Transfer"),
    ("debit", "Direct debit"),
    ("other", "Another way"),
]
# Payment methods by direct debit: Odoo's (Enterprise) and OCA's
# (account_banking_sepa_direct_debit).
DEBIT_METHODS = ("sdd", "sepa_direct_debit")
PUBLIC_SIREN_STARTS = ("1", "2")  # State (1) and local authorities (2) in the SIRENE register

ADDRESS = ("street", "street2", "zip", "city", "country_id")


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_contact_id = fields.Many2one(
        "res.partner",
        string="Dunning contact",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Who receives the reminders. Empty: the invoice contact, else the customer itself.",
        groups=ACCOUNTING_GROUPS,
        index="btree_not_null",
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Collector",
        help="Who follows this customer's unpaid invoices. Empty: the salesperson.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language of the reminders",
        tracking=True,
        help="Empty: French for a customer in France, else the contact's language.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_regime = fields.Selection(
        REGIMES,
        string="Legal regime",
        tracking=True,
        groups=ACCOUNTING_GROUPS,
        help="Confirmed by a person. Until then no message states a rate, a penalty or the flat "
        "indemnity, and a consumer never owes an indemnity or costs.",
    )
    dunning_regime_proposed = fields.Selection(
        REGIMES,
        string="Proposed regime",
        compute="_compute_dunning_regime_proposed",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_pay_mode = fields.Selection(
        PAY_MODES,
        string="How he pays",
        tracking=True,
        groups=ACCOUNTING_GROUPS,
        help="By direct debit: the message before the due date announces the debit instead of "
        "asking for a payment, and no reminder leaves before the bank had its days to return it.",
    )
    dunning_pay_mode_proposed = fields.Selection(
        PAY_MODES,
        string="How he pays, by his payment method",
        compute="_compute_dunning_pay_mode_proposed",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_siren = fields.Char(
        string="SIREN",
        compute="_compute_dunning_siren",
        store=True,
        index="btree_not_null",
        groups=ACCOUNTING_GROUPS,
        help="Read from the company number (SIREN or SIRET), else from the VAT number. French "
        "numbers only, whose check digits are right.",
    )
    dunning_siren_wrong = fields.Boolean(
        string="Wrong SIREN or VAT number",
        compute="_compute_dunning_siren",
        store=True,
        groups=ACCOUNTING_GROUPS,
        help="The check digits of the SIREN, the SIRET or the French VAT number are wrong.",
    )

    @api.depends("company_registry", "vat", "country_id")
    def _compute_dunning_siren(self):
        for partner in self:
            partner.dunning_siren, partner.dunning_siren_wrong = read_siren(
                partner.company_registry, partner.vat, partner.country_id.code
            )

    @api.depends("is_company", "vat", "dunning_siren")
    def _compute_dunning_regime_proposed(self):
        for partner in self:
            siren = partner._get_dunning_siren()
            if siren.startswith(PUBLIC_SIREN_STARTS):
                partner.dunning_regime_proposed = "b2g"
            elif siren or partner.vat or partner.is_company:
                partner.dunning_regime_proposed = "b2b"
            else:
                partner.dunning_regime_proposed = "b2c"

    @api.depends("property_inbound_payment_method_line_id")
    @api.depends_context("company")
    def _compute_dunning_pay_mode_proposed(self):
        for partner in self:
            method = partner.sudo().property_inbound_payment_method_line_id
            if method.code in DEBIT_METHODS:
                partner.dunning_pay_mode_proposed = "debit"
            else:
                partner.dunning_pay_mode_proposed = method and "transfer"

    def action_take_dunning_pay_mode(self):
        """Confirm that these customers pay the way their payment method suggests."""
        for partner in self:
            partner.dunning_pay_mode = partner.dunning_pay_mode_proposed

    def _pays_dunning_by_debit(self):
        """Whether this customer's account is debited, as confirmed by a person."""
        return self.commercial_partner_id.sudo().dunning_pay_mode == "debit"

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("dunning_regime") for vals in vals_list):
            self._check_dunning_confirm_regime()
        return super().create(vals_list)

    def write(self, vals):
        if "email" in vals:
            self._forget_dunning_bounces(vals["email"])
        if "dunning_regime" in vals:
            self._check_dunning_confirm_regime()
        numbers = {}
        if self._will_dunning_change(vals, ("vat", "company_registry", "country_id")):
            companies = self.sudo().ref_company_ids
            numbers = {company: company._get_dunning_own_siren() for company in companies}
        result = super().write(vals)
        if "tz" in vals and self.sudo().ref_company_ids:
            self.env.registry.clear_cache()  # the time zone of a company is kept
        for company, number in numbers.items():
            if company._get_dunning_own_siren() != number:
                company._on_dunning_creditor_change()
        return result

    def _will_dunning_change(self, vals, names):
        """Whether any of these values is another than what is there; where in doubt, it is.

        A form, and the page where a customer corrects his address, write what is there already.
        """
        return any(
            (self._fields[name].convert_to_write(partner[name], partner) or False)
            != (vals[name] or False)
            for name in names
            if name in vals
            for partner in self.sudo()
        )

    def _check_dunning_confirm_regime(self):
        """:raise AccessError: unless the user may set the legal regime of a customer"""
        if not self.env.su and not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users confirm the legal regime of a customer.")
            )

    def _get_dunning_siren(self):
        """Return the SIREN, read from the company number (SIREN or SIRET), else the VAT number.

        :return: nine digits, or an empty string
        """
        self.ensure_one()
        return self.sudo().dunning_siren or ""

    def _get_dunning_siret(self):
        """Return the SIRET of the company number (14 digits), or an empty string."""
        self.ensure_one()
        return read_siret(self.company_registry) if self._is_dunning_french() else ""

    def _get_dunning_siren_text(self):
        """Return the SIREN for display, in groups of three digits."""
        siren = self._get_dunning_siren() or ""
        return "\N{NO-BREAK SPACE}".join(siren[i : i + 3] for i in range(0, len(siren), 3))

    def _is_dunning_french(self):
        """Whether the customer can have a SIREN, as far as is known."""
        self.ensure_one()
        return not self.country_id or self.country_id.code in FRENCH

    def _get_dunning_recipient(self, moves=None):
        """Return the contact who receives the notices of this customer.

        The dunning contact, else the contact of the invoices, else the invoice address, else the
        customer: the first one with a valid e-mail address or, if no address is on file, just the
        first one. Archived contacts are skipped: they have left.

        :param moves: ``account.move``, the invoices that the notice claims
        """
        self.ensure_one()
        candidates = self.dunning_contact_id
        if moves:
            candidates |= self._get_dunning_invoiced_contacts(moves)
        candidates |= self.browse(self.address_get(["invoice"])["invoice"]) | self
        candidates = candidates.filtered("active") or self
        return (candidates.filtered("email_normalized") or candidates)[0]

    def _get_dunning_without_email(self):
        """Return who would receive these customers' notices, had they a valid address."""
        customers = self.commercial_partner_id
        contacts = self.browse().union(*(each._get_dunning_recipient() for each in customers))
        return contacts.filtered(lambda contact: not contact.email_normalized)

    def action_dunning_type_emails(self):
        """Open the contacts of these customers whose e-mail is missing, to enter it in the list."""
        view = self.env.ref("account_dunning_fr.view_partner_emails_list")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mails to type"),
            "res_model": self._name,
            "view_mode": "list,form",
            "views": [(view.id, "list"), (False, "form")],
            "domain": [("id", "in", self._get_dunning_without_email().ids)],
            "context": {"active_test": False},
        }

    def _get_dunning_invoiced_contacts(self, moves):
        """Return the contacts of this customer named on invoices, those who owe most first."""
        owed = {}
        for move in moves:
            contact = move.partner_id
            if contact != self and contact.commercial_partner_id == self:
                owed[contact] = owed.get(contact, 0.0) + abs(move.amount_total_signed)
        return self.union(*sorted(owed, key=lambda contact: (-owed[contact], contact.id))) - self

    def _get_dunning_lang(self):
        """Return the code of the language in which to write to this customer."""
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        if self.dunning_lang in installed:
            return self.dunning_lang
        if self._is_dunning_french() and "fr_FR" in installed:
            return "fr_FR"
        return self._get_dunning_recipient().lang or self.env.lang or "en_US"

    def _get_dunning_likely_regime(self):
        """Return the confirmed regime, else the proposed one.

        For what an invoice says before anything is owed. Nothing is claimed under an unconfirmed
        regime (``_get_dunning_rights``).
        """
        customer = self.commercial_partner_id.sudo()
        return customer.dunning_regime or customer.dunning_regime_proposed

    def _get_dunning_rights(self):
        """Return what may be claimed from this customer (``core.claims_allowed.Allowed``)."""
        return allowed(self.commercial_partner_id.sudo().dunning_regime)

    def _get_dunning_law(self, *parts):
        """Return the articles under which this customer owes something, in the language in use.

        :param parts: names of the rights: ``penalties``, ``indemnity``
        :return: text; empty if the customer owes none of it
        """
        rights = self._get_dunning_rights()
        french = (self.env.lang or "").startswith("fr")
        return cite([getattr(rights, part) for part in parts], french=french)

    def action_dunning_page(self):
        """Open the page of this customer to work from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_dunning_customer"
        )
        customer = self.commercial_partner_id
        return {**action, "res_id": customer.id, "display_name": customer.display_name}

    def action_confirm_dunning_regime(self):
        """Confirm the proposed regime of the selected customers that have none yet.

        :return: for several customers, an action that says how many were confirmed
        """
        self._check_dunning_confirm_regime()
        customers = self.commercial_partner_id
        missing = customers.filtered(lambda partner: not partner.dunning_regime)
        for partner in missing.sudo():
            partner.dunning_regime = partner.dunning_regime_proposed
        if len(self) == 1:
            return None
        done = self.env._("Legal regimes confirmed: %s.", len(missing))
        return tell(self.env, done, [self.env._("confirmed already")] * len(customers - missing))

    # -- Counters of the form, from one query ------------------------------------------------------

    def _valid_field_parameter(self, field, name):
        """Field parameters that let the form of a customer query most of our fields at once.

        - ``counted=(model, domain, *depends)``: the records of a customer that a field counts. Each
          room declares its counters, which ``_compute_dunning_counts`` computes;
        - ``usual``: a counter that is not 0 for most customers, and is therefore counted at once;
        - ``seldom``: a list that is empty for most customers;
        - ``follows="name"``: a field that is empty if this counter is 0, or this stored field
          empty.
        """
        ours = ("counted", "usual", "seldom", "follows")
        return name in ours or super()._valid_field_parameter(field, name)

    @api.model
    def _get_dunning_counted(self):
        """Return the counters, ``{field name: (model, domain, *depends)}``."""
        return {
            name: counted
            for name, field in self._fields.items()
            if (counted := getattr(field, "counted", None))
        }

    @api.model
    def _get_dunning_counted_depends(self):
        depends = (names for _model, _domain, *names in self._get_dunning_counted().values())
        return ["commercial_partner_id", *chain.from_iterable(depends)]

    @api.depends(lambda self: self._get_dunning_counted_depends())
    def _compute_dunning_counts(self):
        counted = {
            name: what
            for name, what in self._get_dunning_counted().items()
            # What is already known, such as that there is none, is not counted again.
            if any(True for _id in self._fields[name]._cache_missing_ids(self))
        }
        counts = self._count_dunning(counted)
        for partner in self:
            for name in counted:
                customer = partner.commercial_partner_id._origin
                partner[name] = counts.get((name, customer.id), 0)

    def _count_dunning(self, counted):
        """Count with one statement, respecting access rules.

        :param dict counted: some of ``_get_dunning_counted``
        :return: ``{(field name, customer's id): count}``, without zeros
        """
        parts = [
            SQL(
                "SELECT %s, partner_id, count(*) FROM (%s) counted GROUP BY partner_id",
                name,
                self._search_dunning_counted(*what).select("partner_id"),
            )
            for name, what in counted.items()
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts else []
        return {(name, partner_id): count for name, partner_id, count in rows}

    def _search_dunning_counted(self, model, domain, *_depends):
        """Return the query of a counter, as its field declares it (``counted``).

        Through the ORM's search, so that access rules apply.
        """
        customers = self.commercial_partner_id._origin
        return self.env[model]._search([("partner_id", "in", customers.ids), *domain])

    # -- Fields that are empty for most customers, found by one query ------------------------------

    def web_read(self, specification):
        """For a form with our lists, find out at once which of them have a line."""
        if len(self) == 1 and self.id:
            shown = [self._fields[name] for name in specification if name in self._fields]
            if any(getattr(field, "seldom", False) for field in shown):
                self._cache_dunning_absent(shown)
        return super().web_read(specification)

    def _cache_dunning_absent(self, shown):
        """Cache what this customer has none of, and the usual counters.

        Only if there is no record at all, whoever asks. Anything else is read by Odoo as always,
        respecting access rules; usual counters respect them too.

        :param shown: the fields requested
        """
        lists, counters, followers = self._choose_dunning_known(shown)
        customers = self.commercial_partner_id.ids
        usual = {field for field in counters if getattr(field, "usual", False)}
        found = count_present(
            self.env,
            {field: (field.comodel_name, field.inverse_name, self.ids) for field in lists}
            | {field: (field.counted[0], "partner_id", customers) for field in counters - usual},
            {field: self._search_dunning_counted(*field.counted) for field in usual},
        )
        known = {field: found[field] for field in usual}
        known |= {field: () for field in lists if field not in found}
        known |= {field: 0 for field in counters - usual if field not in found}
        for field, followed in followers.items():
            if not (known.get(followed, True) if followed in counters else self[followed.name]):
                known[field] = None
        for field, value in known.items():
            field._insert_cache(self, [value])

    def _choose_dunning_known(self, shown):
        """Return which of these fields are known at once: seldom lists, counters, and followers.

        :return: list; set, including those that are followed; ``{field: the one that it follows}``
        """
        marked = [
            field
            for field in shown
            if getattr(field, "seldom", None)
            or getattr(field, "counted", None)
            or getattr(field, "follows", None)
        ]
        marked = [field for field in marked if self._has_field_access(field, "read")]
        followers = {
            field: self._fields[field.follows]
            for field in marked
            if getattr(field, "follows", None)
        }
        lists = [field for field in marked if getattr(field, "seldom", None)]
        counters = {
            field for field in (*marked, *followers.values()) if getattr(field, "counted", None)
        }
        return lists, counters, followers

    def _get_dunning_user(self):
        """Return who is in charge of the customer: the collector, else the salesperson, if any."""
        return self.dunning_user_id or self.user_id

    def _get_dunning_territory(self):
        """Return the territory, in terms of `core.territories`, whose public holidays apply."""
        return territory(self.zip or "", self.country_id.code or "")

    # -- Address -----------------------------------------------------------------------------------
    # A corrected one lets a customer be written to again whose letter or mail came back.

    def _get_dunning_address(self):
        """Return the postal address as comparable values."""
        self.ensure_one()
        return [(self[name].id if name == "country_id" else self[name]) or "" for name in ADDRESS]

    def _forget_dunning_bounces(self, email):
        """Forget the bounces of an address that was corrected.

        :param email: the new address
        """
        corrected = self.filtered(lambda p: p.email != email)
        corrected.sudo().filtered("message_bounce").message_bounce = 0
