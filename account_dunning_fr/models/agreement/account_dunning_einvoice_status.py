from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date

from ...core.einvoice_standing import Status
from ...core.money import to_decimal

CODES = [
    ("200", "200 – Deposited"),
    ("201", "201 – Issued"),
    ("202", "202 – Received"),
    ("203", "203 – Made available"),
    ("204", "204 – Taken in charge"),
    ("205", "205 – Approved"),
    ("206", "206 – Approved in part"),
    ("207", "207 – Disputed"),
    ("208", "208 – Suspended"),
    ("209", "209 – Completed"),
    ("210", "210 – Refused"),
    ("211", "211 – Payment sent"),
    ("212", "212 – Collected"),
    ("213", "213 – Rejected"),
    ("221", "221 – Routing error"),
    ("501", "501 – Not admissible"),
]
SOURCES = [("platform", "Platform"), ("import", "Imported"), ("hand", "By hand")]


class AccountDunningEinvoiceStatus(models.Model):
    """One status in the life cycle of an e-invoice, as issued by its platform (XP Z12-012).

    Nobody changes or deletes a status: the standing of an invoice follows from all of its statuses
    (``core.einvoice_standing``), by the day on which each was issued.
    """

    _name = "account.dunning.einvoice.status"
    _description = "Status of an E-Invoice"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _dunning_writer = "code"
    _order = "day desc, issued_at desc nulls first, code desc, id desc"
    _rec_name = "code"

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="move_id.commercial_partner_id", string="Customer")
    currency_id = fields.Many2one(related="move_id.currency_id")
    code = fields.Selection(CODES, string="Status", required=True)
    day = fields.Date(string="Issued on", required=True)
    issued_at = fields.Datetime(
        help="The moment, where the platform says it: of one day, it decides which came last."
    )
    amount = fields.Monetary(
        help="What is contested (206), was sent (211) or collected (212). Empty: the whole."
    )
    reason_code = fields.Char(help="Code of the reason, by the rules of the French reform.")
    reason = fields.Char(help="As the platform or the customer words it.")
    source = fields.Selection(SOURCES, required=True, default="platform")
    user_id = fields.Many2one("res.users", string="Recorded by")

    _once = models.UniqueIndex(
        "(move_id, code, day, COALESCE(amount, 0), COALESCE(reason_code, ''))",
        "This status is recorded already.",
    )

    @api.model
    def _record(self, move, status, words, source):
        """Record a status of an invoice, once.

        :param status: ``core.einvoice_standing.Status``
        :param str words: the reason in words
        :param str source: a key of ``SOURCES``
        :return: the new record; empty if the status is already known
        """
        # If two platforms report at the same time, the second one waits and then sees the first.
        self.env.cr.execute(
            SQL("SELECT id FROM account_move WHERE id = %s FOR NO KEY UPDATE", move.id)
        )
        known = self.search(
            [("move_id", "=", move.id), ("code", "=", status.code), ("day", "=", status.on)]
        )
        step = move.currency_id.rounding
        if any(
            (to_decimal(each.amount, step), each.reason_code or "")
            == (to_decimal(status.amount, step), status.reason)
            for each in known
        ):
            return self.browse()
        return self.create(
            {
                "move_id": move.id,
                "code": status.code,
                "day": status.on,
                "issued_at": status.at,
                "amount": float(status.amount),
                "reason_code": status.reason or False,
                "reason": words or False,
                "source": source,
                "user_id": source != "platform" and self.env.uid,
            }
        )

    def _get_values(self):
        """Return these statuses as values for the core."""
        return [
            Status(
                each.code,
                each.day,
                each.issued_at or None,
                to_decimal(each.amount, each.move_id.currency_id.rounding),
                each.reason_code or "",
            )
            for each in self
        ]

    @api.model
    def _get_label(self, code):
        return dict(self._fields["code"]._description_selection(self.env))[code]

    def _get_reason_text(self):
        """Return the reason of a status, with its code, for display."""
        self.ensure_one()
        code = f"[{self.reason_code}]" if self.reason_code else ""
        return " ".join(filter(None, [code, self.reason]))

    def _get_sentence(self):
        """Return what the status says, in one sentence for the user."""
        self.ensure_one()
        sentence = self.env._(
            "%(status)s, on %(date)s",
            status=self._get_label(self.code),
            date=format_date(self.env, self.day),
        )
        if self.amount:
            sentence = f"{sentence}, {format_amount(self.env, self.amount, self.currency_id)}"
        reason = self._get_reason_text()
        return f"{sentence} ({reason})" if reason else sentence

    # -- The list of a platform --------------------------------------------------------------------

    @api.model
    def _import(self, rows, companies):
        """Apply the statuses of a list, line by line; invalid lines are refused with a reason.

        :param rows: ``core.einvoice_file.Row``
        :param companies: ``res.company`` records to which the invoices must belong
        :return: how many were applied, how many were already known, and a list of (line, reason,
            value) for lines that match no single invoice of these companies
        """
        moves = self._find_invoices({row.invoice for row in rows}, companies)
        applied, known, problems = 0, 0, []
        for row in rows:
            found = moves.get(row.invoice, self.env["account.move"])
            if len(found) != 1:
                problems.append((row.line, "several" if found else "unknown", row.invoice))
            elif found._record_dunning_einvoice_status(row.status, row.words, "import"):
                applied += 1
            else:
                known += 1
        return applied, known, problems

    @api.model
    def _find_invoices(self, numbers, companies):
        """Return the customer invoices and credit notes by number, with the user's read access."""
        moves = self.env["account.move"].search(
            [
                ("name", "in", list(numbers)),
                ("company_id", "in", companies.ids),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "!=", "draft"),
            ]
        )
        return moves.grouped("name")
