"""The requests to the two public registers online: no key is needed, and there is a time limit."""

import requests

from ...core.register_answers import NotAnswerError
from ...core.register_files import NotNoticesError

BODACC = (
    "https://bodacc-datadila.opendatasoft.com/api/explore/v2.1/catalog/datasets/"
    "annonces-commerciales/records"
)
REGISTER = "https://recherche-entreprises.api.gouv.fr/search"
TIMEOUT = 20  # seconds to connect, and between two parts of the answer
PAGE = 100  # notices per answer, the most that the open data service returns
LARGEST = 20 * 2**20  # bytes of an answer
CHUNK = 2**16


class UnreachableError(Exception):
    """The register did not answer, or not as expected: it is asked again another day."""


def ask_notices(address, day, offset):
    """Return one page of a day's notices of collective proceedings, as text.

    Only the day is sent: the notices are compared with the customers on our side.

    :param date day: of publication
    :param int offset: number of notices of that day already read
    :raise UnreachableError: no usable answer
    """
    return _get(
        address or BODACC,
        {
            "where": f"familleavis='collective' AND dateparution=date'{day.isoformat()}'",
            "order_by": "id",
            "limit": PAGE,
            "offset": offset,
        },
    )


def ask_identity(address, siren):
    """Return what the register of companies answers for a SIREN, as text.

    :raise UnreachableError: no usable answer
    """
    return _get(address or REGISTER, {"q": siren, "per_page": 5})


def _get(address, params):
    try:
        with requests.get(
            address, params=params, timeout=TIMEOUT, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise UnreachableError(str(answer.status_code))
            return _read_whole(answer).decode("utf-8")
    except (requests.RequestException, UnicodeDecodeError) as error:
        raise UnreachableError(type(error).__name__) from error


def _read_whole(answer):
    """Return the content of an answer, part by part, so that no server makes us keep too much.

    :raise UnreachableError: it is longer than ``LARGEST``, or shorter than declared
    """
    content = b""
    for part in answer.iter_content(CHUNK):
        content += part
        if len(content) > LARGEST:
            raise UnreachableError("too long")
    declared = answer.headers.get("Content-Length")
    packed = answer.headers.get("Content-Encoding")
    if declared and not packed and len(content) < int(declared):
        raise UnreachableError("cut")
    return content


# The errors of an answer that is not what was asked for.
UNREADABLE = (NotNoticesError, NotAnswerError)
