from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ...core.claims_allowed import allowed
from ...core.filenames import written_name
from ...core.seals import sha256
from ...dossier.pages import inspect
from ...dossier.pictures import image_to_pdf
from ...dossier.reading import find_pdf
from ..penalty.penalty_statement import make_statement
from ..penalty.statement_book import make_statement_book
from .account_dunning_paper import ENVELOPE
from .states import OPEN

MOST_COPIES = 100  # beyond this many, invoices are enclosed on request only
STATEMENT_REPORT = "account_dunning_fr.report_notice_statement"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AccountDunningEnclosure(models.AbstractModel):
    """Enclosures of a notice: invoices, statements, and files that a person adds.

    By default a copy of each claimed invoice, and the penalty statement with a formal notice. On a
    draft, files can be left out or added; once sent, each enclosed file is kept as a proof with its
    SHA-256.
    """

    _name = "account.dunning.enclosure"
    _inherit = ["account.dunning.guarded"]
    _description = "Enclosures of a Reminder"

    enclose_invoices = fields.Boolean(
        string="Enclose the invoices",
        default=True,
        writer=OPEN,
        help="A copy of each invoice claimed goes with the message.",
    )
    kept_back_move_ids = fields.Many2many(
        "account.move",
        "account_dunning_notice_kept_back_rel",
        "notice_id",
        "move_id",
        string="Invoices not enclosed",
        readonly=True,
    )
    copies_on_request = fields.Boolean(
        compute="_compute_enclosed_move_ids",
        help="The invoices are too many to be copied: the message offers their copies.",
    )
    enclosable_move_ids = fields.Many2many("account.move", compute="_compute_enclosed_move_ids")
    enclosed_move_ids = fields.Many2many(
        "account.move",
        string="Copies of invoices",
        compute="_compute_enclosed_move_ids",
        inverse="_inverse_enclosed_move_ids",
        writer=OPEN,
        domain="[('id', 'in', enclosable_move_ids)]",
        help="Remove an invoice whose copy is not to leave; choose it again to put it back.",
    )
    enclose_penalties = fields.Boolean(
        string="Enclose the statement of penalties",
        writer=OPEN,
        help="The interest of each invoice, segment by segment, and the flat indemnities. Only "
        "where the customer's legal regime is confirmed and penalties are due.",
    )
    enclose_account = fields.Boolean(
        string="Enclose the statement of account",
        writer=OPEN,
        help="All that the customer owes on the day of the message, due or not.",
    )
    account_statement_id = fields.Many2one(
        "ir.attachment",
        string="Statement of account",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    statement_id = fields.Many2one(
        "ir.attachment",
        string="Statement of penalties",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Enclosed with the formal notice.",
    )
    statement_sha256 = fields.Char(string="SHA-256 of the statement", readonly=True)
    own_attachment_ids = fields.Many2many(
        "ir.attachment",
        "account_dunning_notice_own_attachment_rel",
        "notice_id",
        "attachment_id",
        string="Other files",
        writer=OPEN,
        bypass_search_access=True,
        help="An order, a delivery note, a signed quotation: whatever supports the claim.",
    )

    @api.depends(
        "enclose_invoices",
        "kept_back_move_ids",
        "line_ids.claimed",
        "line_ids.left_out",
        "line_ids.drop_reason",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_enclosed_move_ids(self):
        """The copies to enclose; a user of one branch chooses among its invoices only."""
        # For all notices together: filtered one by one, each would read its own invoices.
        readable = self.line_ids.move_id._filtered_access("read")
        sold = readable.filtered(lambda move: move.is_sale_document())
        for notice in self:
            moves = notice._get_claimed_lines().move_id & sold
            notice.copies_on_request = len(moves) > MOST_COPIES
            if notice.copies_on_request:
                moves = moves.browse()
            notice.enclosable_move_ids = moves
            enclosed = moves - notice.kept_back_move_ids
            notice.enclosed_move_ids = enclosed if notice.enclose_invoices else False

    def _inverse_enclosed_move_ids(self):
        for notice in self:
            offered, owner = notice.enclosable_move_ids, notice.sudo()
            kept_back = offered - notice.enclosed_move_ids
            owner.kept_back_move_ids = (owner.kept_back_move_ids - offered) | kept_back

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        notices._keep_own_attachments()
        return notices

    def _keep_own_attachments(self):
        """Attach added files to the notice itself: what was chosen is what is sent.

        :raise AccessError: if the user may not read one of the files
        """
        for notice in self:
            files = notice.sudo().own_attachment_ids
            foreign = files - files._filter_dunning_owned(notice)
            if foreign and not self.env.su:
                foreign.with_env(self.env).check_access("read")
            if foreign:
                own = [file._take_dunning_over(notice).id for file in foreign]
                commands = [Command.unlink(file.id) for file in foreign]
                commands += [Command.link(file_id) for file_id in own]
                notice.sudo().write({"own_attachment_ids": commands})

    def _encloses_penalties(self):
        """Whether the penalty statement is enclosed: wanted, and not empty.

        A consumer never gets one: a consumer owes no interest before the formal notice.
        """
        self.ensure_one()
        regime = self.enclose_penalties and self._get_stated_regime()
        if not regime or not allowed(regime).penalties.at_once:
            return False
        penalties = self._get_penalty_statement()
        return any(row["interest"] or row["indemnity"] for row in penalties["rows"])

    # -- Documents made for the notice ------------------------------------------------------------

    def _make_dunning_statement(self):
        """Return the statement of the penalties on what the notice claims, as of its date."""
        self.ensure_one()
        lines = self.line_ids._filter_claimed()
        return make_statement(
            self.company_id, self.partner_id, lines.move_line_id, self.letter_date
        )

    def _store_statement(self):
        """Store the statement of the penalties that the notice states, as of the same date."""
        self.ensure_one()
        if not self._encloses_penalties():
            return
        title = self.with_context(lang=self.lang).env._("Statement of penalties")
        if self._is_list_enclosed():  # too long to print: the amounts are in the list of items
            extension, mimetype = "xlsx", XLSX
            local = self.with_context(lang=self.lang)
            content = make_statement_book(local._make_dunning_statement())
        else:
            extension, mimetype = "pdf", "application/pdf"
            report = self.env["ir.actions.report"]
            content, _kind = report._render_qweb_pdf(STATEMENT_REPORT, self.ids)
        name = written_name(f"{title} {self.name or ''}", extension)
        self.write(
            {
                "statement_id": self._create_document(name, content, mimetype).id,
                "statement_sha256": sha256(content),
            }
        )

    def _store_account_statement(self):
        """Store the account statement that goes with the notice, as of the date of the notice."""
        self.ensure_one()
        if not self.enclose_account:
            return
        company = self.company_id
        notice = self.with_context(allowed_company_ids=company.ids, lang=self.lang)
        content = notice.partner_id._print_dunning_account_statement(company, self.letter_date)
        title = notice.env._("Statement of account")
        name = written_name(f"{title} {self.name or ''}", "pdf")
        self.account_statement_id = self._create_document(name, content)

    # -- Enclosures announced in the text ---------------------------------------------------------

    def _get_enclosed_text(self):
        """Return the sentence by which the notice announces its enclosures, or an empty string."""
        return format_list(self.env, self._get_enclosed_names())

    def _get_enclosed_names(self):
        """Return the names of the enclosures.

        :return: list of phrases, in the language of the context
        """
        self.ensure_one()
        names, moves = [], self.enclosed_move_ids
        if self._is_list_enclosed():
            names.append(self.env._("list of the items claimed"))
        if len(moves) == 1:
            names.append(self.env._("copy of the invoice %s", moves.name))
        elif moves == self.enclosable_move_ids and moves:
            names.append(self.env._("copies of the %s invoices listed", len(moves)))
        elif moves:
            numbers = ", ".join(moves.sorted("invoice_date").mapped("name"))
            names.append(self.env._("copies of the invoices %s", numbers))
        elif self.copies_on_request and self.enclose_invoices:
            names.append(self.env._("copies of the invoices on request"))
        if self._encloses_penalties():
            interest = self._get_stated_rights().term == "interest"
            names.append(
                self.env._("statement of late-payment interest")
                if interest
                else self.env._("statement of late-payment penalties")
            )
        if self.enclose_account:
            names.append(self.env._("statement of account"))
        return names + [name.rpartition(".")[0] or name for name in self._get_own_files("name")]

    def _get_own_files(self, name):
        """Return one field's value for each file that a person added."""
        return self._get_own_enclosures().sudo().mapped(name)

    def _get_own_enclosures(self):
        """Return the files that a person added, which belong to this notice."""
        self.ensure_one()
        files = self.sudo().own_attachment_ids.sorted("id")
        return files._filter_dunning_owned(self._origin).with_env(self.env)

    # -- Files ------------------------------------------------------------------------------------

    def _get_attachments(self):
        """Return the files that are sent with the notice.

        The letter, if any, and the penalty statement; the invoices as they were sent; the list of
        items, the account statement, and the files that a person added.
        """
        invoices = [move._get_dunning_document(self) for move in self.enclosed_move_ids]
        return self._get_kept_file("letter").union(
            self._get_kept_file("statement"),
            *invoices,
            self._get_kept_file("listing"),
            self._get_kept_file("account_statement"),
            self._get_own_enclosures(),
        )

    def _get_posted_files(self):
        """Return the files that went by post, except invoices never printed to a file."""
        self.ensure_one()
        if not self._goes_on_paper():
            return self.env["ir.attachment"]
        files = self.env["ir.attachment"]
        for name in ENVELOPE:
            files |= self._get_kept_file(name)
        for move in self.enclosed_move_ids:
            files |= move._find_dunning_document(self)
        return files | self._get_own_enclosures()

    def _get_enclosure_contents(self):
        """Return the invoices and other files to print behind the letter.

        :return: list of PDF documents (bytes), without files that are neither PDF nor images
        :raise UserError: naming a file that cannot be read
        """
        self.ensure_one()
        notice = self.sudo()
        files = self.env["ir.attachment"].sudo()
        for move in notice.enclosed_move_ids:
            files |= move._get_dunning_document(notice)
        contents = []
        for file in files | self._get_own_enclosures().sudo():
            content = file._get_dunning_content()
            found = inspect(content)
            if found.problem:
                raise UserError(
                    self.env._(
                        "The file %s cannot be read: leave it out of the message, or ask for "
                        "another copy.",
                        file.name,
                    )
                )
            if found.kind == "image":
                contents.append(image_to_pdf(content, file.name))
            elif found.kind == "pdf":
                contents.append(content[find_pdf(content) :])
        return contents
