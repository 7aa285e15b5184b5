from odoo import http
from odoo.exceptions import LockError, UserError
from odoo.http import request

from ..core.typed_values import RefusedError, read_id
from ..dossier.received import MOST
from ..models.agreement.account_dunning_notice import PAGE
from ..models.agreement.debtor_form import FILES_MOST, DebtorForm
from ..models.agreement.debtor_page import DebtorPage
from ..models.agreement.debtor_payment import DebtorPayment
from .public_page import give_pdf, is_blocked, is_token, plain, private_page, refuse

ROUTE = f"{PAGE}/<string:token>"
BODY_MOST = FILES_MOST * MOST + 1_000_000  # bytes
ASKED_MOST = 20  # requests by one link in a day
TRIES = 40  # refused forms of one link in an hour
FILES = 60  # documents printed by one link in an hour


def find_link(token):
    """Return the link that a visitor may use, in its customer's language, or None."""
    if not is_token(token) or is_blocked():
        return None
    link = request.env["account.dunning.link"]._find(token)
    return link._for_visitor() if link else None


def read_ids(args):
    """Return the ids of the items in an address.

    :param args: pairs of name and value, or the ``MultiDict`` of ``werkzeug``
    """
    pairs = args if isinstance(args, list) else args.items(multi=True)
    return {read_id(value) for name, value in pairs if name == "item"} - {0}


class DebtorPageController(http.Controller):
    """What a customer owes one creditor, for whoever has the link of a notice.

    The visitor reads, downloads documents, and leaves requests: nothing else is written. Refusals
    are explained on the page; a link that does not open gets one sentence, whatever the reason.
    """

    def _show(self, link, token, problem="", done="", typed=None):
        request.update_context(lang=link.env.lang)
        page, args = DebtorPage(link), request.httprequest.args
        payment = DebtorPayment(page, read_ids(args), args.get("amount")) if page.asked else None
        values = {
            "page": page,
            "payment": payment,
            "args": args,
            "company": page.company,
            "address": f"{PAGE}/{token}",
            "problem": problem,
            "done": done,
            "typed": typed or {},
            "lang": link.env.lang,
            "no_header": True,
            "no_footer": True,
        }
        return request.render("account_dunning_fr.debtor_page", values)

    # It uses the layout of the website, if there is one.
    @http.route(
        ROUTE,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    @private_page
    def account(self, token, done="", **_kw):
        """Show the page."""
        link = find_link(token)
        if link is None:
            return refuse()
        link._note_opened()
        return self._show(link, token, done=done)

    # -- Documents ---------------------------------------------------------------------------------

    @http.route(
        f"{ROUTE}/invoice/<int:item_id>", type="http", auth="public", methods=["GET"], sitemap=False
    )
    @private_page
    def invoice(self, token, item_id, **_kw):
        """Send an invoice as it was sent, or else a copy that says that it is a reprint."""
        link = find_link(token)
        if link is None:
            return refuse()
        move = next((each.move for each in DebtorPage(link).owed if each.item.id == item_id), None)
        if move is None or not move.is_sale_document():
            return refuse()
        return self._give(link, lambda: link._give_invoice(move))

    @http.route(f"{ROUTE}/statement", type="http", auth="public", methods=["GET"], sitemap=False)
    @private_page
    def statement(self, token, **_kw):
        """Send today's statement of account."""
        link = find_link(token)
        if link is None:
            return refuse()
        page = DebtorPage(link)
        if not page.owed:
            return refuse()
        return self._give(link, link._print_statement)

    @http.route(f"{ROUTE}/penalties", type="http", auth="public", methods=["GET"], sitemap=False)
    @private_page
    def penalties(self, token, **_kw):
        """Send the statement of penalties, if they may be stated."""
        link = find_link(token)
        if link is None:
            return refuse()
        page = DebtorPage(link)
        if not page.penalties:
            return refuse()
        return self._give(link, lambda: link._print_penalties(page.penalised))

    def _give(self, link, make):
        """Return a PDF to download; printing is counted, because it takes server time."""
        tries, key = request.env["account.dunning.try"].sudo(), f"document:{link.id}"
        if tries._is_over(key, FILES):
            return plain(link.env._("Too many documents: try again in an hour."), 429)
        tries._note(key)
        return give_pdf(*make())

    # -- Requests ----------------------------------------------------------------------------------

    # The token serves as protection against forged requests: whoever has it may ask.
    @http.route(
        f"{ROUTE}/ask",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        multilang=False,
        csrf=False,
        sitemap=False,
        max_content_length=BODY_MOST,
    )
    @private_page
    def ask(self, token, **_kw):
        """Record what the customer says or asks; refusals are explained on the page."""
        link = find_link(token)
        if link is None:
            return refuse()
        form = request.httprequest.form
        problem, asked = self._receive(link, form)
        if problem:
            link.env.invalidate_all()
            return self._show(link, token, problem=problem, typed=form)
        if asked.payment_plan_id:
            asked.payment_plan_id._portal_ensure_token()
            return request.redirect(asked.payment_plan_id.get_portal_url())
        return request.redirect(f"{PAGE}/{token}?done={asked.kind}#asked", code=303)

    def _receive(self, link, form):
        """Return why a request was not accepted, and the request."""
        tries, key = request.env["account.dunning.try"].sudo(), f"request:{link.id}"
        if tries._is_over(key, TRIES):
            return link.env._("Too many tries: try again in an hour."), None
        files = [(file.filename or "", file.read(MOST + 1)) for file in self._get_files()]
        try:
            with request.env.cr.savepoint():  # a refused request leaves nothing behind
                # Of two simultaneous requests, by any of the customer's links, one waits for the
                # other.
                link.partner_id.lock_for_update(allow_referencing=True)
                if link._count_asked() >= ASKED_MOST:
                    raise RefusedError(
                        link.env._("Too many requests today: call us, or come back.")
                    )
                vals, kept = DebtorForm(DebtorPage(link), form, files).get_request()
                vals["ip"] = request.httprequest.remote_addr
                return "", link._ask(vals, kept)
        except LockError:  # also a UserError
            return link.env._("Something is being sent from this page: send it again."), None
        except (RefusedError, UserError) as error:
            tries._note(key)
            return str(error), None

    def _get_files(self):
        found = request.httprequest.files.getlist("file")
        return found[: FILES_MOST + 1]
