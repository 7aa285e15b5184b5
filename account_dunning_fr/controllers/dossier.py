from odoo import http
from odoo.http import request


class DossierController(http.Controller):
    """The file of a case, for the agent who was sent its link."""

    @http.route(
        "/dunning/dossier/<int:case_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def dossier(self, case_id, token):
        """Give the file while the link is valid; every wrong link gets the same answer."""
        case = request.env["account.dunning.case"].sudo().browse(case_id).exists()
        attachment = case._get_shared(token) if case else None
        if not attachment:
            text = request.env._(
                "This link is not valid, or no longer. Ask the creditor for a new one."
            )
            headers = [("Content-Type", "text/plain; charset=utf-8")]
            return request.make_response(text, headers=headers, status=404)
        address = request.httprequest.remote_addr
        case._message_log(
            body=request.env._("The file was downloaded by its link, from %s.", address)
        )
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
