from odoo import api, models
from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...core.readable import make_readable

# wkhtmltopdf without the patched Qt prints at this share of the size, whatever it is asked for.
UNPATCHED_SCALE = 0.77
# The second wall, behind ``dossier.offline``: no script, and nobody answers at that address.
NO_NETWORK = ["--disable-javascript", "--disable-plugins", "--proxy", "http://127.0.0.1:9"]


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_layout(self):
        """Print the letters of this addon on a page that needs nothing from the network.

        Odoo's own page loads style sheets over HTTP while rendering: seconds per letter, and a
        letter without style where the server cannot reach itself.
        """
        if len(self) == 1 and (self.report_name or "").startswith("account_dunning_fr."):
            return self.env.ref("account_dunning_fr.letter_page")
        return super()._get_layout()

    def _get_rendering_context(self, report, docids, data):
        """Print for who may read the record: not every model checks it when a field is read.

        What a page of this addon says comes from its records alone: ``data`` is all that the
        visitor put after the question mark of the address, and would be variables of the page.

        :raise AccessError: that is how ``mail.message`` gives its texts to any template
        """
        own = (report.report_name or "").startswith("account_dunning_fr.")
        values = super()._get_rendering_context(report, docids, {} if own else data)
        if own:
            values["docs"].check_access("read")
        return values

    def _render_template(self, template, values=None):
        """Let the texts of this addon's pages neither widen nor shuffle them."""
        page = super()._render_template(template, values)
        if str(template).startswith("account_dunning_fr."):
            page = make_readable(page.decode()).encode()
        return page

    def _get_dunning_letter_zoom(self):
        """Return the CSS zoom that makes a millimetre of the letter a millimetre on paper."""
        return 1 if _wkhtml().is_patched_qt else round(1 / UNPATCHED_SCALE, 4)

    @api.model
    def _get_dunning_print_problem(self):
        """Return what the wkhtmltopdf of this server does to Odoo's own documents, or False."""
        if self.get_wkhtmltopdf_state() == "install":
            return self.env._("This server has no wkhtmltopdf: nothing can be printed.")
        if _wkhtml().is_patched_qt:
            return False
        return self.env._(
            "The wkhtmltopdf of this server has not the patched Qt: the invoices that Odoo prints "
            "lose the top and the foot of their pages, where you are named. The documents of the "
            "dunning are complete. Install the patched version; for invoices already sent, print "
            "“Complete copy for a file (reprint)” from the invoice or from its court file."
        )

    def _build_wkhtmltopdf_args(
        self, paperformat_id, landscape, specific_paperformat_args=None, set_viewport_size=False
    ):
        """A letter runs no script and fetches nothing: there is nothing to wait for."""
        args = super()._build_wkhtmltopdf_args(
            paperformat_id, landscape, specific_paperformat_args, set_viewport_size
        )
        if paperformat_id == self.env.ref("account_dunning_fr.paperformat_letter"):
            args[args.index("--javascript-delay") + 1] = "0"
            args += NO_NETWORK
        return args
