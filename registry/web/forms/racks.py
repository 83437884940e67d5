"""Forms of what is done with the files of rack scanners."""

from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields import FileField

from registry.imports.reading import decoded
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.web.forms.base import SchemaForm
from schemas.racks import InventoryIn, RackFileIn


class RackFileForm(SchemaForm):
    """A file and its box; once it was shown, the file's text goes along with the page."""

    schema = RackFileIn

    box = StringField(
        T("Box"), description=T("Scan its label. Not needed when the file names the box.")
    )
    file = FileField(
        T("File of the rack scanner"),
        description=T("As the scanner wrote it, or saved as CSV or text. It is read once chosen."),
    )
    scan = HiddenField()
    turned = HiddenField()
    seen_empty = StringField()
    comment = TextAreaField(T("Comment"))
    turn = StringField()
    accept = StringField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file.flags.required = True

    def content(self) -> bytes:
        """The file that was sent, else the one that was shown before.

        :raises InvalidInput: there is none, or it is no text.
        """
        sent = self.file.data.read() if self.file.data else b""
        if sent:
            self.scan.data = decoded(sent)[0]
            return bytes(sent)
        if not self.cleaned["scan"]:
            raise InvalidInput(T("Choose the file of the rack scanner."), field="file")
        return str(self.cleaned["scan"]).encode()

    @property
    def seen_empty_wells(self) -> frozenset[str]:
        """The wells into which somebody has looked and found nothing."""
        return frozenset((self.cleaned["seen_empty"] or "").split())


class InventoryForm(RackFileForm):
    """The same of an inventory, or its tubes scanned one by one."""

    schema = InventoryIn

    codes = TextAreaField(
        T("Or its tubes, one by one"),
        description=T("Without a file: scan every tube of the box, in any order."),
    )
    reason = TextAreaField(
        T("Reason"), description=T("Such as: yearly inventory. Ctrl + Enter accepts the inventory.")
    )
    shown = StringField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file.flags.required = False
        self.reason.flags.required = True
