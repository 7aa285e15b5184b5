import json

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import LockError, UserError
from odoo.http import request
from odoo.tools import consteq

from .public_page import give_pdf, is_blocked, is_id, is_token, private_page, refuse

MODEL = "account.dunning.payment.plan"
PAGE = "/my/payment-plans/<int:plan_id>"
BODY_MOST = 2_000_000  # bytes: the image of a signature in base64, a name and a capacity
TRIES = 20  # refused signatures of one agreement in an hour


class PaymentPlanPortal(CustomerPortal):
    """The agreement on a payment plan: read and signed by the customer who was sent its link.

    A colleague can read it without the link, within his own access rights; he can never sign it
    here.
    """

    def _get_plan(self, plan_id, access_token):
        """Return the plan that a visitor may read, in its customer's language, or None.

        A link ends with its agreement: once kept, broken or cancelled, it opens nothing any more.
        """
        if not is_id(plan_id) or is_blocked():
            return None
        plan = request.env[MODEL].browse(plan_id).exists()
        known = plan.sudo()
        valid = known.access_token and is_token(access_token)
        if valid and consteq(known.access_token, access_token):
            return known._for_visitor() if known._is_link_open() else None
        colleague = plan and self._is_colleague() and plan.has_access("read")
        return known._for_visitor() if colleague else None

    @staticmethod
    def _is_colleague():
        return request.env.user._is_internal()

    @http.route(PAGE, type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    @private_page
    def payment_plan(self, plan_id, access_token=None, signed=None, **_kw):
        plan = self._get_plan(plan_id, access_token)
        if plan is None:
            return refuse()
        values = self._prepare_portal_layout_values()
        values |= {
            "page_name": "dunning_payment_plan",
            "plan": plan,
            "res_company": plan.company_id.sudo(),  # its logo and name are shown by the layout
            "lang": plan.env.lang,
            "problem": plan._get_signing_problem() or self._get_colleague_problem(plan),
            "just_signed": bool(signed),
            "no_breadcrumbs": True,
        }
        request.update_context(lang=plan.env.lang)
        return request.render("account_dunning_fr.portal_payment_plan", values)

    def _get_colleague_problem(self, plan):
        """Return why one of the creditor's own users cannot sign for the customer, or False."""
        return self._is_colleague() and plan.env._(
            "You are signed in as a user of %s: only the customer signs on this page. Record a "
            "signature on paper on the plan itself.",
            plan.company_id.name,
        )

    @http.route(f"{PAGE}/agreement", type="http", auth="public", methods=["GET"], sitemap=False)
    @private_page
    def payment_plan_agreement(self, plan_id, access_token=None, **_kw):
        """Send the agreement as PDF: as signed, or else to read or to sign on paper."""
        plan = self._get_plan(plan_id, access_token)
        if plan is None:
            return refuse()
        content = plan._get_signed_file().raw
        if not content:
            report = request.env["ir.actions.report"].sudo()
            content, _kind = report._render_qweb_pdf(
                "account_dunning_fr.report_payment_plan", plan.ids
            )
        return give_pdf(f"{plan._get_file_name()}.pdf", content)

    # Of type http, so that a malformed body gets an explanation, too. The token serves as
    # protection against forged requests.
    @http.route(
        f"{PAGE}/sign",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        max_content_length=BODY_MOST,
    )
    @private_page
    def payment_plan_sign(self, plan_id, access_token=None, **_kw):
        """Record the signature of the customer; refusals are explained in the form.

        The body is a JSON-RPC call, as the form makes it, with ``name``, ``capacity`` and
        ``signature`` (an image in base64).
        """
        call = self._read_call()
        plan = self._get_plan(plan_id, access_token or call.get("access_token"))
        if plan is None:
            problem = refuse().get_data(as_text=True)
        elif not call:
            problem = plan.env._("What was sent cannot be read: load the page again, and sign.")
        else:
            problem = self._get_colleague_problem(plan) or self._sign(plan, call)
        url = not problem and plan.get_portal_url(query_string="&signed=1")
        result = {"error": problem} if problem else {"force_refresh": True, "redirect_url": url}
        return request.make_json_response({"jsonrpc": "2.0", "id": None, "result": result})

    def _read_call(self):
        """Return the parameters of the JSON-RPC call in the body, empty if there are none."""
        if (request.httprequest.content_length or 0) > BODY_MOST:
            return {}
        try:
            body = json.loads(request.httprequest.get_data())
        except (ValueError, RecursionError):  # no text, or no JSON
            return {}
        call = body.get("params") if isinstance(body, dict) else None
        return call if isinstance(call, dict) else {}

    def _sign(self, plan, call):
        """Sign, and return why it was refused, or False."""
        tries, key = request.env["account.dunning.try"].sudo(), f"plan:{plan.id}"
        if tries._is_over(key, TRIES):
            return plan.env._("Too many tries: try again in an hour.")
        try:
            with request.env.cr.savepoint():  # a refused signature leaves nothing behind
                address = request.httprequest.remote_addr
                plan._sign_online(
                    call.get("name"), call.get("signature"), address, call.get("capacity")
                )
        except LockError:  # also a UserError
            return plan.env._("This agreement is being signed, or paid: load the page again.")
        except UserError as error:
            tries._note(key)
            return str(error)
        return False
