import binascii

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, LockError, MissingError, UserError
from odoo.http import request

MODEL = "account.dunning.payment.plan"
PAGE = "/my/payment-plans/<int:plan_id>"


class PaymentPlanPortal(CustomerPortal):
    """The agreement on a payment plan: read and signed by the customer who was sent its link."""

    def _get_plan(self, plan_id, access_token):
        """Return the plan of a valid link, in its customer's language.

        :raise AccessError: a wrong token, that of another plan among others
        :raise MissingError: no such plan
        """
        plan = self._document_check_access(MODEL, plan_id, access_token=access_token)
        return plan.with_context(lang=plan._get_lang())

    @http.route(PAGE, type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def payment_plan(self, plan_id, access_token=None, signed=None, **_kw):
        try:
            plan = self._get_plan(plan_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        values |= {
            "page_name": "dunning_payment_plan",
            "plan": plan,
            "lang": plan.env.lang,
            "problem": plan._get_signing_problem(),
            "just_signed": bool(signed),
            "no_breadcrumbs": True,
        }
        request.update_context(lang=plan.env.lang)
        response = request.render("account_dunning_fr.portal_payment_plan", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @http.route(f"{PAGE}/agreement", type="http", auth="public", methods=["GET"], sitemap=False)
    def payment_plan_agreement(self, plan_id, access_token=None, **_kw):
        """Give the agreement as PDF: as it was signed, else to read or sign on paper."""
        try:
            plan = self._get_plan(plan_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        content = plan.signed_id.raw
        if not content:
            report = request.env["ir.actions.report"].sudo()
            content, _kind = report._render_qweb_pdf(
                "account_dunning_fr.report_payment_plan", plan.ids
            )
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", http.content_disposition(f"{plan._get_file_name()}.pdf")),
                ("Cache-Control", "no-store"),
                ("X-Robots-Tag", "noindex"),
            ],
        )

    @http.route(f"{PAGE}/sign", type="jsonrpc", auth="public", methods=["POST"])
    def payment_plan_sign(self, plan_id, access_token=None, name=None, signature=None):
        """Record the signature of the customer; what is refused is told in the form."""
        token = access_token or request.httprequest.args.get("access_token")
        try:
            plan = self._get_plan(plan_id, token)
        except (AccessError, MissingError):
            return {"error": request.env._("This link is not valid, or no longer.")}
        try:
            with request.env.cr.savepoint():  # what is refused leaves nothing behind
                plan._sign_online(name, signature, request.httprequest.remote_addr)
        except UserError as error:
            return {"error": str(error)}
        except LockError:
            return {"error": plan.env._("This agreement is being signed: load the page again.")}
        except (TypeError, ValueError, binascii.Error):
            return {"error": plan.env._("This signature cannot be read: sign again.")}
        return {
            "force_refresh": True,
            "redirect_url": plan.get_portal_url(query_string="&signed=1"),
        }
