from markupsafe import Markup

from odoo import models
from odoo.addons.account_dunning_fr.core.brake import DELIVERIES


class AccountDunningWording(models.AbstractModel):
    """The notice of a level that stops deliveries says so: the customer is told without delay.

    C. civ. 1220. Never to a public body, whose deliveries go on.
    """

    _inherit = "account.dunning.wording"

    def _get_level_texts(self, level, name):
        texts = super()._get_level_texts(level, name)
        if name != "closing" or level.brake != DELIVERIES:
            return texts
        for notice in self.filtered(lambda notice: notice.partner_id.dunning_regime != "b2g"):
            speaking = notice.with_context(lang=notice.lang)
            sentence = speaking.env._(
                "While this sum is unpaid, our deliveries to you are suspended (articles 1219 and "
                "1220 of the French civil code)."
            )
            told = Markup("<p>%s</p>") % sentence
            texts[notice.id] = told + Markup(texts.get(notice.id) or "")
        return texts
