"""The token of a link stays out of the history, which more people read than may send the link."""

HIDDEN = "hidden-from-the-history"


def hide(body, token):
    """Return a text in which nobody reads a token.

    :param body: text or ``Markup``; may be empty
    :param str token: may be empty
    """
    return body.replace(token, HIDDEN) if body and token else body


def show(body, token):
    """Return what ``hide`` was given, for the e-mail to the person who gets the link."""
    return body.replace(HIDDEN, token)
