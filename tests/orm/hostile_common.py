"""A creditor, a debtor and records in which every text is hostile, one for each report."""

from odoo import Command
from odoo.addons.account_dunning_fr.models.cover.account_dunning_convention import TERMS
from odoo.tools import SQL

from .case_common import CaseCommon

ADDON = "account_dunning_fr"
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "dollar": "${7*7}",
    "braces": "{{7*7}}",
    "qweb": "<t t-out='7*7'/>",
    "path": "../../x",
    "formula": "=1+1",
    "plus": "+1",
    "minus": "-1",
    "at": "@x",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "percent": "%(name)s %s %d {page} {0}",
    "long": "A" * 10_000,
    "words": "Very long name " * 700,
    "rtl": "شركة الاختبار \u202eالمحدودة\u202c",
    "emoji": "Boulangerie 🥖👩\u200d🍳",
}
MARK = "·"  # between a hostile text and what identifies its field
COMPUTED = f"49{MARK}"  # what 7*7 would become
LONG = ("long", "words")
# The short texts together, each before its mark as if it were alone: pages that are read completely
# are made three times instead of seventeen.
ON_PAPER = {
    "together": f"{MARK} ".join(text for kind, text in HOSTILE.items() if kind not in LONG),
    **{kind: HOSTILE[kind] for kind in LONG},
}
# Texts with a fixed form, checked by constraints or written by the addon: nobody types them.
FORMAL = {
    "access_token",
    "check_name",
    "code",
    "company_registry",
    "email",
    "email_normalized",
    "fingerprint",
    "inalterable_hash",
    "key",
    "lang",
    "message_ref",
    "parent_path",
    "rcs_source",
    "sent_lang",
    "sent_to",
    "subject",  # of a level: a template, whose expressions only users who write code may use
    "typed_texts",
    "tz",
    "vat",
}
POISONED = (
    "res.partner",
    "account.move",
    "account.move.line",
    "account.journal",
    "res.partner.bank",
)


class HostileCommon(CaseCommon):
    """Records created with harmless texts, and then poisoned in the database.

    In the database, since a text may come from an import or from another module: whatever shows it
    must cope with any content.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "currency_id": cls.env.ref("base.EUR").id,
                "country_id": cls.env.ref("base.fr").id,
                "street2": "Creditor's building",
                "phone": "+33 1 23 45 67 89",
            }
        )
        cls.partner.street2 = "Building B"
        cls.make_once("make_messages", "make_agreements", "make_dialogs")

    def make_messages(self):
        """Create notices that are sent, ready and answered, and a statement of account."""
        self.sent = self.notice(self.registered, "2026-04-12", *self.moves, deadline="2026-04-25")
        self.env.cr.execute(
            "UPDATE account_dunning_notice SET name = 'REL/1' WHERE id = %s", self.sent.ids
        )
        self.letter = (
            self.env["account.dunning.registered"]
            .sudo()
            .create({"notice_id": self.sent.id, "posted_on": "2026-04-12", "address": "Z\nLyon"})
        )
        values = {
            "model": self.sent._name,
            "res_id": self.sent.id,
            "message_type": "email",
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "date": "2026-04-15 09:00:00",
            "subject": "<script>alert(1)</script>",
            "email_from": "Debtor <debtor@client.example>",
            "body": "<p>{{7*7}} ${7*7}<script>alert(1)</script></p>",
        }
        self.reply = self.env["mail.message"].create(values)
        self.draft_notice = self.draft(self.partner)
        self.statement = (
            self.env["account.dunning.sent.statement"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "date": "2026-04-30",
                    "sent_on": "2026-04-30 10:00:00",
                    "currency_id": self.company.currency_id.id,
                    "amount": 100,
                    "amount_overdue": 100,
                    "total_text": "100.00",
                    "sent_to": "debtor@client.example",
                    "sent_lang": "en_US",
                }
            )
        )

    def make_agreements(self):
        """Create a plan, a dispute, a promise, proceedings, penalties and a court file."""
        self.second, self.third, self.fourth = (
            self.customer(name, dunning_regime="b2b") for name in ("Second", "Third", "Fourth")
        )
        self.invoice(self.second, 40, 700)
        self.payment_plan = self.env["account.dunning.payment.plan"].create(
            {"partner_id": self.second.id, "first_date": "2026-06-10"}
        )
        self.invoice(self.third, "2026-04-15", 1000)
        self.insolvency = self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.third.id,
                "date_opening": "2026-05-15",
                "court": "Court",
                "representative_id": self.agent(name="Representative").id,
            }
        )
        self.env["account.dunning.insolvency.good"].create(
            {"insolvency_id": self.insolvency.id, "name": "Goods", "lots": "Lots"}
        )
        self.late("2026-03-31", 1000, partner=self.fourth)
        self.make_assignment()
        self.relief = self.env["account.dunning.vat.relief"].create(
            {"partner_id": self.third.id, "event_date": "2026-05-15"}
        )
        self.relief.sudo().write({"sentence": "Sentence", "issued_on": "2026-06-01"})
        self.entry_of_penalties = self.book("2026-05-31", partners=self.fourth)
        self.case = self.prepare_case()
        self.pieces = self.case._get_included_pieces()
        self.case.sudo().write(
            {
                "ground": "Ground",
                "amicable_note": "Amicable note",
                "penal_clause_text": "Clause",
                "opposition_court": "Other court",
                "handover_partner_id": self.agent().id,
            }
        )

    def make_dialogs(self):
        """Open the dialogs that print or export."""
        env = self.env
        company = {"company_id": self.company.id}
        self.statement_of_penalties = env["account.dunning.statement"].create(
            {**company, "partner_id": self.partner.id, "item_ids": self.items(*self.moves).ids}
        )
        everybody = self.partner + self.second + self.third + self.fourth
        action = everybody.action_dunning_account_statement()
        self.account_statement = env[action["res_model"]].browse(action["res_id"])
        self.balance = env["account.dunning.aged.balance"].create(company)
        self.balance.action_show()
        self.monthly = env["account.dunning.monthly"].create({})
        action = env["account.dunning.chronology.page"]._open(self.partner, self.company)
        self.chronology = env[action["res_model"]].browse(action["res_id"])
        self.letters = env["account.dunning.letters"].create({"notice_ids": self.sent.ids})
        self.year_end = env["account.dunning.year.end"].create(
            {**company, "date_from": "2026-01-01", "date_to": "2026-12-31"}
        )
        self.year_end.action_show()

    def make_assignment(self):
        """Assign an invoice to a factor, with a confirmed wording."""
        wordings = self.env["account.dunning.assignment.wording"].sudo()
        wordings.search([]).write({"text": "Pay {factor} alone.", "is_confirmed": True})
        factor = self.customer("Factor")
        bank = {"acc_number": "DE89370400440532013000", "partner_id": factor.id}
        assigned = self.items(self.invoice(self.customer("Assigned"), 20))
        self.assignment = self.env["account.dunning.assignment"].create(
            {
                "name": "Q1",
                "company_id": self.company.id,
                "holder_id": factor.id,
                "bank_id": self.env["res.partner.bank"].create(bank).id,
                "line_ids": [Command.create({"move_line_id": assigned.id})],
            }
        )
        self.assignment.sudo().action_hand_over()
        convention = self.env["account.dunning.convention"].create(
            {
                "company_id": self.company.id,
                "agency_id": factor.id,
                "signed_on": "2026-01-01",
                **dict.fromkeys(TERMS, "As agreed"),
            }
        )
        entrusted = self.items(self.invoice(self.customer("Entrusted"), 20))
        self.entrusted = self.env["account.dunning.assignment"].create(
            {
                "kind": "agency",
                "name": "R1",
                "company_id": self.company.id,
                "holder_id": factor.id,
                "convention_id": convention.id,
                "line_ids": [Command.create({"move_line_id": entrusted.id})],
            }
        )
        self.entrusted.sudo().action_hand_over()

    def poison(self, text, partners=None):
        """Put a hostile text, and a mark that identifies the column, into every text column.

        :param partners: only these partners, all by default
        """
        self.env.flush_all()
        ours = [name for name in self.registry if name.startswith("account.dunning.")]
        for name in [*POISONED, *ours]:
            model = self.env[name]
            if model._abstract or not model._auto:
                continue
            columns = [
                self.poisoned_column(field, text)
                for field in model._fields.values()
                if field.store
                and field.column_type
                and field.type in ("char", "text")
                and not field.company_dependent
                and field.name not in FORMAL
            ]
            if columns:
                table = SQL.identifier(model._table)
                query = SQL("UPDATE %s SET %s", table, SQL(", ").join(columns))
                if partners and name == "res.partner":
                    query = SQL("%s WHERE id IN %s", query, tuple(partners.ids))
                self.env.cr.execute(query)
        self.env.invalidate_all()
        # Everything that contains values of records: compiled templates come from views, which are
        # not poisoned.
        self.registry.clear_cache("stable")

    def poisoned_column(self, field, text):
        column = SQL.identifier(field.name)
        value = SQL("%s || id", f"{text}{MARK}{field.name} ")
        if field.translate:
            value = SQL("jsonb_build_object('en_US', %s, 'fr_FR', %s)", value, value)
        return SQL("%s = CASE WHEN %s IS NOT NULL THEN %s END", column, column, value)
