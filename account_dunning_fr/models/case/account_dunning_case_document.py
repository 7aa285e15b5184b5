from collections import defaultdict

from odoo import api, fields, models

from ...core.amicable import AMICABLE
from ...core.claimant import is_natural_person
from ...core.einvoice import PROOF, treatment
from ...core.money import ZERO
from ...core.seals import sha256
from ...core.uncontested import ROUTE as UNCONTESTED
from ...dossier.finish import timeless
from ...dossier.heads import SURELY
from ..common.letter_formats import format_letter_date, format_long_date, write_as_letter
from .account_dunning_case_piece import MADE, REPLY

CERFA = {
    "order_commercial": "12946*02",
    "order_judicial": "12948*06",
    "order_protection": "16040*01",
}
MOST_NAMED = 8  # invoices named in one sentence of the request
# What a file contains besides its pieces, and the statements that are pieces themselves.
REPORTS = {
    "bordereau": "account_dunning_fr.report_case_bordereau",
    "request": "account_dunning_fr.report_case_request",
    "data_sheet": "account_dunning_fr.report_case_data_sheet",
    "commandement": "account_dunning_fr.report_case_commandement",
    "chronology": "account_dunning_fr.report_case_chronology",
    "mandate": "account_dunning_fr.report_case_mandate",
    "cover_letter": "account_dunning_fr.report_case_cover_letter",
    "account": "account_dunning_fr.report_case_account",
    "penalties": "account_dunning_fr.report_case_statement",
    "notice": "account_dunning_fr.report_case_notice",
    "reply": "account_dunning_fr.report_case_reply",
    "sending": "account_dunning_fr.report_case_sending",
}


class AccountDunningCaseDocument(models.Model):
    """A document made by the software for a file: printed again only when its text changes.

    A PDF contains the time of printing; so a document is stored with the fingerprint of the page it
    was printed from, and reused unchanged as long as that page is the same.
    """

    _name = "account.dunning.case.document"
    _description = "Document Made for a Court File"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _dunning_named_files = ("attachment_id",)
    _order = "case_id, kind"

    case_id = fields.Many2one("account.dunning.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    kind = fields.Char(required=True)
    attachment_id = fields.Many2one("ir.attachment", ondelete="restrict", index="btree_not_null")
    fingerprint = fields.Char()

    _kind_once = models.UniqueIndex("(case_id, kind)", "This document was already made.")

    @api.model
    def _get_titles(self):
        """Return the title of each document, for its bookmark and its file name."""
        return {
            "bordereau": self.env._("Bordereau"),
            "request": self.env._("Request for an order to pay"),
            "data_sheet": self.env._("Data sheet"),
            "commandement": self.env._("Instructions for the commandement"),
            "chronology": self.env._("Chronology"),
            "mandate": self.env._("Mandate"),
            "cover_letter": self.env._("Cover letter"),
            "account": self.env._("Statement of account"),
            "penalties": self.env._("Statement of the sums claimed"),
            "notice": self.env._("Message"),
            "reply": self.env._("E-mail received"),
            "sending": self.env._("Sending of the invoices"),
        }

    @api.model
    def _make(self, case, kind, record=None):
        """Return the document made from a record, printed again only if its page has changed.

        :param case: the file it is for, with the sums passed to it
        :param str kind: a key of ``REPORTS``, followed by what distinguishes it from others of the
            kind
        :param record: the record printed by the report, the case by default
        :return: ``ir.attachment``
        """
        return self._make_all(case, {kind: case if record is None else record})[kind]

    @api.model
    def _make_all(self, case, records, rendered=None):
        """Return documents like ``_make``; those to be printed are printed in one process.

        :param case: the file they are for, with the sums passed to it
        :param dict records: ``{kind: record}``
        :param rendered: function of a kind and its rendered page, called before the next document
            is rendered
        :return: ``{kind: ir.attachment}``
        """
        case.ensure_one()
        # What was passed to the case is available to the report: the sums are computed once per
        # file, and formatted once for all documents.
        report = (
            case.env["ir.actions.report"].sudo().with_context(lang=case._get_dunning_print_lang())
        )
        report = write_as_letter(report)
        documents = {document.kind: document for document in case.sudo().document_ids}
        made, changed = {}, {}
        for kind, record in records.items():
            reference = REPORTS[kind.split("-")[0]]
            page, _type = report._render_qweb_html(reference, record.ids)
            if rendered:
                rendered(kind, page)
            document = documents.get(kind, self.browse())
            made[kind] = document.attachment_id._filter_dunning_owned(case)
            if not made[kind] or document.fingerprint != sha256(page):
                changed[kind] = (reference, record.id, page)
        # Already rendered: not rendered again.
        printed = report._print_dunning_pages(list(changed.values()))
        for (kind, (_ref, _id, page)), (content, extension) in zip(
            changed.items(), printed, strict=True
        ):
            made[kind] = self._keep(case, kind, content, extension)
            vals = {"attachment_id": made[kind].id, "fingerprint": sha256(page)}
            if document := documents.get(kind):
                document.write(vals)
            else:
                self.sudo().create({"case_id": case.id, "kind": kind, **vals})
        return made

    @api.model
    def _keep(self, case, kind, content, extension):
        """Return the attachment of a document just printed, under its title."""
        title = case.env[self._name]._get_titles()[kind.split("-")[0]]
        if extension == "pdf":
            content = timeless(content, f"{title} {case.name}")
        name = f"{title} {case.name}.{extension}".replace("/", "-")
        return case.env["ir.attachment"]._attach_dunning(case, name, content)

    # -- Values printed in the documents, as their readers expect them -----------------------------

    @api.model
    def _get_cerfa(self, case):
        """Return the number of the form equivalent to the request, or an empty string."""
        return CERFA.get(case.route, "")

    @api.model
    def _is_list_apart(self, case):
        """Return whether the list of pieces begins on a separate sheet, as it never fits on one.

        It can then be read beside the request, as a bordereau (CPC 1407), and where its sheets end
        does not depend on what precedes it.
        """
        return len(case._get_included_pieces()) > SURELY

    @api.model
    def _get_claimed_elements(self, case):
        """Return the elements that are not zero, and always the principal."""
        elements = case._get_elements()
        return [elements[0], *(element for element in elements[1:] if element[1])]

    @api.model
    def _get_other_totals(self, case):
        """Return what is claimed besides in other currencies than the euro (list of ``Total``)."""
        totals = case._get_statement().totals
        return [total for total in totals if total.currency != case.currency_id]

    @api.model
    def _get_mandate_text(self, case):
        """Return what the agent has to do, in a sentence: as chosen, or according to the route."""
        if case.mandate_scope == "amicable":
            return self.env._("recover the claim amicably, without any judicial step.")
        if case.mandate_scope == "service":
            return self.env._("serve the order, and execute it once it is enforceable.")
        if case.mandate_scope == "all":
            return self.env._("take every useful step, amicable or judicial, to recover the claim.")
        if case.route == "declaration":
            return self.env._("declare the claim in the insolvency proceedings and follow it.")
        if case.route in AMICABLE:
            return self.env._("recover the claim amicably, without any judicial step.")
        if case.route == UNCONTESTED:
            return self.env._(
                "serve the commandement, draw up the record that nobody contested, have it made "
                "enforceable and served, and execute it."
            )
        if case.is_order or case.route == "european" or not case.route:
            return self.env._(
                "obtain the order to pay, have it served, and execute it once it is enforceable."
            )
        return self.env._(
            "bring the claim by the way chosen (%s), have the decision served, and execute it once "
            "it is enforceable.",
            dict(case._fields["route"]._description_selection(case.env))[case.route],
        )

    @api.model
    def _get_mandate_power(self, case):
        """Return the power needed for the task, and nothing beyond it.

        An amicable mandate signs and files nothing; a request may be filed by any agent (CPC 1407),
        a hearing above 10,000 euros needs a lawyer (CPC 761, 853), a claim is declared under a
        special power (C. com. L. 622-24).
        """
        receive = self.env._("Power is given to receive the sums paid.")
        if case.mandate_scope == "amicable" or case.route in AMICABLE:
            return self.env._(
                "%s This mandate gives no power to act before a court, nor to have anything served "
                "or executed.",
                receive,
            )
        if case.mandate_scope == "service":
            return self.env._(
                "Power is given to have the order served and executed, and to receive the sums "
                "paid. None is given to start other proceedings."
            )
        filing = self.env._(
            "Power is given to sign and file the request for an order to pay, to receive the "
            "order, to have it served and executed, and to receive the sums paid."
        )
        if case.route == "declaration":
            return self.env._(
                "Special power is given to declare the claim to the representative of the "
                "creditors, to certify it sincere, and to receive the dividends."
            )
        if case.route == UNCONTESTED and case.mandate_scope == "order":
            return self.env._(
                "Power is given to have the commandement served, to have the record of "
                "non-contestation made enforceable and served, to execute it, and to receive the "
                "sums paid."
            )
        if case.mandate_scope == "order" and (
            case.is_order or case.route == "european" or not case.route
        ):
            return filing
        hearing = self.env._(
            "Power is given to bring the claim before the court, by a lawyer where one is "
            "compulsory, to have the decision served and executed, and to receive the sums paid."
        )
        return f"{filing} {hearing}" if case.mandate_scope == "all" and case.is_order else hearing

    @api.model
    def _get_indemnity_count(self, sections):
        """Return how many flat indemnities of one amount are claimed; 0 if their amounts differ."""
        claimed = [section.indemnity_claimed for section in sections if section.indemnity_claimed]
        return len(claimed) if len(set(claimed)) == 1 else 0

    @api.model
    def _get_bases(self, sections):
        """Return how interest continues after the date of the sums, by basis of the rate.

        :return: list of dicts ``label``, ``names`` of the invoices (or a description, if there are
            many), ``rate`` on that day, ``a_day`` (of all of them together, rounded once: it is not
            shown per invoice) and ``currency``
        """
        bases = {}
        for section in sections:
            if not section.segments or not section.principal_left:
                continue
            currency = section.item.currency_id
            basis = bases.setdefault(
                (section.label, section.annual_rate, currency),
                {
                    "label": section.label,
                    "rate": float(section.annual_rate),
                    "currency": currency,
                    "names": [],
                    "a_day": ZERO,
                },
            )
            basis["names"].append(section.item.move_id.name)
            basis["a_day"] += section.a_day
        found = list(bases.values())
        for basis in found:
            basis["a_day"] = basis["currency"].round(float(basis["a_day"]))
        if len(found) == 1 and len(found[0]["names"]) == len(sections) > MOST_NAMED:
            # They are all listed in the table of part 4.
            found[0]["names"] = [self.env._("the %s invoices of part 4", len(sections))]
        return found

    @api.model
    def _get_reminder_rows(self, case):
        """Return the notices sent, with the pieces that prove them."""
        return [
            {
                "date": notice.date,
                "level": notice.level_name,
                "channels": notice._get_reached_channels(),
                "deadline": notice.deadline,
                "pieces": case._get_piece_numbers(notice_id=notice),
            }
            for notice in case._get_notices()
        ]

    @api.model
    def _get_chronology_rows(self, case):
        """Return what happened, oldest first, with the numbers of the pieces.

        What the customer's chronology does not contain (invoices, due dates, payments) is added
        from the items of the file.
        """
        events = case.env["account.dunning.chronology"]._get_events(
            case.partner_id, case.company_id, case.move_ids, until=case.date
        )
        events = [event for event in events if event.kind != "case" and not event.internal]
        numbers = self._get_numbers_by_proven(case)
        rows = [
            {
                "date": event.on,
                "title": event.title,
                "detail": event.detail,
                "amount": event.amount,
                "currency": event.currency,
                "pieces": self._get_event_pieces(event, numbers),
            }
            for event in events
        ]
        told = {event.kind for event in events}
        if not told & {"invoice", "payment", "due"}:
            rows += self._get_ledger_rows(case)
        return sorted(rows, key=lambda row: row["date"])

    @api.model
    def _get_numbers_by_proven(self, case):
        """Return the numbers of the pieces by what they prove, each in the order of the file.

        :return: ``{(what, value): [number]}``: a ``notice``, the ``invoice``, the day of a
            ``reply``, the checksum of a ``file``, unless it is a statement made for the file, which
            proves no event
        """
        numbers = defaultdict(list)
        for piece in case._get_included_pieces():
            proven = [("notice", piece.notice_id)]
            if not (piece.key or "").startswith(MADE):
                proven.append(("file", piece.sudo().attachment_id.checksum))
            if piece.category == "invoice":
                proven.append(("invoice", piece.move_id))
            if (piece.key or "").startswith(REPLY):
                proven.append(("reply", piece.date))
            for what in proven:
                numbers[what].append(piece.number)
        return numbers

    @api.model
    def _get_event_pieces(self, event, numbers):
        """Return the numbers of the pieces that prove an event, as a text.

        :param dict numbers: as returned by ``_get_numbers_by_proven``
        """
        if event.kind == "email_in":
            proving = [("reply", event.on)]
        elif event.record and event.record._name == "account.dunning.notice":
            proving = [("notice", event.record)]
        elif event.kind == "invoice":
            proving = [("invoice", event.record)]
        else:  # a piece is a copy of its file
            checksums = set(event.proofs.sudo().mapped("checksum")) if event.proofs else ()
            proving = [("file", checksum) for checksum in checksums]
        found = {number for what in proving for number in numbers.get(what, ())}
        return ", ".join(map(str, sorted(found)))

    @api.model
    def _get_ledger_rows(self, case):
        rows, numbers = [], self._get_numbers_by_proven(case)
        for item in case.item_ids:
            issued = {
                "title": self.env._("Invoice %s", item.invoice_name),
                "detail": self.env._("Due on %s", format_letter_date(self.env, item.date_maturity)),
                "amount": item.amount_total,
                "currency": item.currency_id,
                "pieces": ", ".join(map(str, numbers["invoice", item.move_id])),
            }
            rows.append({"date": item.invoice_date, **issued})
        rows += [
            {
                "date": row["date"],
                "title": row["label"],
                "detail": "",
                "amount": row["credit"],
                "currency": row["currency"],
                "pieces": "",
            }
            for row in self._get_account_rows(case)
            if row["credit"]
        ]
        return rows

    @api.model
    def _format_long_date(self, day):
        """Return a date with the month in letters."""
        return format_long_date(self.env, day)

    @api.model
    def _format_address(self, partner):
        """Return an address on one line, postal code before the town; a foreign country last."""
        address = ", ".join(filter(None, [partner.street, partner.street2]))
        place = " ".join(filter(None, [partner.zip, partner.city]))
        country = partner.country_id
        return ", ".join(
            filter(None, [address, place, country.name if country.code != "FR" else ""])
        )

    @api.model
    def _is_natural(self, company):
        """Whether a creditor is a natural person, who signs for himself."""
        return is_natural_person(company.dunning_legal_form)

    @api.model
    def _get_identity_rows(self, partner, company=None):
        """Return the identity of a party, as required by the form: list of ``(label, value)``."""
        form = company.dunning_legal_form if company else partner.dunning_legal_form
        # In Odoo every own company has a partner that is a company, and so has many a sole trader.
        legal = (company or partner.is_company) and not is_natural_person(form)
        rows = [
            (
                self.env._("Company name") if legal else self.env._("Surname and first names"),
                partner.name,
            ),
            (
                self.env._("Legal form"),
                (company and company.dunning_legal_form) or partner.dunning_legal_form,
            ),
        ]
        if company and company.dunning_share_capital:
            rows.append((self.env._("Share capital"), company.dunning_share_capital))
        rows += [
            (self.env._("SIREN"), partner._get_dunning_siren_text()),
            (self.env._("Registry of commerce"), company and company.dunning_rcs_city),
            (
                self.env._("Registered office") if legal else self.env._("Domicile"),
                self._format_address(partner),
            ),
            (
                self.env._("Profession, nationality and birth"),
                company and not legal and company.dunning_civil_status,
            ),
            (self.env._("Represented by"), company and company.dunning_representative),
            (self.env._("E-mail"), partner.email),
            (self.env._("Phone"), partner.phone),
        ]
        return [(label, value) for label, value in rows if value]

    # -- Account statement, and how the invoices were sent -----------------------------------------

    @api.model
    def _get_account_rows(self, case):
        """Return the statement of account: each invoice, payments and credits, the balance.

        :return: list of dicts ``date``, ``label``, ``debit``, ``credit``, ``balance`` (running, by
            currency), ``currency``; its last balance ties the books to the principal
        """
        events = case.env["account.dunning.accrual"]._get_events(case.item_ids.move_line_id)
        entries = []
        for item in case.item_ids.sorted(lambda item: (item.date_maturity, item.id)):
            label = self.env._(
                "Invoice %(name)s, due on %(due)s",
                name=item.invoice_name,
                due=format_letter_date(self.env, item.date_maturity),
            )
            entries.append((item.invoice_date, label, item.amount_total, 0.0, item.currency_id))
            for entry in item._get_settlements(events[item.move_line_id.id], case.date):
                entries.append((*entry, item.currency_id))
        rows, balances = [], {}
        for on, label, debit, credit, currency in sorted(entries, key=lambda entry: entry[0]):
            balances[currency] = currency.round(balances.get(currency, 0.0) + debit - credit)
            rows.append(
                {
                    "date": on,
                    "label": label,
                    "debit": debit,
                    "credit": credit,
                    "balance": balances[currency],
                    "currency": currency,
                }
            )
        return rows

    @api.model
    def _get_account_balances(self, rows):
        """Return the final balance of the statement of account, by currency."""
        return list({row["currency"]: row["balance"] for row in rows}.items())

    @api.model
    def _get_account_bridge(self, case, rows):
        """Return the claimed principal less the balance in the books, in euros."""
        balance = dict(self._get_account_balances(rows)).get(case.currency_id, 0.0)
        return case.currency_id.round(case.amount_principal - balance)

    @api.model
    def _get_sendings(self, case):
        """Return the e-mails with which the invoices were sent, as in the message log.

        :return: list of dicts ``move``, ``message``, ``to``, ``failed``
        """
        sent = case.move_ids._get_dunning_sent_files()
        messages = case.move_ids._get_dunning_carriers().filtered(
            lambda message: (
                sent[case.move_ids.browse(message.res_id)].checksum
                in message.attachment_ids.mapped("checksum")
            )
        )
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "in", messages.ids)])
        mails = mails.grouped("mail_message_id")
        return [
            {
                "move": case.move_ids.browse(message.res_id),
                "message": message,
                "to": self._get_addresses(message, mails.get(message, ())),
                "failed": "exception" in message.notification_ids.mapped("notification_status"),
            }
            for message in messages
        ]

    @api.model
    def _get_einvoice_proofs(self, case):
        """Return the statuses that prove that e-invoices were sent and received, oldest first."""
        statuses = case.move_ids.dunning_einvoice_ids
        return statuses.filtered(
            lambda status: treatment(status.code, status.reason_code or "") == PROOF
        ).sorted(lambda status: (status.day, status.code, status.id))

    @api.model
    def _has_sendings(self, case):
        """Whether anything proves that an invoice of the file was sent."""
        return bool(self._get_sendings(case) or self._get_einvoice_proofs(case))

    @api.model
    def _get_addresses(self, message, mails):
        """Return the recipients of a message sent with these e-mails, as in an e-mail header."""
        partners = message.notified_partner_ids | message.partner_ids
        partners = partners.union(*(mail.recipient_ids for mail in mails))
        addresses = [partner.email for partner in partners if partner.email]
        addresses += [mail.email_to for mail in mails if mail.email_to]
        return ", ".join(dict.fromkeys(addresses))
