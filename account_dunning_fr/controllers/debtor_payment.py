from urllib.parse import urlencode

from odoo import http
from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.payment import utils as payment_utils
from odoo.exceptions import ValidationError
from odoo.http import request

from ..models.agreement.account_dunning_notice import PAGE
from ..models.agreement.debtor_page import DebtorPage
from ..models.agreement.debtor_payment import DebtorPayment
from .debtor_page import ROUTE, find_link, read_ids
from .public_page import private_page, refuse


class DebtorPaymentPortal(PaymentPortal):
    """Payment of what a customer selected on his page, with the creditor's payment providers.

    The form and the transaction are Odoo's; which invoices, and how much at most, is decided here.
    """

    # Odoo's page has a language selector in its footer, which needs a website route.
    @http.route(
        f"{ROUTE}/pay",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    @private_page
    def dunning_pay(self, token, amount=None, **_kw):
        """Show Odoo's payment form for the selection."""
        link = find_link(token)
        if link is None:
            return refuse()
        page = DebtorPage(link)
        address = f"{PAGE}/{token}"
        if not page.asked:
            return request.redirect(address)
        ids = read_ids(request.httprequest.args)
        payment = DebtorPayment(page, ids, amount)
        if payment.problem or not payment.online:
            typed = [("item", each) for each in sorted(ids)] + [("amount", amount or "")]
            return request.redirect(f"{address}?{urlencode(typed)}#pay")
        request.update_context(lang=link.env.lang)
        total, partner, currency = float(payment.amount), page.partner.id, payment.currency.id
        return self.payment_pay(
            reference=payment.reference,
            amount=str(total),
            currency_id=str(currency),
            partner_id=str(partner),
            company_id=str(page.company.id),
            access_token=payment_utils.generate_access_token(partner, total, currency),
            dunning_payment=payment,
            dunning_address=address,
        )

    def _get_extra_payment_form_values(self, dunning_payment=None, dunning_address="", **kwargs):
        """Direct the form of a customer's page to its own transaction.

        Saved payment methods are not offered: the link may have been passed on. A request cannot
        contain a ``DebtorPayment``.
        """
        values = super()._get_extra_payment_form_values(**kwargs)
        if not isinstance(dunning_payment, DebtorPayment):
            return values
        chosen = "-".join(map(str, dunning_payment.ids))
        return {
            **values,
            "transaction_route": f"{dunning_address}/transaction/{chosen}",
            "landing_route": dunning_address,
            "tokens_sudo": request.env["payment.token"].sudo(),
        }

    @http.route(f"{ROUTE}/transaction/<string:chosen>", type="jsonrpc", auth="public")
    def dunning_transaction(self, token, chosen, access_token=None, **kwargs):
        """Start the payment of the selection, as ``/invoice/transaction`` does for one invoice.

        :raise ValidationError: if the link does not open, or the selection is not open any more
        """
        link = find_link(token)
        page = link and DebtorPage(link)
        ids = read_ids([("item", each) for each in chosen.split("-")])
        found = {owed.item.id for owed in page.asked} if page else set()
        if not ids or not ids <= found or kwargs.get("flow") not in ("redirect", "direct"):
            raise ValidationError(request.env._("This cannot be paid any more: look at your page."))
        payment = DebtorPayment(page, ids)
        if not payment.covers(kwargs.get("amount")) or not payment.online:
            raise ValidationError(request.env._("This cannot be paid any more: look at your page."))
        self._validate_transaction_kwargs(kwargs)
        kwargs |= {
            "landing_route": f"{PAGE}/{token}",
            "tokenization_requested": False,
            "is_validation": False,
        }
        return self._process_transaction(
            page.partner.id,
            payment.currency.id,
            payment.moves.ids,
            payment_utils.singularize_reference_prefix(prefix=payment.reference[:40]),
            **kwargs,
        )
