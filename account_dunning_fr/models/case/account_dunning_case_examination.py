from decimal import Decimal

from odoo import Command, api, fields, models

from ...core.claim import Facts, Item, Notice, RouteFacts
from ...core.eligibility import examine
from ...core.route import advise
from ..hold.account_dunning_hold import DISPUTES


class AccountDunningCase(models.Model):
    """What speaks for and against the file: the facts gathered, the core's findings in words."""

    _inherit = "account.dunning.case"

    finding_ids = fields.One2many("account.dunning.case.finding", "case_id", string="Examination")
    open_finding_count = fields.Integer(compute="_compute_open_finding_count")
    advice_html = fields.Html(
        string="Routes", compute="_compute_advice_html", sanitize=False, readonly=True
    )

    @api.depends("finding_ids.level", "finding_ids.reason")
    def _compute_open_finding_count(self):
        for case in self:
            case.open_finding_count = len(case.finding_ids.filtered("is_open"))

    @api.depends("item_ids", "merchant", "partner_id", "imputation", "date")
    @api.depends_context("lang")
    def _compute_advice_html(self):
        for case in self:
            case.advice_html = self.env["ir.qweb"]._render(
                "account_dunning_fr.case_advice", {"advices": case._get_advices()}
            )

    # -- Facts -----------------------------------------------------------------------------------

    def _get_formal_notices(self):
        """Return the last formal notice that claimed each item of the file.

        :return: ``{item id: account.dunning.notice}``
        """
        self.ensure_one()
        lines = self.env["account.dunning.notice.line"].search(
            [
                ("move_line_id", "in", self.item_ids.move_line_id.ids),
                ("state", "=", "sent"),
                ("notice_id.has_left", "=", True),
                ("claimed", "=", True),
                ("notice_id.kind", "=", "formal_notice"),
                ("notice_id.partner_id", "child_of", self.partner_id.ids),  # addressed to him
            ]
        )
        return {
            line.move_line_id.id: line.notice_id
            for line in lines.sorted(lambda line: (line.notice_id.date, line.id))
        }

    def _get_facts(self):
        """Return the facts that the core examines; a handful of queries, whatever the items."""
        self.ensure_one()
        lines = self.item_ids.move_line_id
        notices = self._get_formal_notices()
        proven = self._get_proven_notices()
        disputed = self._get_disputed_lines()
        frozen = self.env["account.dunning.accrual"]._get_opening_judgments(lines)
        others = self._get_lines_in_other_cases()
        euro = self.env["res.currency"]._get_dunning_euro()
        ready = set(self.piece_ids.filtered(lambda p: p.state == "ready").mapped("category"))
        items = tuple(
            Item(
                key=item.id,
                due=item.date_maturity,
                left=Decimal(str(item.amount_left)),
                limit=item.limit_on or None,
                in_case=item.move_line_id in others,
                disputed=item.move_line_id in disputed,
                frozen=item.move_line_id.id in frozen,
                in_euros=item.currency_id == euro,
                notice=self._get_notice_fact(notices.get(item.move_line_id.id), proven),
            )
            for item in self.item_ids
        )
        return Facts(
            on=self.date,
            items=items,
            regime=self.partner_id.sudo().dunning_regime or None,
            place=self._get_debtor_place(),
            contract="order" in ready,
            delivery="delivery" in ready,
            credits=self._get_unallocated_credits(),
            missing=tuple(self._get_missing_mentions()),
            commercial=self._is_commercial(),
            activities=self.court_id.kind == "tae",
            route=self.route or None,
        )

    @api.model
    def _get_notice_fact(self, notice, proven):
        return (notice and Notice(notice.date, notice.deadline or None, notice in proven)) or None

    def _get_proven_notices(self):
        """Return the notices of which a proof of receipt or refusal is among the pieces."""
        self.ensure_one()
        return self.piece_ids.filtered(
            lambda piece: piece.state == "ready" and piece.proves_receipt
        ).notice_id

    def _get_disputed_lines(self):
        """Return the items of the file under a dispute that is open."""
        holds = self.env["account.dunning.hold"].search(
            [
                ("partner_id", "in", (self.partner_id | self.move_ids.partner_id).ids),
                ("reason", "in", DISPUTES),
                ("is_current", "=", True),
            ]
        )
        lines = self.item_ids.move_line_id
        return lines.filtered(
            lambda line: any(
                (
                    hold.partner_id in (self.partner_id | line.move_id.partner_id)
                    and not hold.move_id
                )
                or (
                    hold.move_id == line.move_id
                    and (not hold.move_line_id or hold.move_line_id == line)
                )
                for hold in holds
            )
        )

    def _get_lines_in_other_cases(self):
        lines = self.item_ids.move_line_id
        others = (
            self.env["account.dunning.case.item"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", lines.ids),
                    ("is_live", "=", True),
                    ("case_id", "not in", self.ids),
                ]
            )
        )
        return others.move_line_id

    def _get_unallocated_credits(self):
        """Return what the debtor has in credits and payments not yet allocated, in euros.

        What may be his payment counts: it is to be identified before a court is asked.
        """
        plan = self.env["account.dunning.plan"].sudo()
        return plan._get_credit_value(self.company_id, self.partner_id)

    def _get_credits_domain(self):
        return [
            ("partner_id", "child_of", self.partner_id.ids),
            ("company_id", "in", self.company_id._get_dunning_companies().ids),
            ("account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
        ]

    def _get_missing_mentions(self):
        """Return the mentions of the request that nothing on file can fill (CPC 54 and 57)."""
        self.ensure_one()
        company, partner = self.company_id, self.partner_id
        mentions = [
            (company.dunning_legal_form, self.env._("legal form of the creditor")),
            (company.dunning_representative, self.env._("who represents the creditor")),
            (
                company.street and company.zip and company.city,
                self.env._("registered office of the creditor"),
            ),
            (company.partner_id._get_dunning_siren(), self.env._("SIREN of the creditor")),
            (
                partner.street and partner.zip and partner.city,
                self.env._("registered office or domicile of the debtor"),
            ),
            (
                partner._get_dunning_siren()
                or partner.sudo().dunning_siren_wrong
                or not (partner.is_company and partner._is_dunning_french()),
                self.env._("SIREN of the debtor"),
            ),
            (
                not partner.sudo().dunning_siren_wrong,
                self.env._("SIREN of the debtor: the check digits of a number are wrong"),
            ),
            (self.court_id or not self.is_order, self.env._("court")),
            (self.ground, self.env._("ground of the claim")),
        ]
        return [label for value, label in mentions if not value]

    # -- Findings --------------------------------------------------------------------------------

    def action_examine(self):
        """Examine the file again on today's facts; what was accepted stays accepted."""
        self.check_access("read")
        self.env["account.dunning.case.piece"].check_access("write")  # billing prepares files
        for case in self.sudo():
            case._examine()

    def _examine(self):
        """Write the findings of today; a reason given before is kept as long as its point is."""
        self.ensure_one()
        facts = self._get_facts()
        known = {finding.code: finding for finding in self.finding_ids}
        current = []
        for sequence, finding in enumerate(examine(facts)):
            current.append(finding.code)
            vals = {
                "sequence": sequence,
                "code": finding.code,
                "level": finding.level,
                "message": self._get_finding_message(finding, facts),
                "source": finding.source,
                "item_ids": [Command.set(finding.keys)],
            }
            old = known.get(finding.code)
            if old:
                old.write(vals)
            else:
                self.env["account.dunning.case.finding"].create({"case_id": self.id, **vals})
        self.finding_ids.filtered(lambda finding: finding.code not in current).unlink()

    # -- Routes ----------------------------------------------------------------------------------

    def _get_advices(self):
        """Return the routes with their standing and their reasons, in words."""
        self.ensure_one()
        labels = dict(self._fields["route"]._description_selection(self.env))
        reasons = self._get_route_reasons()
        frozen = self.env["account.dunning.accrual"]._get_opening_judgments(
            self.item_ids.move_line_id
        )
        facts = RouteFacts(
            regime=self.partner_id.sudo().dunning_regime or None,
            merchant={"yes": True, "no": False}.get(self.merchant),
            total=Decimal(str(self.amount_total)),
            place=self._get_debtor_place(),
            insolvent=bool(frozen),
            disputed=bool(self._get_disputed_lines()),
            uncontested=self.company_id.dunning_uncontested,
            principal=Decimal(str(self.amount_principal)),
        )
        return [
            {
                "route": advice.route,
                "label": labels[advice.route],
                "standing": advice.standing,
                "reason": " ".join(reasons[code] for code in advice.reasons),
                "source": advice.source,
            }
            for advice in advise(facts)
        ]

    def action_take_advised_route(self):
        """Take the route advised, where there is one."""
        self._check_manage()
        for case in self:
            advised = [a["route"] for a in case._get_advices() if a["standing"] == "advised"]
            case.route = advised[0] if advised else False
