from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...core.efforts import cost_per_euro
from ...core.filenames import safe_name, written_name
from ...core.money import to_decimal
from ...dossier.archive import build_zip
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..penalty.penalty_statement import make_statement
from .account_dunning_assignment_wording import BASES
from .remittance_list import RemittanceList

RECOURSES = [("with", "With recourse"), ("without", "Without recourse")]
KINDS = [("factor", "Factor"), ("agency", "Collection agency")]
MANAGER = "account_dunning_fr.group_dunning_manager"
PACK = "account_dunning_fr.report_assignment_pack"


class AccountDunningAssignment(models.Model):
    """Items handed over on a day: assigned to a factor, or entrusted to an agency.

    Billing users prepare it; a manager hands over and takes back. From that day on the items are in
    one hand only (``account.dunning.hand``), our notices stop unless we chase in the factor's name,
    and no document that shows one of them prints an account of ours: meanwhile the account of the
    invoice is the factor's. What is taken back is chased again from its former level.
    """

    _name = "account.dunning.assignment"
    _description = "Items Handed Over"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
        "account.dunning.plausible",
    ]
    _order = "date DESC, id DESC"
    _mail_post_access = "read"

    name = fields.Char(
        string="Number",
        required=True,
        tracking=True,
        help="As the other party names it: number of the subrogation receipt, or of the slip.",
        writer="create draft",
    )
    kind = fields.Selection(KINDS, required=True, default="factor", writer="create")
    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company.dunning_creditor_id,
        writer="create draft",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    holder_id = fields.Many2one(
        "res.partner",
        string="To",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        writer="create draft",
    )
    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account of the factor",
        ondelete="restrict",
        tracking=True,
        domain="[('partner_id', 'child_of', holder_id)]",
        help="The debtors pay into it, and into it alone.",
        writer="create draft out",
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="From this day on the items are no longer ours to collect.",
        writer="create draft",
    )
    convention_id = fields.Many2one(
        "account.dunning.convention",
        ondelete="restrict",
        domain="[('agency_id', '=', holder_id), ('company_id', '=', company_id)]",
        help="Without a written convention an agency recovers nothing (CPCE R. 124-3).",
        writer="create draft",
    )
    basis = fields.Selection(
        BASES, string="Legal basis", default="subrogation", writer="create draft"
    )
    recourse = fields.Selection(
        RECOURSES,
        default="with",
        help="With recourse, the factor gives back what is not paid.",
        writer="create draft",
    )
    chases = fields.Selection(
        [("holder", "Who has the items"), ("us", "We do, in the factor's name")],
        string="Who chases",
        required=True,
        default="holder",
        tracking=True,
        help="In the factor's name, our messages go on: with his account and the sentence.",
        writer="create draft",
    )
    notified_on = fields.Date(
        string="Debtors told on",
        tracking=True,
        copy=False,
        help="Day on which the notice reached them: what a debtor paid us before counts.",
        writer="draft out",
    )
    state = fields.Selection(
        [("draft", "In preparation"), ("out", "Handed over"), ("back", "All came back")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    handed_by = fields.Many2one("res.users", string="Handed over by", readonly=True, copy=False)
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user, string="Responsible")
    note = fields.Text()
    line_ids = fields.One2many(
        "account.dunning.assignment.line", "assignment_id", string="Items", copy=False
    )
    amount_total = fields.Monetary(string="Handed over", compute="_compute_amounts")
    amount_left = fields.Monetary(string="Still open", compute="_compute_amounts")
    receipt_ids = fields.One2many("account.dunning.agency.receipt", "assignment_id", readonly=True)
    amount_received = fields.Monetary(string="Received by the agency", compute="_compute_received")
    amount_commission = fields.Monetary(string="Commission", compute="_compute_received")
    cost_per_euro = fields.Float(
        string="Cost per euro recovered", compute="_compute_received", digits=(16, 4)
    )
    has_sentence = fields.Boolean(compute="_compute_has_sentence")
    pack_id = fields.Many2one("ir.attachment", readonly=True, copy=False, index="btree_not_null")

    _number_once = models.UniqueIndex(
        "(company_id, holder_id, name)",
        "There is a remittance to this party with this number already: add to it.",
    )

    @api.depends("line_ids.amount_company", "line_ids.amount_left")
    def _compute_amounts(self):
        for each in self:
            each.amount_total = sum(each.line_ids.mapped("amount_company"))
            each.amount_left = sum(each.line_ids.mapped("amount_left"))

    @api.depends("receipt_ids.amount", "receipt_ids.commission")
    def _compute_received(self):
        for each in self:
            received = to_decimal(sum(each.receipt_ids.mapped("amount")))
            paid = to_decimal(sum(each.receipt_ids.mapped("commission")))
            each.amount_received, each.amount_commission = float(received), float(paid)
            each.cost_per_euro = float(cost_per_euro(paid, received) or 0)

    @api.depends("basis", "date")
    def _compute_has_sentence(self):
        for each in self:
            each.has_sentence = bool(each._get_sentence())

    @api.depends("name", "holder_id")
    def _compute_display_name(self):
        for each in self:
            each.display_name = f"{each.holder_id.name or ''} {each.name or ''}".strip()

    @api.constrains("bank_id", "holder_id", "company_id")
    def _check_bank(self):
        """The account must be the factor's, not one of ours: debtors pay into it."""
        for each in self.filtered("bank_id").sudo():
            if each.bank_id.partner_id.commercial_partner_id != (
                each.holder_id.commercial_partner_id
            ):
                raise ValidationError(self.env._("This account is not one of the factor's."))
            if each.bank_id in each.company_id._get_dunning_bank_accounts():
                raise ValidationError(self.env._("This account is one of ours."))
            if each.bank_id.dunning_wrong_key:
                raise ValidationError(
                    self.env._("The key of this IBAN is wrong: %s.", each.bank_id.acc_number)
                )

    # -- Rights ------------------------------------------------------------------------------------

    def _check_manage(self):
        """:raise AccessError: unless the user may hand over and take back, and these among them"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only dunning managers hand items over and take them back.")
            )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("bank_id"):
            for each in self.filtered(lambda each: each.state == "out"):
                each.line_ids._point_to_factor()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left(self):
        if any(each.state != "draft" for each in self):
            raise UserError(
                self.env._("What was handed over is kept: take the items back instead.")
            )

    # -- Handing over ------------------------------------------------------------------------------

    def action_hand_over(self):
        """Hand the items over, from the day of the document.

        :raise UserError: what is missing, or who has an item in hand already
        """
        self._check_manage()
        for each in self:
            if problems := each._get_problems():
                raise UserError("\n".join(problems))
            each._hand_over()

    def _get_problems(self):
        """Return why the items cannot be handed over, in sentences for the user."""
        self.ensure_one()
        problems = [
            (self.state != "draft", self.env._("This was handed over already.")),
            (not self.line_ids, self.env._("Choose at least one item.")),
            (
                self.date > fields.Date.context_today(self),
                self.env._("The day is to come: hand over when it is there."),
            ),
            *self._get_problems_of_factor(),
            *self._get_problems_of_agency(),
        ]
        closed = self.line_ids.filtered(lambda line: not line._is_open())
        return [
            *(sentence for wrong, sentence in problems if wrong),
            *(
                self.env._("%s is not open any more: take it out.", line.invoice_name)
                for line in closed
            ),
        ]

    def _get_problems_of_factor(self):
        if self.kind != "factor":
            return []
        return [
            (not self.bank_id, self.env._("Choose the account of the factor.")),
            (
                self.chases == "us" and not self._get_sentence(),
                self.env._(
                    "No sentence is confirmed for the messages that we send in the factor's name: "
                    "confirm it under « Sentences on assignments »."
                ),
            ),
        ]

    def _get_problems_of_agency(self):
        if self.kind != "agency":
            return []
        convention = self.convention_id
        return [
            (self.chases == "us", self.env._("An agency chases by itself.")),
            (not convention, self.env._("Choose the convention with the agency.")),
            (
                convention and convention.agency_id != self.holder_id,
                self.env._("This convention is with another agency."),
            ),
            (
                convention and not convention._is_in_force(self.date),
                self.env._(
                    "The convention is not in force on that day, or not complete. Missing: %s.",
                    convention.missing_text or "–",
                ),
            ),
        ]

    def _hand_over(self):
        hands = self.env["account.dunning.hand"]
        hands._take(self.kind, self.line_ids.move_line_id, ("assignment_id", self), self.date)
        self.line_ids.sudo()._leave()
        self._owned().write({"state": "out", "handed_by": self.env.uid})
        env = self._in_dunning_lang().env
        self._tell_invoices(
            self.line_ids,
            env._(
                "Handed over to %(holder)s on %(date)s (%(number)s).",
                holder=self.holder_id.name,
                date=format_date(env, self.date),
                number=self.name,
            ),
        )

    def _tell_invoices(self, lines, sentence):
        """Log a sentence, in the creditor's language, on these invoices."""
        self.env["account.move"]._log_dunning(dict.fromkeys(lines.move_id.ids, sentence))

    # -- Coming back -------------------------------------------------------------------------------

    def action_take_back(self):
        """Ask which items are taken back, and from which day."""
        self.ensure_one()
        self._check_manage()
        return open_dialog(
            "account.dunning.assignment.back",
            self.env._("Take items back"),
            {"default_assignment_id": self.id},
        )

    def _take_back(self, lines, on, reason=""):
        """Take items back from a day on: they are chased again from their former level.

        :param lines: of this document, not yet taken back
        :param date on: between the hand-over and today
        :param str reason: in a few words
        """
        self.ensure_one()
        self._check_manage()
        today = creditors_day(self)
        if not self.date <= on <= today:
            raise UserError(
                self.env._(
                    "They come back between %(first)s, the day of the hand-over, and today.",
                    first=format_date(self.env, self.date),
                )
            )
        out = (lines & self.line_ids).filtered(lambda line: line.state == "out")
        out.sudo()._come_back(on, reason)
        if all(line.state == "back" for line in self.line_ids):
            self._owned().state = "back"
        env = self._in_dunning_lang().env
        self._tell_invoices(
            out,
            env._(
                "Came back from %(holder)s on %(date)s (%(number)s). %(reason)s",
                holder=self.holder_id.name,
                date=format_date(env, on),
                number=self.name,
                reason=reason or "",
            ),
        )

    def action_undo(self):
        """Undo a hand-over made by mistake: the document returns to preparation.

        :raise UserError: if the debtors were notified, or something was taken back already
        """
        self._check_manage()
        for each in self:
            if each.state != "out" or each.line_ids.filtered(lambda line: line.state != "out"):
                raise UserError(self.env._("Only what is out as a whole is undone."))
            if each.notified_on:
                raise UserError(
                    self.env._(
                        "The debtors were told on %s: take the items back from a day instead, and "
                        "tell them.",
                        format_date(self.env, each.notified_on),
                    )
                )
            each.line_ids.sudo()._come_back(each.date, "")
            each.line_ids.sudo().write({"state": "draft", "back_on": False})
            each._owned().write({"state": "draft", "handed_by": False})

    # -- The list of a factor ----------------------------------------------------------------------

    @api.model
    def _import(self, reading, terms):
        """Hand over what a factor's list assigns, and take back what it returns: all or nothing.

        :param reading: ``core.assigned_file.Reading`` of remittances
        :param dict terms: values common to all its documents
        :return: (invoices assigned, already known, taken back, list of refused lines)
        """
        self._check_manage()
        listed = RemittanceList(self, reading.rows, terms)
        if reading.problems or listed.refused:
            return 0, 0, 0, listed.refused
        documents = self.create(listed.prepare_vals())
        documents.action_hand_over()
        by_name = {**listed.documents, **{each.name: each for each in documents}}
        for (number, day), moves in listed.back.items():
            lines = by_name[number].line_ids.filtered(lambda line, m=moves: line.move_id in m)
            by_name[number]._take_back(lines, day, self.env._("List of the factor"))
        made = len(documents.line_ids.move_id)
        return made, listed.known, sum(map(len, listed.back.values())), []

    # -- What the debtors are told -----------------------------------------------------------------

    def _get_sentence(self):
        """Return the sentence about the assignment, or False if none is confirmed for its day."""
        self.ensure_one()
        if self.kind != "factor" or not self.basis or not self.date:
            return False
        wordings = self.env["account.dunning.assignment.wording"]
        return wordings._get_sentence(self.basis, self.date, self.holder_id)

    def action_print_notice(self):
        """Print the notification of each debtor.

        :raise UserError: if nothing was handed over, or no sentence is confirmed
        """
        self.check_access("read")
        for each in self:
            if each.kind != "factor" or each.state != "out":
                raise UserError(self.env._("Hand the items over first."))
            if not each._get_sentence():
                raise UserError(
                    self.env._(
                        "No sentence is confirmed for a notice of %s: type or check it, and "
                        "confirm it under « Sentences on assignments ».",
                        format_date(self.env, each.date),
                    )
                )
        report = self.env.ref("account_dunning_fr.report_assignment_notice")
        return report.report_action(self, config=False)

    def _get_told_day(self):
        """Return the day on which the debtors were notified of an assignment, or False."""
        self.ensure_one()
        return self.kind == "factor" and self.notified_on

    def _get_notices(self):
        """Return each debtor's notification: dicts ``partner``, ``lines``, ``totals``."""
        self.ensure_one()
        out = self.line_ids.filtered(lambda line: line.state == "out")
        return [
            {
                "partner": partner,
                "lines": lines.sorted(lambda line: (line.date_maturity, line.id)),
                "totals": [
                    (currency, sum(own.mapped("open_amount")))
                    for currency, own in lines.grouped("currency_id").items()
                ],
            }
            for partner, lines in out.grouped("partner_id").items()
        ]

    def _get_file_name(self):
        self.ensure_one()
        return written_name(self.env._("Notice of assignment %s", self.name))

    # -- The pack of an agency ---------------------------------------------------------------------

    def action_pack(self):
        """Build and download the agency's pack: the list of items, and the invoices as sent.

        :raise UserError: if nothing was handed over
        """
        self.ensure_one()
        self.check_access("read")
        if self.kind != "agency" or self.state != "out":
            raise UserError(self.env._("Hand the items over first."))
        own = self.sudo()
        name = safe_name(f"{self.env._('Pack')} {self.name}", "zip")
        content = build_zip(own._make_pack(), self.date)
        own.pack_id = own.env["ir.attachment"]._attach_dunning(
            self, name, content, "application/zip"
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{own.pack_id.id}?download=true",
            "target": "self",
        }

    def _make_pack(self):
        """Yield the files of the pack, each with its name."""
        listed = self.env["ir.actions.report"]._render_dunning_apart(PACK, self.ids)
        yield safe_name(self.env._("Items entrusted"), "pdf"), listed[self.id]
        out = self.line_ids.filtered(lambda line: line.state == "out")
        for number, (move, file) in enumerate(out.move_id._get_dunning_sent_files().items(), 1):
            if file:
                yield safe_name(f"{number:03d} {move.name}", "pdf"), file.raw

    def _get_pack(self):
        """Return what the pack lists, debtor by debtor, each amount by its elements.

        :return: dicts ``partner``, ``rows`` (``line``, ``principal``, ``interest``, ``indemnity``)
        """
        self.ensure_one()
        parts = []
        for notice in self._get_notices():
            lines = notice["lines"]
            found = make_statement(
                self.company_id, notice["partner"], lines.move_line_id, self.date
            )
            sections = {section.item: section for section in found.sections}
            rows = [self._prepare_pack_row(line, sections.get(line.move_line_id)) for line in lines]
            parts.append({**notice, "rows": rows})
        return parts

    @api.model
    def _prepare_pack_row(self, line, section):
        known = section and not section.problem
        return {
            "line": line,
            "principal": line.open_amount,
            "interest": float(section.interest_claimed) if known else 0.0,
            "indemnity": float(section.indemnity_claimed) if known else 0.0,
            "level": line.move_line_id.dunning_level_id.name or "",
        }

    def action_view_receipts(self):
        """Open the agency's receipts."""
        self.ensure_one()
        return self.receipt_ids._get_records_action(name=self.env._("Receipts of the agency"))

    def _get_dunning_print_lang(self):
        return self.company_id.partner_id._get_dunning_lang()

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.name}"
