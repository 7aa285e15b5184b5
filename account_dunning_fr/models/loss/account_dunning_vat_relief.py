from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from ...core.filenames import written_name
from ...core.money import CENT, to_decimal
from ...core.vat_relief import eligibility
from ...dossier.archive import build_zip
from ..common.creditors_day import creditors_day
from ..common.letter_formats import format_letter_date
from ..party.firms import name_firms
from . import relief_file
from .account_dunning_impairment import money
from .closing_facts import gather

REPORT = "account_dunning_fr.report_vat_duplicate"
OPEN = "create draft"
UNDER_WAY = ("draft", "issued", "sent")
LIVE = (*UNDER_WAY, "booked")


class AccountDunningVatRelief(models.Model):
    """The VAT on a debtor's unpaid invoices, from its ground to the entry that recovers it.

    Eligible on a ground and a day; then a duplicate (or one list of several invoices) with the
    sentence in force that day, its sending with proof, and the entry, on the account and with the
    tags of the tax. VAT on what is paid later is due again. A person decides; what the sources
    leave open is marked « to check ».
    """

    _name = "account.dunning.vat.relief"
    _description = "VAT to Get Back"
    _inherit = [
        "mail.thread",
        "account.dunning.bad.debt",
        "account.dunning.guarded",
        "account.dunning.plausible",
    ]
    _mail_post_access = "read"
    _order = "event_date, id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        writer="create",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        writer="create",
    )
    ground = fields.Selection(
        [
            ("liquidation", "Liquidation ordered"),
            ("remission", "Remission in a plan"),
            ("irrecoverable", "Definitively irrecoverable, proved"),
        ],
        required=True,
        default="liquidation",
        tracking=True,
        writer=OPEN,
    )
    event_date = fields.Date(
        string="Judgment or proof of",
        tracking=True,
        writer=OPEN,
        help="The judgment that orders the liquidation, the day of the plan, or of the proof.",
    )
    insolvency_id = fields.Many2one(
        "account.dunning.insolvency", ondelete="set null", writer="code"
    )
    proof_ids = fields.Many2many(
        "ir.attachment",
        string="Proofs",
        help="Judgment or plan, certificate, receipt of the sending: they go into the file.",
        copy=False,
        writer="anyone",
    )
    until = fields.Date(
        string="To be taken back by",
        compute="_compute_eligibility",
        help="31 December of the second year after the event, by secondary sources: to check.",
    )
    problem = fields.Char(string="What is missing", compute="_compute_eligibility")
    line_ids = fields.One2many("account.dunning.vat.relief.line", "relief_id", readonly=True)
    amount_net = money("Net unpaid", compute="_compute_amounts", store=True)
    amount_vat = money("VAT to get back", compute="_compute_amounts", store=True)
    state = fields.Selection(
        [
            ("draft", "To issue"),
            ("issued", "Duplicate issued"),
            ("sent", "Sent"),
            ("booked", "Taken back"),
            ("undone", "Relief undone"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )
    issued_on = fields.Date(string="Duplicate of", readonly=True, copy=False)
    sentence = fields.Text(readonly=True, copy=False, help="As it was printed.")
    document_id = fields.Many2one(
        "ir.attachment", string="Duplicate", readonly=True, copy=False, index="btree_not_null"
    )
    sent_by = fields.Selection(
        [("registered", "Registered letter"), ("email", "E-mail"), ("other", "Another way")],
        string="Sent by",
        copy=False,
        writer="create draft issued",
    )
    sent_on = fields.Date(copy=False, writer="create draft issued")
    sent_number = fields.Char(
        string="Registered letter no.", copy=False, writer="create draft issued"
    )
    registered_id = fields.Many2one(
        "account.dunning.registered",
        string="Registered letter kept here",
        domain="[('partner_id', '=', partner_id), ('posted_on', '!=', False)]",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The letter in which the duplicate was enclosed: its day, its number and its proofs "
        "are those of the sending.",
        writer="create draft issued",
    )

    _once = models.UniqueIndex(
        "(company_id, partner_id, ground) WHERE state IN ('draft', 'issued', 'sent')",
        "The VAT of this customer is being taken back on this ground already.",
    )

    @api.depends("ground", "event_date", "proof_ids", "amount_vat", "state")
    def _compute_eligibility(self):
        today = creditors_day(self)
        for record in self:
            found = eligibility(
                record.ground or "liquidation",
                record.event_date or None,
                bool(record.proof_ids),
                to_decimal(record.amount_vat, record.company_currency_id.rounding or CENT),
                today,
            )
            record.until = found.until
            record.problem = record._get_problems().get(found.problem, False)

    @api.model
    def _get_problems(self):
        return {
            "no_event": self.env._("The day of the judgment or of the proof is missing."),
            "to_come": self.env._("Its day has not come."),
            "not_proved": self.env._("A proof is missing: attach the plan or the certificate."),
            "nothing": self.env._(
                "No VAT was declared on what is unpaid (VAT due on payment is none)."
            ),
            "time_barred": self.env._("Probably too late: check the time limit."),
        }

    @api.depends("line_ids.net", "line_ids.vat")
    def _compute_amounts(self):
        for record in self:
            record.amount_net = sum(record.line_ids.mapped("net"))
            record.amount_vat = sum(record.line_ids.mapped("vat"))

    @api.depends("partner_id", "ground")
    @api.depends_context("lang")
    def _compute_display_name(self):
        grounds = dict(self._fields["ground"]._description_selection(self.env))
        for record in self:
            record.display_name = f"{record.partner_id.display_name} – {grounds[record.ground]}"

    # -- Its proofs --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        name_firms(self.env, vals_list)
        records = super().create(vals_list)
        records._adopt_proofs()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "proof_ids" in vals:
            self._adopt_proofs()
        return result

    def _adopt_proofs(self):
        """Attach newly uploaded files; a file of another record keeps its own access rules.

        :raise AccessError: for a file that the user may not read
        """
        for record in self:
            record.proof_ids.check_access("read")
            loose = record.sudo().proof_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": record.id})

    # -- Customers who become one ------------------------------------------------------------------

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        """Keep one of the unissued records of the same day and ground, with all their proofs."""
        found = self.search([("partner_id", "in", customers.ids), ("state", "=", "draft")])
        for alike in found.grouped(lambda r: (r.company_id, r.ground, r.event_date)).values():
            doubles = alike._get_dunning_doubles(kept, "company_id")
            stays = alike - doubles
            stays.proof_ids = [
                Command.link(file._copy_dunning_to(stays).id) for file in doubles.proof_ids
            ]
            doubles.unlink()
        return super()._fold_dunning_merged(customers, kept)

    @api.model
    def _explain_dunning_merged(self, customers):
        live = self.search([("partner_id", "in", customers.ids), ("state", "in", UNDER_WAY)])
        if not (names := live._name_dunning_doubles(lambda r: (r.company_id, r.ground))):
            return super()._explain_dunning_merged(customers)
        return self.env._(
            "The VAT of each of these customers is being taken back on the same ground: %s. Book, "
            "undo or delete what is under way of the others, then merge.",
            names,
        )

    # -- What may be taken back --------------------------------------------------------------------

    @api.model
    def _follow_liquidations(self, company, customers):
        """Open what the liquidation of a closing's customers makes eligible, once each.

        :param company: ``res.company``
        :param dict customers: ``{partner id: closing_facts.Customer}``
        """
        insolvencies = self.env["account.dunning.insolvency"].sudo()
        found = insolvencies.search(
            [
                ("company_id", "=", company.dunning_creditor_id.id),
                ("partner_id", "in", list(customers)),
                ("state", "!=", "cancelled"),
                ("liquidation_on", "<=", creditors_day(self)),
            ]
        )
        owner = self.sudo().browse()
        known = owner.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", found.partner_id.ids),
                ("state", "in", LIVE),
            ]
        ).partner_id
        records = owner.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": insolvency.partner_id.id,
                    "event_date": insolvency.liquidation_on,
                    "insolvency_id": insolvency.id,
                }
                for insolvency in found
                if insolvency.partner_id not in known
                and customers[insolvency.partner_id.id].vat_to_get_back
            ]
        )
        for record in records:
            record._take(customers[record.partner_id.id])

    def action_fill(self):
        """Fill in what is unpaid today, by invoice and rate."""
        self._check_proposes()
        self.check_access("write")
        for record in self.filtered(lambda each: each.state == "draft"):
            today = creditors_day(record)
            found = gather(record.company_id, today, record.partner_id.commercial_partner_id)
            record.sudo()._take(found[record.partner_id.commercial_partner_id.id])

    def _take(self, customer):
        """Take a customer's claims as lines, one per tax, with the net amount on the first of them.

        :param customer: the customer as the closing finds it
        """
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "move_line_id": claim.item_id,
                        "move_id": claim.move_id,
                        "tax_id": tax_id,
                        "claim": float(claim.left),
                        "net": float(claim.split.base) if number == 0 else 0.0,
                        "vat": float(amount),
                    }
                )
                for claim in customer.claims
                for number, (tax_id, amount) in enumerate(claim.split.declared.items())
                if claim.left and not claim.relief
            ),
        ]

    # -- The duplicate -----------------------------------------------------------------------------

    def action_issue(self):
        """Print and store the duplicate: one invoice, or the list of several.

        :raise UserError: if something is missing, or no sentence in force today is confirmed
        """
        self._check_proposes()
        self.check_access("write")
        for record in self.filtered(lambda each: each.state == "draft"):
            record.action_fill()
            if record.problem:
                raise UserError(
                    self.env._(
                        "%(customer)s: %(problem)s",
                        customer=record.partner_id.display_name,
                        problem=record.problem,
                    )
                )
            record.sudo()._issue()

    def _issue(self):
        day = creditors_day(self)
        self.sentence = self._get_sentence(self.line_ids, day)
        self.issued_on = day
        contents = self.env["ir.actions.report"]._render_dunning_apart(REPORT, self.ids)
        self.document_id = self.env["ir.attachment"].create(
            {
                "name": self._get_file_name() + ".pdf",
                "raw": contents[self.id],
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.state = "issued"

    def _get_sentence(self, lines, day):
        """Return the sentence in force on a day, with the amounts of these lines.

        :raise UserError: if none was confirmed for that day
        """
        french = self.with_context(lang="fr_FR").env
        net, tax = (
            formatLang(
                french, sum(lines.mapped(name)), digits=self.company_currency_id.decimal_places
            )
            for name in ("net", "vat")
        )
        sentence = self.env["account.dunning.vat.wording"]._get_sentence(day, net, tax)
        if not sentence:
            raise UserError(
                self.env._(
                    "No sentence is confirmed for a duplicate of %s: the article may have changed. "
                    "Type it and confirm it under « Sentences of the duplicate ».",
                    format_letter_date(self.env, day),
                )
            )
        return sentence

    def _get_invoices(self):
        """Return what the duplicate lists: dicts ``move``, ``net``, ``vat``, ``claim``."""
        return [
            {
                "move": move,
                "net": sum(lines.mapped("net")),
                "vat": sum(lines.mapped("vat")),
                "claim": sum(lines.mapped("net")) + sum(lines.mapped("vat")),
            }
            for move, lines in self.line_ids.grouped("move_id").items()
        ]

    def _get_file_name(self):
        self.ensure_one()
        return written_name(
            self._in_dunning_lang().env._("Duplicate %s", self.partner_id.display_name)
        )

    def _get_dunning_print_lang(self):
        return self.partner_id._get_dunning_lang()

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.partner_id.name}"

    # -- The sending -------------------------------------------------------------------------------

    def action_send_email(self):
        """Send the duplicate by e-mail; the history keeps the message, its day and its file."""
        self._check_proposes()
        self.check_access("write")
        for record in self.filtered(lambda each: each.state == "issued"):
            debtor, creditor = record.partner_id, record.company_id.dunning_creditor_id
            if debtor._find_dunning_email_fault(creditor, debtor.commercial_partner_id):
                raise UserError(
                    self.env._(
                        "No e-mail reaches %s: send the duplicate another way, and record it.",
                        debtor.display_name,
                    )
                )
            speaking = record.with_context(lang=record.partner_id._get_dunning_lang())
            record.message_post(
                body=record.sentence,
                subject=speaking.env._("Duplicate of unpaid invoices"),
                partner_ids=record.partner_id.ids,
                attachment_ids=record.sudo().document_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            record.write({"sent_by": "email", "sent_on": creditors_day(record)})
            record.sudo().state = "sent"

    def action_sent(self):
        """Record a sending by hand: its day, and the number of the registered letter.

        If the registered letter was sent from here, both are known.

        :raise UserError: if they are missing
        """
        self._check_proposes()
        self.check_access("write")
        for record in self.filtered(lambda each: each.state == "issued"):
            if record.registered_id:
                record.sudo().write(record._prepare_sent_vals())
            if not record.sent_by or not record.sent_on:
                raise UserError(self.env._("Say first how and when it was sent."))
            if record.sent_on < record.issued_on:
                raise UserError(self.env._("It was sent before the duplicate was issued: see why."))
            if record.sent_by == "registered" and not record.sent_number:
                raise UserError(self.env._("The number of the registered letter is missing."))
            record.sudo().state = "sent"

    @api.constrains("registered_id", "partner_id", "company_id")
    def _check_registered(self):
        for record in self.filtered("registered_id"):
            letter, creditor = record.registered_id.sudo(), record.company_id.dunning_creditor_id
            partner = record.partner_id.commercial_partner_id
            if (letter.partner_id.commercial_partner_id, letter.company_id) != (partner, creditor):
                raise ValidationError(
                    self.env._("This registered letter went to another customer: choose his own.")
                )

    @api.onchange("registered_id")
    def _onchange_registered(self):
        if self.registered_id:
            self.update(self._prepare_sent_vals())

    def _prepare_sent_vals(self):
        """Return the values of the sending according to the registered letter sent from here."""
        letter = self.registered_id.sudo()
        return {
            "sent_by": "registered",
            "sent_on": letter.posted_on,
            "sent_number": letter.number,
        }

    def _get_sending_proofs(self):
        """Return the proofs of the sending: of the letter sent from here, else attached files."""
        self.ensure_one()
        letter = self.registered_id.sudo()
        if not letter:
            return self.proof_ids
        paper = letter.sent_letter_id or letter.letter_id
        return (paper | letter._get_posting_proofs() | letter.receipt_ids).with_env(self.env)

    # -- The file of a debtor ----------------------------------------------------------------------

    def action_file(self):
        """Build the ZIP for an audit: judgment or proof, duplicate, sending, entry."""
        self.ensure_one()
        self.check_access("read")
        self.proof_ids.check_access("read")
        attachments = self.env["ir.attachment"].sudo()
        file = attachments.create(
            {
                "name": self._get_file_name() + ".zip",
                "raw": build_zip(relief_file.get_files(self.sudo()), creditors_day(self)),
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{file.id}?download=true",
            "target": "self",
        }
