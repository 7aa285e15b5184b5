from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open
from odoo.tools.translate import get_po_paths, translation_file_reader

from ...core.mentions import missing_mentions, unwelcome_mentions
from ..policy.account_dunning_level import TEXTS

MODULE = "account_dunning_fr"
SHIPPED = f"{MODULE}/data/account_dunning_policy_data.xml"
# The shipped level whose texts a level of a kind takes, when it is not a shipped one itself.
SHIPPED_BY_KIND = {
    "courtesy": "level_courtesy",
    "reminder": "level_first",
    "registered": "level_registered",
    "formal_notice": "level_formal_notice",
}


class AccountDunningLevel(models.Model):
    """The texts of a level: what they lack, the shipped ones back, a look at them on a customer."""

    _inherit = "account.dunning.level"

    text_warning = fields.Char(compute="_compute_text_warning")

    @api.depends("kind", *TEXTS)
    @api.depends_context("lang")
    def _compute_text_warning(self):
        """Name what the text lacks or should not say, in each language it is written in."""
        facts = {"sum": "object.total_text", "deadline": "object.deadline_text"}
        langs = self.env["res.lang"].get_installed()
        for level in self:
            warnings = []
            for code, label in langs if level._is_written() else []:
                texts = level.with_context(lang=code)
                # A quotation is an attribute of a tag: here the source is read, not the message.
                text = " ".join(texts[name] or "" for name in TEXTS).replace("<", " ")
                if sentence := self._get_mention_sentence(level.kind, text, facts):
                    warnings.append(f"{label}: {sentence}" if len(langs) > 1 else sentence)
            level.text_warning = " ".join(warnings)

    def _is_written(self):
        self.ensure_one()
        return self.send_email or self.send_letter or self.send_registered

    @api.model
    def _get_mention_sentence(self, kind, text, facts):
        """Return for the user what a text lacks or should not say, or False.

        :param str kind: kind of the level
        :param str text: subject and texts, as read
        :param dict facts: how ``sum`` and ``deadline`` are written
        """
        if not kind:
            return False
        labels = {
            "formal_notice": self.env._("the words “formal notice”"),
            "court": self.env._("that the court will be seized"),
            "sum": self.env._("the exact sum"),
            "deadline": self.env._("the date by which to pay"),
        }
        unwelcome = {
            "late": self.env._("lateness or a reminder, in a message sent before the due date"),
            "court": self.env._("a court, in an amicable message"),
        }
        missing = [labels[name] for name in missing_mentions(kind, text, facts)]
        spoken = [unwelcome[name] for name in unwelcome_mentions(kind, text)]
        sentences = []
        if missing:
            sentences.append(self.env._("The text no longer says: %s.", ", ".join(missing)))
        if spoken:
            sentences.append(self.env._("The text speaks of %s.", ", ".join(spoken)))
        return " ".join(sentences) or False

    # -- The shipped texts -----------------------------------------------------------------------

    def action_restore_texts(self):
        """Put the texts shipped with the addon back, in every language.

        A level that is not one of the shipped ones takes the texts of its kind.
        """
        self.check_access("write")
        langs = [code for code, _label in self.env["res.lang"].get_installed() if code != "en_US"]
        translations = {code: self._read_shipped_translations(code) for code in langs}
        for level in self:
            texts = level._read_shipped_texts()
            level.with_context(lang="en_US").write(texts)
            # As they are stored: the terms to translate are the sanitized texts.
            english = level.with_context(lang="en_US").read(TEXTS)[0]
            for code, terms in translations.items():
                local = {
                    name: terms.get(str(english[name]).strip(), english[name]) for name in TEXTS
                }
                level.with_context(lang=code).write(local)

    def _read_shipped_texts(self):
        """Return the texts of the addon's own data, in English: ``{field: text}``.

        :raise UserError: where the shipped level has none
        """
        self.ensure_one()
        identifier = self.get_external_id()[self.id]
        module, _dot, name = identifier.partition(".")
        with file_open(SHIPPED, "rb") as stream:
            tree = etree.parse(stream)
        record = None
        if module == MODULE:
            record = tree.find(f".//record[@id='{name}']")
        if record is None:
            record = tree.find(f".//record[@id='{SHIPPED_BY_KIND[self.kind]}']")
        texts = {}
        for field in record.findall("field"):
            if field.get("name") in TEXTS:
                inner = (field.text or "").strip()
                inner += "".join(etree.tostring(node, encoding="unicode") for node in field)
                texts[field.get("name")] = inner.strip()
        if set(texts) != set(TEXTS):
            raise UserError(self.env._("The addon ships no text for “%s”.", self.name))
        return texts

    @api.model
    def _read_shipped_translations(self, lang):
        """Return the shipped translations of the levels' texts: ``{English term: term}``."""
        terms = {}
        for path in get_po_paths(MODULE, lang):
            with file_open(path, "rb") as stream:
                for row in translation_file_reader(stream, fileformat="po"):
                    if row.get("imd_model") == self._name and row.get("value"):
                        terms[row["src"].strip()] = row["value"]
        return terms

    # -- A look at the message -------------------------------------------------------------------

    def action_preview(self):
        """Show the message of this level as one of the customers would receive it."""
        self.ensure_one()
        wizard = self.env["account.dunning.preview"].create({"level_id": self.id})
        return wizard.action_show()


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    text_warning = fields.Char(compute="_compute_text_warning")

    @api.depends("subject", "body", "closing", "kind", "state", "total_text", "deadline_text")
    def _compute_text_warning(self):
        for notice in self:
            warning = False
            if notice.state in ("draft", "ready") and notice.level_id._is_written():
                # The facts as the message writes them: in the customer's language.
                local = notice.with_context(lang=notice.lang)
                facts = {"sum": local.total_text or "", "deadline": local.deadline_text or ""}
                text = " ".join(notice[name] or "" for name in TEXTS)
                warning = notice.level_id._get_mention_sentence(notice.kind, text, facts)
            notice.text_warning = warning
