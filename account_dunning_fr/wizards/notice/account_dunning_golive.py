from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.common.creditors_day import creditors_day
from ...models.notice.account_dunning_notice_line import DROP_REASONS

# Other modules that write to late customers: OCA's, and those of the Enterprise edition.
OTHER_MODULES = (
    "account_credit_control",
    "account_followup",
    "account_invoice_overdue_reminder",
    "account_invoice_overdue_reminder_queue",
    "om_account_followup",
)


class AccountDunningGolive(models.TransientModel):
    """Before notices are switched on: what would be sent today, and why the rest would not."""

    _name = "account.dunning.golive"
    _inherit = ["account.dunning.dialog"]
    _description = "Switching the Reminders on"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    dunning_active = fields.Boolean(related="company_id.dunning_active", related_sudo=True)
    line_ids = fields.One2many(
        "account.dunning.golive.line",
        "golive_id",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
    )
    leaving_count = fields.Integer(string="Leave by themselves", compute="_compute_counts")
    confirm_count = fields.Integer(string="Wait for a confirmation", compute="_compute_counts")
    kept_count = fields.Integer(string="Not written to", compute="_compute_counts")
    leaving_amount = fields.Monetary(string="Claimed in all", compute="_compute_counts")
    excluded_count = fields.Integer(
        string="Entries excluded by default",
        compute="_compute_backlog",
        help="Open items of miscellaneous entries, such as an opening balance: Odoo excludes them "
        "from follow-up.",
    )
    backlog_count = fields.Integer(
        string="Old items",
        compute="_compute_backlog",
        help="Overdue for so long that, had the reminders been on, they would be past their first "
        "one. Without a start level they begin with it.",
    )
    reason = fields.Char(
        string="Reason of the start levels",
        default=lambda self: self._default_reason(),
        help="Kept on each item, with who set it and when.",
    )
    statement_warning = fields.Char(compute="_compute_warnings")
    missing_warning = fields.Char(compute="_compute_warnings")
    foreign_warning = fields.Char(compute="_compute_warnings")
    others_warning = fields.Char(compute="_compute_warnings")
    print_warning = fields.Char(compute="_compute_warnings")
    account_warning = fields.Char(compute="_compute_account")
    account_text = fields.Char(string="Account on the letters", compute="_compute_account")
    ready_policies = fields.Char(
        string="Ready policies",
        compute="_compute_has_rules",
        help="For the customers whom the law treats apart: no rule chooses their policy yet.",
    )
    mentions_text = fields.Char(string="Mentions on the invoices", compute="_compute_mentions_text")
    has_rules = fields.Boolean(string="Rules apply", compute="_compute_has_rules")

    @api.model
    def _default_reason(self):
        return self.env._("Reminded before the reminders were switched on in Odoo")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Switching the reminders on")

    @api.depends("company_id")
    def _compute_line_ids(self):
        for golive in self:
            golive.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in golive._prepare_lines()),
            ]

    def _prepare_lines(self):
        """Return one line per customer, those written to first, from the plan of today."""
        by_customer = {}
        for row in self._get_rows():
            by_customer.setdefault(row.partner_id, []).append(row)
        lines = [self._prepare_line(each, group) for each, group in by_customer.items()]
        order = list(dict(self.env["account.dunning.golive.line"]._fields["outcome"].selection))
        return sorted(lines, key=lambda line: (order.index(line["outcome"]), -line["amount"]))

    def _get_rows(self):
        """Return the plan of today; users who work only in branches see only their customers."""
        rows = self.env["account.dunning.plan"].sudo()._simulate(self.company_id)
        companies = self.env.companies
        if self.company_id in companies:
            return rows
        own = {row.partner_id for row in rows if row.company_id in companies.ids}
        return [row for row in rows if row.partner_id in own]

    def _prepare_line(self, partner_id, rows):
        claimed = [row for row in rows if row.final_role == "claimed"]
        reasons = {row.reason for row in rows if row.final_role is None}
        labels = dict(DROP_REASONS)
        known = [reason for reason in labels if reason in reasons]
        selection = self.env["account.dunning.notice.line"]._fields["drop_reason"]
        translated = dict(selection._description_selection(self.env))
        level = self.env["account.dunning.level"].sudo()
        if claimed:
            level = level.browse(claimed[0].tone_level_id)
        outcome = "kept"
        if claimed:
            outcome = "leaves" if level.automatic else "confirm"
        return {
            "partner_id": partner_id,
            "outcome": outcome,
            "level_id": level.id,
            "channels": level.channels,
            "item_count": len(claimed),
            "amount": sum(float(row.due_company) for row in claimed),
            "open_amount": sum(
                float(row.residual_company) for row in rows if row.stop != "no_debt"
            ),
            "reasons": ", ".join(translated[reason] for reason in known),
        }

    @api.depends("line_ids")
    def _compute_counts(self):
        for golive in self:
            by_outcome = golive.line_ids.grouped("outcome")
            leaving = by_outcome.get("leaves", golive.line_ids.browse())
            confirm = by_outcome.get("confirm", golive.line_ids.browse())
            golive.leaving_count = len(leaving)
            golive.confirm_count = len(confirm)
            golive.kept_count = len(golive.line_ids) - len(leaving) - len(confirm)
            golive.leaving_amount = sum((leaving + confirm).mapped("amount"))

    @api.depends("company_id", "line_ids")
    def _compute_backlog(self):
        for golive in self:
            golive.excluded_count = len(golive._get_excluded_items())
            proposals = golive._get_proposals()
            golive.backlog_count = sum(len(items) for items in proposals.values())

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_warnings(self):
        today = creditors_day(self)
        for golive in self:
            company = golive.company_id.sudo()
            golive.statement_warning = company._get_dunning_statement_warning(today)
            golive.foreign_warning = company._get_dunning_foreign_problem()
            golive.others_warning = golive._get_others_warning()
            golive.print_warning = self.env["ir.actions.report"]._get_dunning_print_problem()
            foreign = not company._is_dunning_french()
            missing = [
                label
                for value, label in (
                    (company.street and company.zip and company.city, self.env._("postal address")),
                    (company.email, self.env._("e-mail address")),
                    (company.partner_id._get_dunning_siren() or foreign, self.env._("SIREN")),
                    (company._get_dunning_bank_account(), self.env._("account of a bank journal")),
                    (company.dunning_legal_form, self.env._("legal form")),
                    (company.dunning_rcs_city or foreign, self.env._("town of the RCS")),
                    (company.dunning_user_id, self.env._("who signs")),
                    (
                        not company.dunning_user_id or company.dunning_user_id.partner_id.function,
                        self.env._("in which capacity, as a job position"),
                    ),
                )
                if not value
            ]
            golive.missing_warning = bool(missing) and self.env._(
                "The letters would lack: %s. Fill them in on the company and in the settings.",
                ", ".join(missing),
            )

    def _get_others_warning(self):
        """Return which other modules write to the same customers, for the user, or False."""
        modules = self.env["ir.module.module"].sudo()
        others = modules.search([("name", "in", OTHER_MODULES), ("state", "=", "installed")])
        return bool(others) and self.env._(
            "%s writes to customers who are late too: use one of them only, or the same invoice is "
            "claimed twice. Switch its reminders off, or exclude its customers, before these are "
            "switched on.",
            ", ".join(f"{module.shortdesc} ({module.name})" for module in others),
        )

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_account(self):
        """The account printed on letters by default, and who changed it recently."""
        today = creditors_day(self)
        for golive in self:
            company = golive.company_id.sudo()
            account = company._get_dunning_bank_account()
            golive.account_text = account.display_name or self.env._(
                "None: no bank journal has an account, and no letter says where to pay."
            )
            golive.account_warning = company._get_dunning_account_warning(today)

    @api.depends("company_id")
    def _compute_has_rules(self):
        for golive in self:
            rules = self.env["account.dunning.rule"]._get_applicable(golive.company_id)
            golive.has_rules = bool(rules)
            ready = self.env["account.dunning.rule"]._get_ready(golive.company_id)
            golive.ready_policies = ", ".join(policy.name for policy in ready.values())

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_mentions_text(self):
        """Warn if the invoices of a French creditor do not state what the letters will claim."""
        for golive in self:
            company = golive.company_id.sudo()
            missing = company._is_dunning_french() and not company.dunning_mentions
            golive.mentions_text = missing and self.env._(
                "Off: the invoices do not state the rate and the indemnity that the letters claim."
            )

    def _get_excluded_items(self):
        """Return the open items of miscellaneous entries that Odoo excludes from follow-up."""
        self.ensure_one()
        ids = [row.move_line_id for row in self._get_rows() if row.no_followup]
        items = self.env["account.move.line"].browse(ids)._filtered_access("read")
        return items.filtered(lambda item: item.move_id.journal_id.type == "general")

    def _get_proposals(self):
        today = creditors_day(self)
        return self.env["account.move.line"]._propose_dunning_start_levels(self.company_id, today)

    # -- Actions ---------------------------------------------------------------------------------

    @api.model
    def action_open(self):
        """Open the page, computed from the current books."""
        self.env["account.dunning.notice"].check_access("read")
        return self.create({})._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Switching the reminders on"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _check_manager(self):
        """:raise AccessError: unless the user may configure policies"""
        if not self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            raise AccessError(self.env._("Only dunning managers switch the reminders on or off."))

    def _compute_again(self):
        self._compute_line_ids()
        self.invalidate_recordset(["excluded_count", "backlog_count"])

    def action_refresh(self):
        """Compute the page again."""
        self._compute_again()

    def action_view_company(self):
        """Open the company form, where most of what the letters lack is entered."""
        return self.company_id._get_records_action()

    def action_view_settings(self):
        """Open the dunning settings: who signs."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_dunning_config"
        )

    def action_include_excluded(self):
        """Chase miscellaneous entries too, which Odoo excluded by default."""
        self._check_manager()
        self._get_excluded_items().sudo().no_followup = False
        self._compute_again()

    def action_view_excluded(self):
        """Open the items that Odoo excludes by default."""
        return self._get_excluded_items()._get_records_action(
            name=self.env._("Excluded by default")
        )

    def action_set_start_levels(self):
        """Give each old item the start level that its age suggests."""
        self._check_manager()
        if not self.reason:
            raise UserError(self.env._("Write the reason of the start levels first."))
        for level, items in self._get_proposals().items():
            items.with_user(self.env.user).sudo().write(
                {"dunning_start_level_id": level.id, "dunning_start_reason": self.reason}
            )
        self._compute_again()

    def action_follow_ready(self):
        """Apply the proposed ready policies to public bodies and consumers."""
        self._check_manager()
        self.env["account.dunning.rule"]._follow_ready(self.company_id)
        self._compute_again()
        self.invalidate_recordset(["has_rules", "ready_policies"])

    def action_view_backlog(self):
        """Open the items counted on the page, to set their start levels one by one."""
        self.ensure_one()
        ids = [item.id for items in self._get_proposals().values() for item in items]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "account_dunning_fr.action_dunning_start_levels"
            ),
            "domain": [("id", "in", ids)],
            "context": {},
        }

    def action_view_start_levels(self):
        """Open the items that have a start level, to correct them one by one."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "account_dunning_fr.action_dunning_start_levels"
            ),
            "context": {"search_default_with_start": 1},
        }

    def action_state_mentions(self):
        """Let invoices state late-payment terms as the letters claim them."""
        self._check_manager()
        self.company_id.sudo().dunning_mentions = True

    def action_send_test(self):
        """Send the first notice of the page to the user, and to nobody else."""
        self.ensure_one()
        line = self.line_ids.filtered("level_id")[:1]
        if not line:
            raise UserError(self.env._("Nothing would leave today: there is nothing to try."))
        return line.action_send_test()

    def action_switch_on(self):
        """Let notices be sent automatically."""
        self._check_manager()
        self.company_id.sudo().dunning_active = True

    def action_switch_off(self):
        """Stop sending notices: what is ready waits for a person again."""
        self._check_manager()
        self.company_id.sudo().dunning_active = False
        self.env["account.dunning.notice"].sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "ready"),
                ("confirmed_by", "=", False),
            ]
        ).write({"state": "draft"})


class AccountDunningGoliveLine(models.TransientModel):
    """What one customer would receive today, or why he would receive nothing."""

    _name = "account.dunning.golive.line"
    _inherit = ["account.dunning.dialog"]
    _description = "What a Customer Would Receive"

    golive_id = fields.Many2one("account.dunning.golive", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="golive_id.company_id")
    currency_id = fields.Many2one(related="golive_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    profile = fields.Selection(related="partner_id.dunning_profile")
    outcome = fields.Selection(
        [("leaves", "Leaves"), ("confirm", "To confirm"), ("kept", "Nothing")], required=True
    )
    level_id = fields.Many2one("account.dunning.level", string="Message")
    policy_id = fields.Many2one(related="level_id.policy_id")
    channels = fields.Char()
    item_count = fields.Integer(string="Items")
    amount = fields.Monetary(string="Claimed")
    open_amount = fields.Monetary(string="Owed in all")
    reasons = fields.Char(string="Not claimed, because")

    def action_preview(self):
        """Show the notice that would be sent."""
        return self._create_preview().action_show()

    def action_send_test(self):
        """Send the notice to the user only."""
        return self._create_preview().action_send_test()

    def _create_preview(self):
        self.ensure_one()
        return self.env["account.dunning.preview"].create(
            {
                "level_id": self.level_id.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
            }
        )
