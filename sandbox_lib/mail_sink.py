"""A mail server of this machine only: it keeps what it takes, and refuses what it is told to."""

import re
import socketserver
import threading
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

_CAPABILITIES = ("sandbox", "8BITMIME", "SMTPUTF8")


class MailSink:
    """An SMTP server on a free port of 127.0.0.1; every message becomes a file of ``folder``."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._server: socketserver.ThreadingTCPServer | None = None
        self._turn = threading.Lock()
        self._count = 0
        # Set to answer every message with a temporary refusal.
        self.refusing = False
        # What it answers instead of taking a recipient, by a part of the address: "550 unknown".
        self.answers: dict[str, str] = {}
        # Set to close the connection in the middle of the next message.
        self.hanging_up = False

    def __enter__(self) -> "MailSink":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
        self._server.daemon_threads = True
        self._server.sink = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exc) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def keep(self, recipients: list[str], message: bytes) -> None:
        """Write one message, named in order of arrival after its subject."""
        # The headers alone: a server that parses hundreds of enclosures would be what is measured.
        subject = BytesHeaderParser(policy=policy.default).parsebytes(message)["Subject"]
        words = re.sub(r"\W+", "-", subject or "no subject").strip("-")[:60]
        with self._turn:
            self._count += 1
            path = self.folder / f"{self._count:03d}-{words}.eml"
        # The envelope is the only trace of blind copies.
        envelope = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in recipients)
        path.write_bytes(envelope.encode("utf-8") + message)


class _Conversation(socketserver.StreamRequestHandler):
    """One client's SMTP dialogue (RFC 5321, without authentication or encryption)."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._recipients: list[str] = []
        self._say("220 sandbox mail sink")
        while line := self._read_line():
            command = line.decode("utf-8", "replace").strip()
            verb = command[:4].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb, command)

    def _read_line(self) -> bytes:
        try:
            return self.rfile.readline()
        except OSError:  # it hung up itself
            return b""

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            return

    def _answer(self, verb: str, command: str) -> None:
        if verb == "EHLO":
            for capability in _CAPABILITIES[:-1]:
                self._say(f"250-{capability}")
            self._say(f"250 {_CAPABILITIES[-1]}")
        elif verb in ("HELO", "MAIL", "RSET", "NOOP"):
            if verb != "NOOP":
                self._recipients = []
            self._say("250 ok")
        elif verb == "RCPT":
            found = re.search(r"<([^>]*)>", command)
            address = found.group(1) if found else command[8:].strip()
            answers = self.server.sink.answers.items()
            refusal = next((answer for part, answer in answers if part in address), None)
            if not refusal:
                self._recipients.append(address)
            self._say(refusal or "250 ok")
        elif verb == "DATA" and self.server.sink.hanging_up:
            self.server.sink.hanging_up = False
            self.connection.close()
        elif verb == "DATA" and self.server.sink.refusing:
            self._say("451 try again later")
        elif verb == "DATA":
            self._say("354 end with a single dot")
            self.server.sink.keep(self._recipients, self._read_message())
            self._recipients = []
            self._say("250 kept")
        else:
            self._say("502 not understood")

    def _read_message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) and line.rstrip(b"\r\n") != b".":
            # A leading dot was doubled by the client.
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())
