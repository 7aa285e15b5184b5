from odoo import http
from odoo.http import request

from .public_page import is_blocked, is_id, is_token, private_page, refuse


class DossierController(http.Controller):
    """The file of a case, for the agent who was sent a link to it."""

    @http.route(
        "/dunning/dossier/<int:case_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    @private_page
    def dossier(self, case_id, token, **_kw):
        """Send the file while the link is valid; every wrong link gets the same answer."""
        attachment = None
        case = request.env["account.dunning.case"].sudo()
        if is_id(case_id) and is_token(token) and not is_blocked():
            case = case.browse(case_id).exists()
            attachment = case and case._get_shared(token)
        if not attachment:
            return refuse()
        address = request.httprequest.remote_addr
        speaking = case._in_dunning_lang()
        speaking._message_log(
            body=speaking.env._("The file was downloaded by its link, from %s.", address)
        )
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        return stream.get_response(as_attachment=True)
