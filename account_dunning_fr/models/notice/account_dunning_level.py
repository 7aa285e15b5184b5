import re

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...core.placeholders import printed_as_typed, quote_in_markup
from ..policy.account_dunning_level import TEXTS

# How a text quotes a notice: an inline expression, or a QWeb attribute.
QUOTE = re.compile(r"\{\{|(?<!\w)t-[a-z]")
MARKUP = ("body", "closing")  # the other text, the subject, is plain


class AccountDunningLevel(models.Model):
    """Texts of a level for each notice; what was sent keeps its own."""

    _inherit = "account.dunning.level"

    def _compute_render_model(self):
        self.render_model = "account.dunning.notice"

    def _get_text(self, field, notices):
        """Render a text of this level for notices, each in its customer's language.

        A text that quotes nothing of a notice is rendered once per language and company.

        :param str field: ``subject``, ``body`` or ``closing``
        :param notices: recordset of ``account.dunning.notice``
        :return: ``{notice id: text}``; HTML for ``body`` and ``closing``
        """
        self.ensure_one()
        langs, source = {}, {}  # of which message the text of each is
        alike = notices.grouped(lambda notice: (notice.lang, notice.company_id))
        for (lang, _company), group in alike.items():
            quotes = QUOTE.search(self.with_context(lang=lang)[field] or "")
            langs.update(dict.fromkeys(group.ids if quotes else group[:1].ids, lang))
            source.update((notice.id, notice.id if quotes else group[0].id) for notice in group)
        texts = self._fill_in(field, langs) if langs else {}
        return {notice_id: texts[source[notice_id]] for notice_id in notices.ids}

    def _fill_in(self, field, langs):
        """Render a text of this level.

        :param str field: ``subject``, ``body`` or ``closing``
        :param dict langs: ``{notice id: language}``
        :raise UserError: which level has a placeholder that cannot be filled in
        """
        try:
            return self._render_field(field, list(langs), res_ids_lang=langs)
        except AccessError:
            raise
        except UserError as error:
            raise UserError(
                self.env._(
                    "A placeholder in the texts of the level “%s” cannot be filled in: correct it, "
                    "or restore the shipped texts.",
                    self.name,
                )
            ) from error

    # -- What people type into the texts -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._quote(vals) for vals in vals_list])

    @api.model
    def _quote(self, vals):
        """Return these values, with the placeholders of a subject in a text as tags."""
        texts = {name: str(vals[name]) for name in MARKUP if vals.get(name)}
        return {**vals, **{name: quote_in_markup(text) for name, text in texts.items()}}

    @api.constrains(*TEXTS)
    def _check_placeholders(self):
        """Refuse a placeholder that would be printed as it stands, or cannot be filled in."""
        notices = self.env["account.dunning.notice"].sudo()
        known = notices.search([("state", "!=", False)], order="id DESC", limit=1)
        for level in self:
            for name in TEXTS:
                text = str(level[name] or "")
                if found := printed_as_typed(text, is_markup=name in MARKUP):
                    raise ValidationError(
                        self.env._(
                            "“%(text)s” would be printed as it stands in the texts of the level "
                            "“%(level)s”: close the braces, or write the words themselves.",
                            text=found,
                            level=level.name,
                        )
                    )
                if known and QUOTE.search(text):
                    try:
                        with self.env.cr.savepoint():
                            level.sudo()._fill_in(name, {known.id: self.env.lang})
                    except UserError as error:
                        raise ValidationError(str(error)) from error

    # -- A level that was used ---------------------------------------------------------------------

    def write(self, vals):
        if "kind" in vals:
            changed = self.filtered(lambda level: level.kind != vals["kind"])
            if used := changed._get_used([("state", "=", "sent")]):
                raise ValidationError(
                    self.env._(
                        "Messages of the level “%s” were sent: its kind says what they were. "
                        "Archive it, and add another level of the other kind.",
                        used[0].name,
                    )
                )
        return super().write(self._quote(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self._get_used():
            raise ValidationError(
                self.env._(
                    "The level “%s” was already used in messages: archive it instead of "
                    "deleting it.",
                    used[0].name,
                )
            )

    def _get_used(self, domain=()):
        """Return the levels that an item took in a notice.

        :param domain: restricts the notice lines that count
        """
        used = self.browse()
        for model in ("account.dunning.notice.line", "account.dunning.notice"):
            groups = (
                self.env[model]
                .sudo()
                ._read_group([("level_id", "in", self.ids), *domain], ["level_id"])
            )
            used = used.union(*(level for (level,) in groups))
        return used & self
