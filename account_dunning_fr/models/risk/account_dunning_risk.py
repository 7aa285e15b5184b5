from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

from ...core.money import to_decimal
from ...core.risk import is_worse, rate
from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day
from ..common.rows import write_changed
from .risk_facts import gather
from .risk_words import describe

LETTERS = [(letter, letter) for letter in "ABCDE"]
TOGETHER = 500  # customers per commit
FLAGS = ("is_new", "is_over", "is_stale", "is_worse")


class AccountDunningRisk(models.Model):
    """What a creditor knows about the risk of a customer: class and reasons, limit, checks.

    The class follows from our own books alone (``core.risk``) and changes nothing.
    ``core.rated_persons`` decides who may have one: never a consumer.
    """

    _name = "account.dunning.risk"
    _description = "Risk of a Customer"
    _inherit = ["mail.thread", "account.dunning.guarded", "account.dunning.plausible"]
    _order = "letter DESC, used DESC, id"
    _rec_name = "partner_id"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    letter = fields.Selection(LETTERS, string="Class", readonly=True, tracking=True, index=True)
    letter_before = fields.Selection(LETTERS, string="Class before", readonly=True)
    worsened_on = fields.Date(string="Worse since", readonly=True)
    points = fields.Integer(readonly=True)
    reasons = fields.Json(readonly=True)
    reason_text = fields.Text(string="Why", compute="_compute_reason_text")
    used = fields.Monetary(string="Owed", readonly=True, help="Due or not, credits taken off.")
    rated_on = fields.Date(readonly=True)
    limit_asked = fields.Monetary(tracking=True, writer="anyone")
    asked_by = fields.Many2one("res.users", readonly=True)
    asked_on = fields.Date(readonly=True)
    limit_granted = fields.Monetary(
        tracking=True,
        writer="anyone",
        help="Set by a dunning manager. It stops nothing by itself: what goes over it is listed.",
    )
    has_limit = fields.Boolean(string="A limit was granted", readonly=True)
    granted_by = fields.Many2one("res.users", readonly=True)
    granted_on = fields.Date(readonly=True)
    note = fields.Text(writer="anyone")
    last_check_on = fields.Date(string="Last check", readonly=True)
    check_ids = fields.One2many(
        "account.dunning.check", string="Checks", compute="_compute_check_ids"
    )
    is_new = fields.Boolean(string="Never checked", readonly=True)
    is_over = fields.Boolean(string="Over his limit", readonly=True)
    is_stale = fields.Boolean(string="Checked long ago", readonly=True)
    is_worse = fields.Boolean(string="Class worsened", readonly=True)
    to_check = fields.Boolean(readonly=True, index=True)
    why_to_check = fields.Char(string="To check because", compute="_compute_why_to_check")

    _once = models.UniqueIndex("(company_id, partner_id)", "The risk of a customer is kept once.")
    _limits_positive = models.Constraint(
        "CHECK (COALESCE(limit_asked, 0) >= 0 AND COALESCE(limit_granted, 0) >= 0)",
        "A limit cannot be negative.",
    )

    # -- What is shown -----------------------------------------------------------------------------

    @api.depends("reasons", "letter")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for risk in self:
            told = describe(self.env, risk.reasons or []) if risk.letter else []
            risk.reason_text = "\n".join(told)

    def _compute_check_ids(self):
        checks = self.env["account.dunning.check"].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        grouped = checks.grouped(lambda check: (check.company_id, check.partner_id))
        for risk in self:
            risk.check_ids = grouped.get((risk.company_id, risk.partner_id), checks.browse())

    @api.depends(*FLAGS)
    @api.depends_context("lang")
    def _compute_why_to_check(self):
        labels = {name: self._fields[name]._description_string(self.env) for name in FLAGS}
        for risk in self:
            risk.why_to_check = ", ".join(labels[name] for name in FLAGS if risk[name])

    # -- Who may have one, and who grants ----------------------------------------------------------

    @api.constrains("partner_id", "letter", "limit_asked", "limit_granted")
    def _check_dunning_person(self):
        """Consumers are never rated, sole traders only if the company chose so."""
        for risk in self:
            if not risk.partner_id._may_be_dunning_rated(risk.company_id):
                raise ValidationError(
                    self.env._(
                        "%s is a natural person: consumers are never rated, sole traders only "
                        "where the settings say so.",
                        risk.partner_id.display_name,
                    )
                )

    def write(self, vals):
        if "limit_granted" in vals and not self.env.su:
            self._check_dunning_grantor()
        result = super().write(vals)
        today = creditors_day(self)
        told = {}
        if "limit_asked" in vals:
            told |= {"asked_by": self.env.uid, "asked_on": today}
        if "limit_granted" in vals:
            told |= {"granted_by": self.env.uid, "granted_on": today, "has_limit": True}
        if told:
            super(AccountDunningRisk, self._owned()).write(told)
            self.sudo()._flag(today)
        return result

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        """Keep the customer's limit, or take that of a duplicate if there is none."""
        risks = self.search([("partner_id", "in", customers.ids)])
        doubles = risks._get_dunning_doubles(kept, "company_id")
        for risk in risks - doubles:
            others = doubles.filtered(lambda other, risk=risk: other.company_id == risk.company_id)
            if not risk.has_limit:
                risk._take_limit(others.filtered("has_limit")[:1])
            days = filter(None, (risk | others).mapped("last_check_on"))
            risk.last_check_on = max(days, default=False)
        doubles.unlink()
        return super()._fold_dunning_merged(customers, kept)

    def _take_limit(self, other):
        """Take over the limit granted to another customer, with its author and date."""
        if other:
            self.limit_granted = other.limit_granted
            self.write({name: other[name] for name in ("granted_by", "granted_on")})

    def _check_dunning_grantor(self):
        """:raise AccessError: unless the user may grant a limit"""
        if not self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            raise AccessError(
                self.env._("Only a dunning manager grants a limit: say which one you ask for.")
            )

    def action_check(self):
        """Record a check of this customer."""
        self.ensure_one()
        return self.partner_id._get_dunning_check_action(self.company_id)

    def action_rate(self):
        """Rate the customer now."""
        self.check_access("write")
        today = creditors_day(self)
        for creditor, risks in self.grouped("company_id").items():
            self.sudo()._review(creditor, today, risks.partner_id.ids)

    # -- The look at the books ---------------------------------------------------------------------

    @api.model
    @recorded("risk")
    def _cron_review(self):
        """Rate the customers of every creditor that wants it; one commit for some hundreds."""
        creditors = self.env["res.company"]._get_dunning_creditors("dunning_risk")
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            with self.env["account.dunning.run"]._working_for(creditor, self) as (today, local):
                local._review(creditor, today, commit=True)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _review(self, creditor, today, partner_ids=None, *, commit=False):
        """Rate customers from the books; who may not be rated any more loses class and limits.

        :param creditor: ``res.company``
        :param date today: the day of the rating
        :param partner_ids: ids of customers; None for all in the books
        :param bool commit: commit each batch, in a scheduled run
        """
        model = self.sudo().with_context(tracking_disable=partner_ids is None)
        facts = gather(model.env, creditor, today, partner_ids)
        domain = Domain("company_id", "=", creditor.id)
        if partner_ids is not None:
            domain &= Domain("partner_id", "in", list(partner_ids))
        known = {risk.partner_id.id: risk for risk in model.search(domain)}
        for ids in split_every(TOGETHER, sorted({*facts, *known})):
            partners = model.env["res.partner"].browse(ids)
            allowed = partners.filtered(lambda partner: partner._may_be_dunning_rated(creditor))
            model._forget(known[each] for each in (partners - allowed).ids if each in known)
            model._rate_some(creditor, today, allowed, facts, known)
            if commit:
                self.env["ir.cron"]._commit_progress()

    @api.model
    def _forget(self, risks):
        self.browse().union(*risks).unlink()

    @api.model
    def _rate_some(self, creditor, today, partners, facts, known):
        new = []
        for partner in partners:
            risk = known.get(partner.id, self.browse())
            vals = risk._prepare_rating(facts.get(partner.id), today)
            if risk:
                write_changed(risk, vals)
            elif vals.get("letter"):
                new.append({"company_id": creditor.id, "partner_id": partner.id, **vals})
        risks = self.create(new)
        (risks | self.union(*(known[each.id] for each in partners if each.id in known)))._flag(
            today
        )

    def _prepare_rating(self, facts, today):
        """Return the class of a customer as values; none if the books do not name him any more."""
        if facts is None:
            return {"used": 0.0, "rated_on": today}
        if self.has_limit:
            step = self.company_id.currency_id.rounding
            facts = facts._replace(limit=to_decimal(self.limit_granted, step))
        rating = rate(facts)
        vals = {
            "letter": rating.letter,
            "points": rating.points,
            "reasons": [list(reason) for reason in rating.reasons],
            "used": float(facts.used),
            "rated_on": today,
        }
        if self.letter and self.letter != rating.letter:
            vals["letter_before"] = self.letter
            vals["worsened_on"] = is_worse(self.letter, rating.letter) and today
        return vals

    def _flag(self, today):
        """Store whether these customers have to be checked, and why."""
        for risk in self:
            months = risk.company_id.dunning_check_months
            last = risk.last_check_on
            flags = {
                "is_new": not last,
                "is_over": risk.has_limit and risk.used > risk.limit_granted,
                "is_stale": bool(last and last < today - relativedelta(months=months)),
                "is_worse": bool(risk.worsened_on and (not last or last < risk.worsened_on)),
            }
            write_changed(risk, {**flags, "to_check": any(flags.values())})
