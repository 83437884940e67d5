"""Forms of the exchange between installations."""

from base64 import urlsafe_b64decode
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import FileField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.exchange import RECALL_ENDS
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from schemas.exchange import (
    CompareIn,
    GoneIn,
    KeyFileIn,
    ManifestFileIn,
    PutAwayIn,
    RecallAnswerFileIn,
    RecallEndIn,
    RecallFileIn,
    ReceiptFileIn,
    RetireKeyIn,
    TakeInIn,
    UseIn,
)

_EACH = T("Scan each tube of which you say it: one code on each line.")
_PROOF = T("Such as the number of the certificate or of the parcel.")


class _FileForm(SchemaForm):
    """A form that sends one file."""

    #: The most bytes that are read of it.
    most: int

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file.flags.required = True

    def content(self) -> bytes:
        """The file; empty when none was chosen."""
        return bytes(self.file.data.read(self.most + 1)) if self.file.data else b""


class KeyFileForm(_FileForm):
    """The key of a partner's installation."""

    schema = KeyFileIn
    most = limits.KEY_FILE_BYTES_MAX

    file = FileField(
        T("Key file of the partner’s installation"),
        description=T("The partner exports it from this same page of their installation."),
    )


class ManifestFileForm(_FileForm):
    """The signed manifest of a partner's shipment."""

    schema = ManifestFileIn
    most = limits.MANIFEST_BYTES_MAX

    file = FileField(
        T("Signed manifest (JSON)"),
        description=T("The partner downloads it from the page of the shipment."),
    )


class ReceiptFileForm(_FileForm):
    """The signed receipt of a partner's installation."""

    schema = ReceiptFileIn
    most = limits.MANIFEST_BYTES_MAX

    file = FileField(
        T("Signed receipt (JSON)"),
        description=T("The partner downloads it once their installation took the shipment in."),
    )


class RecallFileForm(_FileForm):
    """The signed recall of a partner."""

    schema = RecallFileIn
    most = limits.MANIFEST_BYTES_MAX

    file = FileField(
        T("Signed recall (JSON)"),
        description=T("The partner downloads it from the page of the recall notice."),
    )


class RecallAnswerFileForm(_FileForm):
    """The signed answer of a partner's installation to a recall of ours."""

    schema = RecallAnswerFileIn
    most = limits.MANIFEST_BYTES_MAX

    file = FileField(
        T("Signed answer (JSON)"),
        description=T("The partner downloads it once their installation took the recall in."),
    )


class RecallEndForm(SchemaForm):
    """What became of recalled tubes."""

    schema = RecallEndIn

    codes = TextAreaField(T("Tubes"), description=_EACH)
    state = RadioField(T("What became of them"), choices=options(RECALL_ENDS))
    note = TextAreaField(T("Remark"), description=_PROOF)


class PutAwayForm(SchemaForm):
    """Where a partner's tubes lie."""

    schema = PutAwayIn

    codes = TextAreaField(T("Tubes"), description=_EACH)
    place = StringField(T("Place"), description=T("Freezer, shelf and box, as people call them."))
    note = TextAreaField(T("Remark"))


class UseForm(SchemaForm):
    """For what a partner's tubes are used, of what the partner allows."""

    schema = UseIn

    codes = TextAreaField(T("Tubes"), description=_EACH)
    use = RadioField(T("Use"))
    note = TextAreaField(
        T("Remark"), description=T("Such as the analysis, and how much was taken.")
    )

    def __init__(self, allowed: Iterable[Use], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use.choices = options(allowed)()


class GoneForm(SchemaForm):
    """What became of a partner's tubes that are here no more."""

    schema = GoneIn

    codes = TextAreaField(T("Tubes"), description=_EACH)
    outcome = RadioField(T("What became of them"), choices=options(RECALL_ENDS))
    note = TextAreaField(T("Remark"), description=_PROOF)


class TakeInForm(SchemaForm):
    """What was found of a partner's shipment."""

    schema = TakeInIn

    manifest = HiddenField()
    site_id = SelectField(T("Taken in at"))
    codes = TextAreaField(
        T("Tubes"), description=T("Scan each tube in the bag: one code on each line.")
    )
    damaged = TextAreaField(
        T("Damaged ones"), description=T("Those of them that are broken, thawed or leak.")
    )
    temperature = StringField(
        T("Temperature"), description=T("Only if it was not as it should be: what was read.")
    )
    note = TextAreaField(T("Remark"), description=T("The partner reads it."))

    def __init__(self, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows((site.id, site.name) for site in sites)

    def file(self) -> bytes:
        """The manifest's file, as it was sent; empty when that is damaged."""
        try:
            return urlsafe_b64decode(self.manifest.data or "")
        except ValueError:
            return b""


class CompareForm(SchemaForm):
    """The fingerprint as the partner read it out."""

    schema = CompareIn

    fingerprint = StringField(
        T("Fingerprint"),
        description=T(
            "Call the partner at a number that you know, let them read it out, and type it."
        ),
    )


class RetireKeyForm(SchemaForm):
    """Why a key is believed no longer."""

    schema = RetireKeyIn

    reason = TextAreaField(T("Reason"))
