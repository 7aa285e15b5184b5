"""An e-invoice in CII syntax, completed as the rules BR-FR of the French reform require.

It is written on top of what Odoo generates, so that Odoo's own changes are followed: what is
already there stays. The elements come in the order of the Factur-X schema.
"""

from lxml import etree

RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
SPACES = {
    "ram": RAM,
    "udt": UDT,
    "qdt": QDT,
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
}
SIREN, SIRET, ADDRESS = "0002", "0009", "0225"  # ISO 6523, as named in the rules BR-FR


class CiiDocument:
    """One document, modified in place.

    :param bytes content: the XML
    """

    def __init__(self, content):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
        self.root = etree.fromstring(content, parser)

    def to_bytes(self):
        """Return the XML."""
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _find(self, path):
        return self.root.find(path, SPACES)

    def get_note(self, code):
        """Return the text of the note with a code (BT-22 of BT-21), or None."""
        for note in self.root.iterfind("rsm:ExchangedDocument/ram:IncludedNote", SPACES):
            if note.findtext("ram:SubjectCode", None, SPACES) == code:
                return note.findtext("ram:Content", "", SPACES)
        return None

    def add_note(self, code, text):
        """Add a note (BG-1), unless one has this code already: two would break BR-FR-06."""
        if self.get_note(code) is not None:
            return
        document = self._find("rsm:ExchangedDocument")
        note = etree.Element(f"{{{RAM}}}IncludedNote")
        etree.SubElement(note, f"{{{RAM}}}Content").text = text
        etree.SubElement(note, f"{{{RAM}}}SubjectCode").text = code
        last = document.find("ram:EffectiveSpecifiedPeriod", SPACES)
        document.append(note) if last is None else last.addprevious(note)

    def set_framework(self, code):
        """State what is invoiced (BT-23, BR-FR-08), unless it is already stated."""
        context = self._find("rsm:ExchangedDocumentContext")
        if context.find("ram:BusinessProcessSpecifiedDocumentContextParameter", SPACES) is None:
            said = etree.Element(f"{{{RAM}}}BusinessProcessSpecifiedDocumentContextParameter")
            etree.SubElement(said, f"{{{RAM}}}ID").text = code
            context.insert(0, said)

    def set_party(self, role, siren, siret):
        """Identify the seller or the buyer by its SIREN, and give its electronic address.

        A SIRET found where the SIREN is required (BT-30, BT-47) becomes the identifier of the
        establishment (BT-29, BT-46). The address (BT-34, BT-49) is the SIREN, which reaches whoever
        has no more precise address.

        :param str role: ``Seller`` or ``Buyer``
        :param str siren: nine digits
        :param str siret: fourteen digits, or an empty string
        """
        party = self._find(f".//ram:{role}TradeParty")
        name = party.find("ram:Name", SPACES)
        known = {node.get("schemeID") for node in party.iterfind("ram:GlobalID", SPACES)}
        if siret and SIRET not in known:
            establishment = etree.Element(f"{{{RAM}}}GlobalID", schemeID=SIRET)
            establishment.text = siret
            name.addprevious(establishment)
        legal = party.find("ram:SpecifiedLegalOrganization", SPACES)
        if legal is None:
            legal = etree.Element(f"{{{RAM}}}SpecifiedLegalOrganization")
            name.addnext(legal)
        number = legal.find("ram:ID", SPACES)
        if number is None:
            number = etree.Element(f"{{{RAM}}}ID")
            legal.insert(0, number)
        number.set("schemeID", SIREN)
        number.text = siren
        if party.find("ram:URIUniversalCommunication", SPACES) is None:
            address = etree.Element(f"{{{RAM}}}URIUniversalCommunication")
            etree.SubElement(address, f"{{{RAM}}}URIID", schemeID=ADDRESS).text = siren
            party.find("ram:PostalTradeAddress", SPACES).addnext(address)

    def name_lines(self):
        """Name what is sold on lines that only have a description (BT-153, BR-25).

        Odoo names a line after its product; without a product the schema rejects the whole file.
        """
        for product in self.root.iterfind(".//ram:SpecifiedTradeProduct", SPACES):
            described = product.find("ram:Description", SPACES)
            if described is not None and product.find("ram:Name", SPACES) is None:
                described.tag = f"{{{RAM}}}Name"

    def set_corrected(self, number, day):
        """Name the invoice corrected by a credit note (BG-3), unless one is already named.

        :param str number: of the invoice
        :param date day: of the invoice
        """
        settlement = self._find(".//ram:ApplicableHeaderTradeSettlement")
        if settlement.find("ram:InvoiceReferencedDocument", SPACES) is not None:
            return
        corrected = etree.Element(f"{{{RAM}}}InvoiceReferencedDocument")
        etree.SubElement(corrected, f"{{{RAM}}}IssuerAssignedID").text = number
        issued = etree.SubElement(corrected, f"{{{RAM}}}FormattedIssueDateTime")
        value = etree.SubElement(issued, f"{{{QDT}}}DateTimeString", format="102")
        value.text = day.strftime("%Y%m%d")
        settlement.find("ram:SpecifiedTradeSettlementHeaderMonetarySummation", SPACES).addnext(
            corrected
        )
