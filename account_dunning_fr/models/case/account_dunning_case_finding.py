from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.chosen_route import advice_on_chosen, words_of
from ...core.claim import Facts, Item, Notice, RouteFacts
from ...core.claimant import is_natural_person
from ...core.competent_court import is_seized
from ...core.eligibility import examine
from ...core.money import ZERO, to_decimal
from ...core.route import advise
from ..common.dialogs import open_dialog
from .finding_words import FINDINGS, FINDINGS_BY_ROUTE, ROUTE_REASONS

# How each point can be settled, besides accepting it with a reason.
MENDS = {
    "no_contract": "upload",
    "no_delivery": "upload",
    "notice_unproven": "proof",
    "no_notice": "notice",
    "notice_old": "notice",
    "credits": "credits",
    "set_off": "set_off",
    "regime_unknown": "customer",
    "route_closed": "route",
    **dict.fromkeys(
        (
            "settled",
            "unposted",
            "other_customer",
            "not_due",
            "currency",
            "disputed",
            "insolvent",
            "time_barred",
            "in_case",
        ),
        "take_out",
    ),
}
# What was accepted of these was said of a route and of a court: another one is accepted anew.
OF_THE_ROUTE = ("route_closed", "court_kind", "court_place", "disputed", "limit_near")
MERCHANT = {"yes": True, "no": False}
PIECES = {"no_contract": "order", "no_delivery": "delivery"}


class AccountDunningCaseFinding(models.Model):
    """One point examined before a file leaves, with who went on in spite of it, and why."""

    _name = "account.dunning.case.finding"
    _description = "Point Examined in a Court File"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "case_id, sequence, id"
    _rec_name = "message"

    case_id = fields.Many2one(
        "account.dunning.case", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    level = fields.Selection(
        [("ok", "In order"), ("warning", "Warning"), ("forbidden", "Not possible")],
        required=True,
        readonly=True,
    )
    message = fields.Char(readonly=True)
    source = fields.Char(readonly=True)
    reason = fields.Char(string="Accepted because", readonly=True)
    accepted_by = fields.Many2one("res.users", readonly=True)
    accepted_on = fields.Datetime(readonly=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    _code_once = models.UniqueIndex("(case_id, code)", "This point was already examined.")

    @api.depends("level", "reason")
    def _compute_is_open(self):
        for finding in self:
            finding.is_open = finding.level == "forbidden" or (
                finding.level == "warning" and not finding.reason
            )

    def action_accept(self):
        """Ask why the file should go on in spite of this warning."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.case.reason",
            self.env._("Go on in spite of it"),
            {"default_finding_id": self.id},
        )

    def _accept(self, reason):
        """Go on in spite of warnings.

        :param str reason: why; required
        :raise UserError: if the law forbids what was found
        """
        self.case_id._check_manage()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the file goes on in spite of it."))
        for finding in self:
            if finding.level == "forbidden":
                raise UserError(self.env._("This cannot be set aside: %s", finding.message))
        self.sudo().write(
            {
                "reason": reason.strip(),
                "accepted_by": self.env.uid,
                "accepted_on": fields.Datetime.now(),
            }
        )
        for finding in self:
            case = finding.case_id._in_dunning_lang()
            case._message_log(
                body=case.env._(
                    "Accepted: %(message)s Reason: %(reason)s",
                    message=finding.message,
                    reason=reason,
                )
            )

    # -- Mending -----------------------------------------------------------------------------------
    # The button that settles each point; the next examination shows whether it did.

    item_ids = fields.Many2many(
        "account.dunning.case.item", string="Items concerned", writer="code"
    )
    mend = fields.Selection(
        [
            ("upload", "Add the document"),
            ("proof", "Add the proof of receipt"),
            ("notice", "Prepare the formal notice"),
            ("credits", "See the credits"),
            ("set_off", "See what you owe"),
            ("customer", "Confirm the regime"),
            ("take_out", "Take these items out"),
            ("route", "Take the advised route"),
        ],
        compute="_compute_mend",
    )

    @api.depends("code", "level", "reason")
    def _compute_mend(self):
        for finding in self:
            finding.mend = MENDS.get(finding.code, False) if finding.is_open else False

    def action_mend(self):
        """Do what settles this point, or open the record where it can be settled."""
        self.ensure_one()
        return getattr(self, f"_mend_by_{self.mend}")() if self.mend else False

    def _mend_by_upload(self):
        category = PIECES[self.code]
        pieces = self.case_id.piece_ids.filtered(lambda piece: piece.category == category)
        waiting = pieces.filtered(lambda piece: piece.state in ("missing", "problem"))
        if not waiting:
            waiting = pieces.filtered(lambda piece: piece.state == "left_out")
            waiting.action_put_back()
        return waiting[0].action_upload() if waiting else self.case_id.action_add_piece(category)

    def _mend_by_proof(self):
        """Open the registered letter, which has its receipt, or else a piece of that notice."""
        notices = self._get_notices()
        letters = self.env["account.dunning.registered"].search([("notice_id", "in", notices.ids)])
        if letters:
            return letters._get_records_action(name=self.env._("Registered letters"))
        notice = notices[:1]
        self.env["account.dunning.case.piece"].check_access("create")
        piece = self.case_id.piece_ids.filtered(
            lambda piece: piece.notice_id == notice and piece.proves_receipt
        )[:1] or self.case_id.piece_ids.sudo().create(
            {
                "case_id": self.case_id.id,
                "category": "formal_notice",
                "name": self.env._("Proof of receipt of the formal notice"),
                "notice_id": notice.id,
                "proves_receipt": True,
            }
        )
        return piece.action_upload()

    def _get_notices(self):
        """Return the formal notices of the items of this point whose receipt is not proved."""
        notices = self.case_id._get_formal_notices()
        found = self.env["account.dunning.notice"].union(
            *(notices.get(line.id) for line in self.item_ids.move_line_id if notices.get(line.id))
        )
        return found - self.case_id._get_proven_notices()

    def _mend_by_notice(self):
        moves = self.item_ids.move_id or self.case_id.move_ids
        return moves.action_dunning_chase()

    def _mend_by_credits(self):
        lines = self.env["account.move.line"].search(self.case_id._get_credits_domain())
        if not lines:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "account_dunning_fr.action_account_dunning_waiting_money"
            )
            domain = [("partner_id", "=", self.case_id.partner_id.id)]
            return {**action, "domain": domain, "context": {}}
        return lines._get_records_action(
            name=self.env._("Credits not allocated"), context={"create": False}
        )

    def _mend_by_set_off(self):
        owed = self.env["account.move.line"].search(self._get_owed_domain(self.case_id))
        return owed._get_records_action(
            name=self.env._("Owed to this supplier"), context={"create": False}
        )

    def _mend_by_customer(self):
        return self.case_id.partner_id._get_records_action(name=self.env._("Customer"))

    def _mend_by_route(self):
        """Take the route that is advised, or none: a person then chooses one."""
        self.case_id.action_take_advised_route()
        return False

    def _mend_by_take_out(self):
        """Claim only the other items."""
        self.case_id._take_out(self.item_ids)
        return False

    # -- The examination: facts, and the core's findings and advice in words -----------------------

    @api.model
    def _examine(self, case):
        """Write today's findings; a reason given before is kept as long as its point exists.

        :param case: ``account.dunning.case``, as superuser
        """
        case.ensure_one()
        facts = self._get_facts(case)
        known = {finding.code: finding for finding in case.finding_ids}
        current = []
        for sequence, finding in enumerate(examine(facts)):
            current.append(finding.code)
            vals = {
                "sequence": sequence,
                "code": finding.code,
                "level": finding.level,
                "message": self._get_sentence(case, finding, facts),
                "source": finding.source,
            }
            old = known.get(finding.code)
            if not old or set(old.item_ids.ids) != set(finding.keys):
                vals["item_ids"] = [Command.set(finding.keys)]
            if old:
                old.write(vals)
            else:
                case.finding_ids.create({"case_id": case.id, **vals})
        case.finding_ids.filtered(lambda finding: finding.code not in current).unlink()

    def _forget_route(self):
        """Ask again about points that were accepted of another route or court."""
        self.sudo().filtered(lambda finding: finding.code in OF_THE_ROUTE).write(
            {"reason": False, "accepted_by": False, "accepted_on": False}
        )

    @api.model
    def _get_facts(self, case):
        """Return the facts examined by the core; a handful of queries, however many items."""
        lines = case.item_ids.move_line_id
        notices = case._get_formal_notices()
        proven = case._get_proven_notices()
        disputed = case._get_disputed_lines()
        frozen = case.env["account.dunning.accrual"]._get_opening_judgments(lines, is_open=True)
        liquidated = case.env["account.dunning.insolvency"]._get_liquidated(case.company_id, lines)
        others = self._get_lines_in_other_cases(case)
        euro = case.env["res.currency"]._get_dunning_euro()
        ready = set(case.piece_ids.filtered(lambda p: p.state == "ready").mapped("category"))
        items = tuple(
            Item(
                key=item.id,
                due=item.date_maturity,
                left=to_decimal(item.amount_left),
                limit=item.limit_on or None,
                in_case=item.move_line_id in others,
                disputed=item.move_line_id in disputed,
                frozen=item.move_line_id.id in frozen,
                in_euros=item.currency_id == euro,
                invoiced=item.move_id.is_sale_document(),
                posted=item._is_posted(),
                elsewhere=item._is_posted() and not item._is_owed(),
                liquidated=item.move_line_id in liquidated,
                notice=self._get_notice_fact(notices.get(item.move_line_id.id), proven),
            )
            for item in case.item_ids
        )
        return Facts(
            on=case.date,
            items=items,
            regime=case.partner_id.sudo().dunning_regime or None,
            place=case._get_debtor_place(),
            contract="order" in ready,
            delivery="delivery" in ready,
            credits=self._get_unallocated_credits(case),
            owed=self._get_owed(case),
            missing=tuple(self._get_missing_mentions(case)),
            commercial=case._is_commercial(),
            activities=case.court_id.kind == "tae",
            route=case.route or None,
            merchant=MERCHANT.get(case.merchant),
            uncontested=case.company_id._has_dunning_uncontested(),
            claimed=to_decimal(case.amount_total),
            principal=to_decimal(case.amount_principal),
            court_fault=self._get_court_fault(case),
        )

    @api.model
    def _get_court_fault(self, case):
        """Return why the court chosen is none for this claim, as ``Facts.court_fault``."""
        court, candidates = case.court_id, case.candidate_ids
        if not court or court in candidates or not is_seized(case.route):
            return ""
        if court.is_commercial != case._is_commercial():
            return "kind"
        return "place" if candidates else ""

    @api.model
    def _get_notice_fact(self, notice, proven):
        return (notice and Notice(notice.date, notice.deadline or None, notice in proven)) or None

    @api.model
    def _get_lines_in_other_cases(self, case):
        lines = case.item_ids.move_line_id
        others = (
            case.env["account.dunning.case.item"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", lines.ids),
                    ("is_live", "=", True),
                    ("case_id", "not in", case.ids),
                ]
            )
        )
        return others.move_line_id

    @api.model
    def _get_unallocated_credits(self, case):
        """Return the debtor's unallocated credits and payments, in euros.

        Including what may be his payment: it has to be identified before a court is asked.
        """
        plan = case.env["account.dunning.plan"].sudo()
        return plan._get_credit_value(case.company_id, case.partner_id)

    @api.model
    def _get_owed(self, case):
        """Return what the creditor owes the debtor as its supplier, due on the day of the file.

        Less what the supplier owes: his refunds, and payments not yet allocated. In the currency
        of the company, never less than zero.
        """
        lines = case.env["account.move.line"].sudo()
        ((owed,),) = lines._read_group(
            self._get_owed_domain(case), aggregates=["amount_residual:sum"]
        )
        return max(to_decimal(-(owed or 0.0), case.company_id.currency_id.rounding), ZERO)

    @api.model
    def _get_owed_domain(self, case):
        """Return the domain of the open items of the debtor as a supplier, credits once due."""
        due = fields.Domain("balance", ">", 0) | fields.Domain("date_maturity", "<=", case.date)
        return due & fields.Domain(
            [
                ("account_type", "=", "liability_payable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("company_id", "in", case.company_id._get_dunning_companies().ids),
                ("partner_id", "child_of", case.partner_id.ids),
            ]
        )

    @api.model
    def _get_missing_mentions(self, case):
        """Return the mentions of the request that no stored data can fill (CPC 54 and 57)."""
        company, partner = case.company_id, case.partner_id
        natural = is_natural_person(company.dunning_legal_form)
        mentions = [
            (company.dunning_legal_form, self.env._("legal form of the creditor")),
            (
                natural or company.dunning_representative,
                self.env._("who represents the creditor"),
            ),
            (
                not natural or company.dunning_civil_status,
                self.env._("profession, nationality, date and place of birth of the creditor"),
            ),
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
            (case.court_id or not case.is_order, self.env._("court")),
            (case.ground, self.env._("ground of the claim")),
        ]
        return [label for value, label in mentions if not value]

    @api.model
    def _get_sentence(self, case, finding, facts):
        """Return a finding in words, with the invoices concerned."""
        items = case.item_ids.browse(finding.keys)
        shown = ", ".join(dict.fromkeys(filter(None, items[:6].mapped("invoice_name"))))
        limits = [item.limit_on for item in case.item_ids if item.limit_on]
        by_route = FINDINGS_BY_ROUTE.get(finding.code, {})
        words = by_route.get(words_of(finding.code, facts.route), FINDINGS[finding.code])
        sentence = self.env._(words)
        advice = advice_on_chosen(facts)
        return sentence % {
            "route": dict(case._fields["route"]._description_selection(self.env)).get(facts.route),
            "why": self._explain_advice(advice) if advice else "",
            "court": case.court_id.name or "",
            "courts": ", ".join(case.candidate_ids.mapped("name")),
            "names": f"{shown}…" if len(items) > 6 else shown,
            "credit": format_amount(case.env, float(facts.credits), case.currency_id),
            "owed": format_amount(case.env, float(facts.owed), case.company_id.currency_id),
            "limit": format_date(case.env, min(limits)) if limits else "",
            "missing": ", ".join(facts.missing),
            "decree": case.company_id.dunning_uncontested_decree or "",
        }

    @api.model
    def _get_advices(self, case):
        """Return the routes with their standing and their reasons, in words."""
        labels = dict(case._fields["route"]._description_selection(case.env))
        tell = case.env["account.dunning.route"]._get_told(case)
        return [
            {
                "route": advice.route,
                "label": labels[advice.route],
                "standing": advice.standing,
                "reason": self._explain_advice(advice),
                "source": advice.source,
                "told": [] if advice.standing == "closed" else tell(advice.route),
            }
            for advice in advise(self._get_route_facts(case))
        ]

    @api.model
    def _explain_advice(self, advice):
        return " ".join(self.env._(ROUTE_REASONS[code]) for code in advice.reasons)

    @api.model
    def _get_route_facts(self, case):
        """Return what the choice of a route depends on, as the core expects it."""
        frozen = case.env["account.dunning.accrual"]._get_opening_judgments(
            case.item_ids.move_line_id, is_open=True
        )
        return RouteFacts(
            regime=case.partner_id.sudo().dunning_regime or None,
            merchant=MERCHANT.get(case.merchant),
            total=to_decimal(case.amount_total),
            place=case._get_debtor_place(),
            insolvent=bool(frozen),
            disputed=bool(case._get_disputed_lines()),
            uncontested=case.company_id._has_dunning_uncontested(),
            principal=to_decimal(case.amount_principal),
            offers=case.env["account.dunning.route"]._get_offers(case),
            liquidated=bool(
                case.env["account.dunning.insolvency"]._get_liquidated(
                    case.company_id, case.item_ids.move_line_id
                )
            ),
        )
