"""What all pages that are opened with a link have in common."""

from functools import wraps

from odoo.http import Response, content_disposition, request

ID_MOST = 2**31 - 1  # the largest PostgreSQL integer: no record has a larger id
TOKEN_MOST = 200  # characters
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the token is in the address
    "X-Robots-Tag": "noindex",
}
TRIES = 30  # wrong links from one address in an hour


def private_page(method):
    """Prevent browsers, proxies, search engines and other sites from storing a response."""

    @wraps(method)
    def answer(*args, **kwargs):
        response = Response.load(method(*args, **kwargs))
        response.headers.update(HEADERS)
        return response

    return answer


def is_token(token):
    """Whether a value sent by a visitor can be a token at all."""
    return isinstance(token, str) and token.isascii() and 0 < len(token) <= TOKEN_MOST


def is_id(number):
    """Whether a number in an address can be the id of a record."""
    return 0 < number <= ID_MOST


def is_blocked():
    """Whether too many wrong links came from the visitor's address in the last hour."""
    return request.env["account.dunning.try"].sudo()._is_over(_address(), TRIES)


def note_wrong_link():
    """Count a wrong link from the visitor's address."""
    request.env["account.dunning.try"].sudo()._note(_address())


def plain(text, status):
    """Return a page of one sentence."""
    headers = [("Content-Type", "text/plain; charset=utf-8")]
    return request.make_response(text, headers=headers, status=status)


def give_pdf(name, content):
    """Return a PDF to download.

    :param str name: file name
    :param bytes content: the PDF
    """
    headers = [
        ("Content-Type", "application/pdf"),
        ("Content-Disposition", content_disposition(name)),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return request.make_response(content, headers=headers)


def refuse():
    """Return the answer to any link that does not open; it does not say why."""
    if is_blocked():
        return plain(request.env._("Too many wrong links: try again in an hour."), 429)
    note_wrong_link()
    return plain(
        request.env._("This link is not valid, or no longer. Ask the creditor for a new one."), 404
    )


def _address():
    return f"address:{request.httprequest.remote_addr}"
