"""Safe reading of foreign XML: no entities, no document type, nothing fetched.

The content of a message is interpreted by ``core``, which imports no parser.
"""

from __future__ import annotations

from lxml import etree

MOST_BYTES = 10_000_000


class NotXmlError(ValueError):
    """The file cannot be read; its text is « size » or « xml »."""


def parse(content: bytes) -> etree._Element:
    """Return the root of a document, with elements named without their namespace.

    :raises NotXmlError: if it is too large, is not XML, or declares a document type
    """
    if len(content) > MOST_BYTES:
        raise NotXmlError("size")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXmlError("xml") from error
    if root.getroottree().docinfo.doctype:
        raise NotXmlError("xml")
    for each in root.iter(etree.Element):
        each.tag = etree.QName(each).localname
    return root
