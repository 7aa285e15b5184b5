from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...core.judgments import ANNUL, CLOSE, CONVERT, OPEN, OTHER, PLAN
from ..agreement.res_partner import UNDER_WAY
from ..common.account_dunning_retained import Kept
from ..common.creditors_day import creditors_day
from ..common.due import RECEIVABLE_SQL
from ..common.ledger_query import get_fields
from ..party.firms import name_firms

KINDS = [
    ("identity", "Identity"),
    ("solvency", "Solvency"),
    ("insolvency", "Insolvency"),
]
SOURCES = [
    ("hand", "By hand"),
    ("file", "File of the day"),
    ("bodacc", "BODACC, online"),
    ("register", "Register of companies, online"),
]
# What the query for customers with a SIREN reads.
READ_OF_CUSTOMERS = {
    "res.partner": ["dunning_siren", "commercial_partner_id"],
    "account.move.line": ["account_id", "partner_id", "parent_state", "company_id"],
    "account.account": ["account_type", "non_trade"],
}
WITHOUT_NOTICE = "liquidation"  # if the wording does not say which proceedings: the strictest


class Import(NamedTuple):
    """The result of importing a file of announcements.

    ``counts`` by ``opened``, ``told``, ``undone``, ``known``, ``natural`` (private individuals,
    skipped) and ``strangers`` (no customer has the SIREN); ``checks`` are those recorded.
    """

    counts: Counter
    checks: models.BaseModel


class AccountDunningCheck(models.Model):
    """One check of a customer: when, where, what was found, how long it holds, and by whom.

    The finding is never changed; a later check is recorded next to it.
    """

    _name = "account.dunning.check"
    _description = "Check of a Customer"
    _inherit = ["account.dunning.retained", "account.dunning.guarded", "account.dunning.plausible"]
    _order = "on DESC, id DESC"
    _rec_name = "result"
    _dunning_kept = Kept("check", "on")

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company.dunning_creditor_id,
        writer="create",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        writer="create",
    )
    on = fields.Date(
        string="Checked on", required=True, default=fields.Date.context_today, writer="create"
    )
    kind = fields.Selection(KINDS, required=True, default="solvency", writer="create")
    source = fields.Selection(SOURCES, required=True, default="hand", readonly=True)
    source_name = fields.Char(
        string="Where", writer="create", help="The register, the report or the person asked."
    )
    result = fields.Text(required=True, writer="create")
    details = fields.Json(readonly=True)
    number = fields.Char(string="Notice no.", readonly=True, index="btree_not_null")
    valid_until = fields.Date(writer="create")
    file = fields.Binary(attachment=True, writer="create")
    file_name = fields.Char(writer="create")
    user_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, default=lambda self: self.env.user
    )
    insolvency_id = fields.Many2one(
        "account.dunning.insolvency", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _once = models.UniqueIndex(
        "(company_id, partner_id, number) WHERE number IS NOT NULL",
        "This notice is recorded already.",
    )

    @api.constrains("kind", "partner_id")
    def _check_no_scoring(self):
        for check in self:
            if check.kind == "solvency" and not check.partner_id._may_be_dunning_rated(
                check.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "%s is a natural person: his solvency is not recorded. Consumers never "
                        "are, sole traders only where the settings say so.",
                        check.partner_id.display_name,
                    )
                )

    @api.constrains("on", "valid_until")
    def _check_days(self):
        for check in self:
            if check.valid_until and check.valid_until < check.on:
                raise ValidationError(self.env._("A check holds from its day on: see both dates."))

    @api.model_create_multi
    def create(self, vals_list):
        name_firms(self.env, vals_list)
        checks = super().create(vals_list)
        checks.sudo()._tell_risk()
        return checks

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        """Keep one record of an announcement recorded for both customers."""
        domain = [("partner_id", "in", customers.ids), ("number", "!=", False)]
        same = self.search(domain)
        same._get_dunning_doubles(kept, lambda check: (check.company_id, check.number)).unlink()
        return super()._fold_dunning_merged(customers, kept)

    def _tell_risk(self):
        """A customer who was checked need not be checked any more."""
        risks = self.env["account.dunning.risk"].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        last = defaultdict(lambda: date.min)
        for check in self:
            key = check.company_id, check.partner_id
            last[key] = max(last[key], check.on)
        for risk in risks:
            on = last[risk.company_id, risk.partner_id]
            if on > (risk.last_check_on or date.min):
                risk.last_check_on = on
        risks._flag(creditors_day(self))

    def _get_personal_fields(self):
        return ["source_name", "details", "file", "file_name", "number"]

    def _prepare_erased_vals(self, rule):
        return {**super()._prepare_erased_vals(rule), "result": self._get_erased_text(rule)}

    # -- Notices of collective proceedings, matched by SIREN alone ---------------------------------

    @api.model
    def _import(self, notices, creditors, source):
        """Record the announcements about customers, and act on them.

        :param notices: ``core.register_files.Notice``
        :param creditors: ``res.company`` whose customers are concerned
        :param str source: a key of ``SOURCES``
        :return: :class:`Import`
        """
        counts, checks = Counter(), self.browse()
        sirens = {siren for notice in notices for siren in notice.sirens}
        matched = set()
        in_order = sorted(notices, key=lambda each: (each.published, each.line))
        for creditor in creditors:
            customers = self._find_customers(creditor, sirens)
            matched.update(customers)
            local = creditor._in_dunning_day(self)
            checks |= local._import_for(creditor, in_order, customers, source, counts)
        counts["strangers"] = sum(1 for each in notices if not matched & set(each.sirens))
        self._rate_again(checks)
        return Import(counts, checks)

    @api.model
    def _import_for(self, creditor, notices, customers, source, counts):
        """Record the announcements about one creditor's customers.

        :param notices: in the order of their publication
        :param dict customers: result of ``_find_customers``
        :param counts: ``Counter`` of outcomes, updated
        :return: the checks that were recorded
        """
        checks = self.browse()
        known = self._get_known({notice.number for notice in notices}, creditor)
        concerned = (
            (notice, partner)
            for notice in notices
            for partner in self._get_concerned(notice, customers)
        )
        for notice, partner in concerned:
            if (notice.number, partner.id) in known:
                counts["known"] += 1
            elif not self._may_watch(notice, partner, creditor):
                counts["natural"] += 1
            else:
                known.add((notice.number, partner.id))
                check, outcome = self._follow(notice, partner, creditor, source)
                counts[outcome] += 1
                checks |= check
        return checks

    @api.model
    def _find_customers(self, creditor, sirens):
        """Return the customers of a creditor that have one of these SIRENs.

        :return: ``{siren: res.partner records}``
        """
        rows = self.env.execute_query(
            SQL(
                f"""
                SELECT partner.dunning_siren, partner.id
                  FROM res_partner partner
                 WHERE partner.dunning_siren = ANY(%(sirens)s)
                   AND partner.commercial_partner_id = partner.id
                   AND EXISTS (
                       SELECT FROM account_move_line aml
                         JOIN account_account account
                           ON account.id = aml.account_id AND {RECEIVABLE_SQL}
                         JOIN res_partner debtor ON debtor.id = aml.partner_id
                        WHERE debtor.commercial_partner_id = partner.id
                          AND aml.parent_state = 'posted' AND aml.company_id IN %(companies)s)
                """,
                sirens=list(sirens),
                companies=tuple(creditor._get_dunning_companies().ids),
                to_flush=get_fields(self.env, READ_OF_CUSTOMERS),
            )
        )
        found = defaultdict(self.env["res.partner"].browse)
        for siren, partner_id in rows:
            found[siren] |= self.env["res.partner"].browse(partner_id)
        return found

    @api.model
    def _get_known(self, numbers, creditor):
        rows = self.sudo().search_fetch(
            [("number", "in", list(numbers)), ("company_id", "=", creditor.id)],
            ["number", "partner_id"],
        )
        return {(check.number, check.partner_id.id) for check in rows}

    @api.model
    def _get_concerned(self, notice, customers):
        found = (customers[siren] for siren in notice.sirens if siren in customers)
        return self.env["res.partner"].browse().union(*found)

    @api.model
    def _may_watch(self, notice, partner, creditor):
        """Whether announcements about this customer may be stored; for a person only if enabled."""
        chosen = creditor.sudo().dunning_risk_sole_traders
        is_consumer = partner.sudo()._get_dunning_likely_regime() == "b2c"
        return not is_consumer and (chosen or not notice.natural)

    @api.model
    def _follow(self, notice, partner, creditor, source):
        """Record one announcement about one customer, and act on it.

        :return: the check, and what became of it
        """
        current = (
            self.env["account.dunning.insolvency"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", partner.id),
                    ("company_id", "=", creditor.id),
                    ("state", "in", UNDER_WAY),
                ]
            )
        )
        outcome = "told"
        if not current and notice.judgment.step in (OPEN, CONVERT):
            current = self._open(notice, partner, creditor)
            outcome = "opened"
        elif current and notice.judgment.step == ANNUL and self._is_undone(current, notice):
            current._undo_unconfirmed(self._get_words(creditor, ANNUL, notice))
            outcome = "undone"
        elif current and notice.judgment.step not in (OPEN, OTHER):
            self._ask_person(current, notice)
        check = self.sudo().create(
            {
                "company_id": creditor.id,
                "partner_id": partner.id,
                "kind": "insolvency",
                "source": source,
                "source_name": "BODACC",
                "result": notice.words or notice.court or notice.number,
                "number": notice.number,
                "details": self._prepare_details(notice),
                "user_id": self.env.uid,
                "insolvency_id": current.id,
            }
        )
        return check, outcome

    @api.model
    def _prepare_details(self, notice):
        """Return what an announcement says about the company, without names of persons."""
        return {
            "sirens": list(notice.sirens),
            "published": fields.Date.to_string(notice.published),
            "judged": fields.Date.to_string(notice.judged) if notice.judged else False,
            "step": notice.judgment.step,
            "kind": notice.judgment.kind,
            "court": notice.court,
            "amends": notice.amends,
        }

    @api.model
    def _open(self, notice, partner, creditor):
        responsible = partner._get_dunning_user() or creditor.dunning_user_id or self.env.user
        return self.env["account.dunning.insolvency"]._open_to_confirm(
            [
                {
                    "company_id": creditor.id,
                    "partner_id": partner.id,
                    "kind": notice.judgment.kind or WITHOUT_NOTICE,
                    # Without the day of the judgment, the day of publication puts more on hold.
                    "date_opening": min(notice.judged or notice.published, notice.published),
                    "date_published": notice.published,
                    "court": notice.court,
                    "publication": notice.number,
                    "note": notice.words,
                    "user_id": responsible.id,
                }
            ]
        )

    @api.model
    def _is_undone(self, insolvency, notice):
        """Whether nobody has confirmed yet exactly what this announcement withdraws."""
        return insolvency.to_confirm and notice.amends == insolvency.publication

    @api.model
    def _ask_person(self, insolvency, notice):
        """Ask a person what an announcement means for proceedings that are known already."""
        speaking = insolvency._in_dunning_lang()
        speaking.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=(insolvency.user_id or self.env.user).id,
            summary=self._get_words(insolvency.company_id, notice.judgment.step, notice),
            note=notice.words,
        )

    @api.model
    def _get_words(self, creditor, step, notice):
        env = self.with_context(lang=creditor.partner_id._get_dunning_lang()).env
        texts = {
            CONVERT: env._("BODACC %s: the proceedings are converted", notice.number),
            PLAN: env._("BODACC %s: a plan is adopted, changed or ended", notice.number),
            CLOSE: env._("BODACC %s: the proceedings are closed", notice.number),
            ANNUL: env._("BODACC %s: the judgment or its notice is set aside", notice.number),
        }
        return texts[step]

    @api.model
    def _rate_again(self, checks):
        """Update the class of the customers concerned at once, where customers are rated."""
        risks = self.env["account.dunning.risk"]
        for creditor, found in checks.grouped("company_id").items():
            if creditor.sudo().dunning_risk:
                today, local = creditor._open_dunning_day(risks)
                local._review(creditor, today, found.partner_id.ids)
