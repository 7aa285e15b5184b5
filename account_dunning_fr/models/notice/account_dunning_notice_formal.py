from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.image import image_data_uri

from ...core.filenames import written_name
from ...core.seals import sha256
from ..common.account_dunning_run import recorded
from ..penalty.account_move import STATEMENT_REPORT

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AccountDunningNotice(models.Model):
    """The formal notice: what it lacks before it leaves, and what follows its deadline."""

    _inherit = "account.dunning.notice"

    expired_on = fields.Date(
        string="Expired on",
        readonly=True,
        copy=False,
        help="Day on which the formal notice was found unpaid after its deadline.",
    )

    expiry_activity_id = fields.Many2one(
        "mail.activity",
        string="To-do of the expiry",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    _expiry_idx = models.Index(
        "(company_id, deadline) WHERE kind = 'formal_notice' AND state = 'sent'"
    )

    @api.model
    def _get_expired_domain(self, today):
        """Return the formal notices whose printed deadline is over.

        :param date today: the day of the question
        """
        return [
            ("kind", "=", "formal_notice"),
            ("state", "=", "sent"),
            ("has_left", "=", True),
            ("deadline", "<", today),
        ]

    @api.model
    def _get_expired_items(self, creditors=None, today=None, partners=None):
        """Return the items still owed after the deadline of their formal notice, held ones apart.

        The plan says what is owed and may be chased: payments, credits, holds and exclusions
        count here as they do for a reminder.

        :param creditors: ``res.company`` records, all of the user's by default
        :param date today: today by default
        :param partners: only these customers
        :return: ``account.move.line`` records
        """
        today = today or fields.Date.context_today(self)
        domain = [
            ("notice_id", "any", self._get_expired_domain(today)),
            ("claimed", "=", True),
            ("move_line_id.reconciled", "=", False),
        ]
        if creditors is not None:
            domain.append(("company_id", "in", creditors.ids))
        if partners is not None:
            domain.append(("partner_id", "in", partners.ids))
        lines = self.env["account.dunning.notice.line"].search(domain)
        lines = lines.filtered(lambda line: line.cycle == line.move_line_id.dunning_cycle)
        items = self.env["account.move.line"]
        for creditor, group in lines.grouped("company_id").items():
            rows = self.env["account.dunning.plan"].sudo()
            rows = rows._simulate(creditor, partners=group.partner_id)
            owed = {
                row.move_line_id
                for row in rows
                if not row.stop and row.residual > row.credit_amount
            }
            items |= group.move_line_id.filtered(lambda item, owed=owed: item.id in owed)
        return items

    @api.model
    @recorded("expire")
    def _cron_expire(self):
        """Ask the person in charge what comes next, once for each expired formal notice."""
        today = fields.Date.context_today(self)
        notices = self.search([*self._get_expired_domain(today), ("expired_on", "=", False)])
        self.env["ir.cron"]._commit_progress(remaining=len(notices))
        for creditor, group in notices.grouped("company_id").items():
            with self.env["account.dunning.run"]._working_for(creditor):
                if not group._expire_unpaid(creditor, today):
                    return

    def _expire_unpaid(self, creditor, today):
        """Expire those of these formal notices of one creditor that are still owed.

        :return: whether the scheduled action has time left
        """
        owed = self._get_expired_items(creditor, today, self.partner_id)
        lang = creditor.partner_id._get_dunning_lang()
        for notice in self.with_context(lang=lang):
            claimed = notice.line_ids.filtered("claimed").move_line_id
            if claimed & owed:
                notice._expire(today)
            if not self.env["ir.cron"]._commit_progress(1):
                return False
        return True

    def _expire(self, today):
        """Note that the formal notice expired unpaid, and leave a to-do.

        :param date today: the day of the finding
        """
        self.ensure_one()
        self.expired_on = today
        self.expiry_activity_id = self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.user_id.id or self.company_id.dunning_user_id.id or self.sent_by.id,
            summary=self.env._("Formal notice expired"),
            note=self.env._(
                "The deadline of %(deadline)s passed without payment: decide what comes next. "
                "Its invoices are under « To hand over ».",
                deadline=format_date(self.env, self.deadline),
            ),
        )

    # -- The formal notice (« mise en demeure »): complete, or it does not leave -------------------
    # The law lists no mandatory mention (C. civ. 1344); what is asked here is what lets a judge
    # know who claims what from whom, and how it could have been paid.

    statement_id = fields.Many2one(
        "ir.attachment",
        string="Statement of penalties",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Enclosed with the formal notice.",
    )
    statement_sha256 = fields.Char(string="SHA-256 of the statement", readonly=True)
    missing_text = fields.Text(compute="_compute_missing_text")

    @api.depends("kind", "state", "partner_id", "user_id", "company_id", "line_ids.amount_due")
    def _compute_missing_text(self):
        for notice in self:
            missing = notice._get_missing() if notice.state in ("draft", "ready") else []
            notice.missing_text = "\n".join(missing)

    # -- What is missing ---------------------------------------------------------------------------

    def _get_missing(self):
        """Return what a formal notice lacks, each as something for the user to do.

        :return: list of sentences, empty for any other kind of message
        """
        self.ensure_one()
        if self.kind != "formal_notice":
            return []
        notice = self.sudo()
        missing = [*notice._get_missing_of_sender(), *notice._get_missing_of_debtor()]
        if not any(line.claimed and not line.left_out for line in notice.line_ids):
            missing.append(self.env._("Sums: no item is claimed."))
        if problem := notice._get_penalty_problem():
            missing.append(self.env._("Sums: %s", problem))
        stale = notice.company_id._get_dunning_stale_bank_journals(fields.Date.context_today(self))
        if stale:
            missing.append(
                self.env._(
                    "Bank statements of %s: too old, import them first.",
                    ", ".join(stale.mapped("display_name")),
                )
            )
        return missing

    def _get_missing_of_sender(self):
        company = self.company_id
        partner = company.partner_id
        signatory = self._get_signatory()
        accounts = self._get_claimed_lines()._get_bank_accounts().values()
        checks = [
            (company.name, self.env._("Sender: the name of the company.")),
            (
                company.dunning_legal_form,
                self.env._("Sender: the legal form, on the form of the company."),
            ),
            (
                partner.street and partner.zip and partner.city,
                self.env._("Sender: street, post code and town."),
            ),
            (partner._get_dunning_siren(), self.env._("Sender: the SIREN or SIRET.")),
            (
                company.email or company.phone,
                self.env._("Sender: an e-mail address or a telephone number."),
            ),
            (
                signatory,
                self.env._(
                    "Signatory: a responsible on the message who still is a user, or the dunning "
                    "contact of the company in the settings."
                ),
            ),
            (
                all(account.acc_type == "iban" for account in accounts),
                self.env._("IBAN: a bank journal with a valid IBAN, for each sum claimed."),
            ),
        ]
        return [sentence for present, sentence in checks if not present]

    def _get_missing_of_debtor(self):
        place = self._get_postal_address()
        checks = [
            (self.partner_id.name, self.env._("Customer: the name.")),
            (
                place.street and place.zip and place.city,
                self.env._("Customer: street, post code and town of %s.", place.display_name),
            ),
        ]
        return [sentence for present, sentence in checks if not present]

    def _get_signatory(self):
        """Return the user who signs: the person in charge, else the company's.

        Somebody who left, and a program, sign nothing.
        """
        self.ensure_one()
        people = (self.user_id | self.company_id.dunning_user_id).sudo()
        return people.filtered(lambda user: user.active and not user.share)[:1]

    def _get_signature(self):
        """Return the picture of the signature as a ``data:`` address, or False."""
        picture = self._get_signatory().dunning_signature
        return picture and image_data_uri(picture)

    def _get_formal_problem(self):
        """Return why this formal notice cannot leave, with all that is missing, or False."""
        self.ensure_one()
        if self.kind == "formal_notice":
            problem = self.company_id._get_dunning_foreign_problem()
            if problem:
                return problem
        missing = self._get_missing()
        if not missing:
            return False
        return self.env._(
            "The formal notice to %(customer)s is not complete:\n%(missing)s",
            customer=self.partner_id.display_name,
            missing="\n".join(f"- {sentence}" for sentence in missing),
        )

    def _split_complete(self):
        """Note on each formal notice that is not complete what it lacks.

        :return: the others
        :raise UserError: if none of these messages is complete
        """
        live = self.filtered(lambda notice: notice.state in ("draft", "ready"))
        problems = {notice: notice._get_formal_problem() for notice in live}
        incomplete = live.filtered(lambda notice: problems[notice])
        if incomplete and incomplete == self:
            raise UserError("\n\n".join(problems[notice] for notice in incomplete))
        for notice in live.sudo().filtered(lambda n: n.kind == "formal_notice"):
            notice.blocking_reason = problems[notice]
        return self - incomplete

    def _store_statement(self):
        """Keep the statement of the penalties that the message states, to the same day."""
        self.ensure_one()
        if not self._encloses_penalties():
            return
        lines = self.line_ids.filtered(lambda line: line.claimed and not line.left_out)
        wizard = self.env["account.dunning.statement"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "date_until": self.letter_date,
                "item_ids": [fields.Command.set(lines.move_line_id.ids)],
            }
        )
        title = self.with_context(lang=self.lang).env._("Statement of penalties")
        if self._is_list_enclosed():  # too long for pages: their sums are in the list of the items
            extension, mimetype = "xlsx", XLSX
            content = wizard.with_context(lang=self.lang)._make_xlsx()
        else:
            extension, mimetype = "pdf", "application/pdf"
            report = self.env["ir.actions.report"]
            content, _kind = report._render_qweb_pdf(STATEMENT_REPORT, wizard.ids)
        name = written_name(f"{title} {self.name or ''}", extension)
        self.write(
            {
                "statement_id": self._create_document(name, content, mimetype).id,
                "statement_sha256": sha256(content),
            }
        )

    # -- What the letter says ----------------------------------------------------------------------

    def _get_origins(self):
        """Return where each invoice claimed comes from, as far as the books know.

        :return: list of (invoice number, our order, the customer's reference)
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.claimed and not line.left_out)
        return [
            (move.name, move.invoice_origin, move.ref)
            for move in lines.move_id.sorted("invoice_date")
            if move.invoice_origin or move.ref
        ]
