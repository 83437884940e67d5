"""Rack scanners: the files that they write, and what they say of a well."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class RackPreset(StrEnum):
    """The shapes of file that are known, by what wrote them or what their columns are."""

    POSITION_TUBE = "pos_barcode"
    RACK_POSITION_TUBE = "rack_pos_barcode"
    VISIONMATE = "visionmate"
    TRAXCER = "traxcer"
    TRAKMATE = "trakmate_txt"
    WORKLIST_XL20 = "worklist_xl20"
    RACK_LOCATION_TUBE = "rackid_location_barcode"
    HEADED = "generic_header"


class WellStatus(StrEnum):
    """What the scanner found in one well."""

    TUBE = "tube"
    EMPTY = "empty"
    #: Something may be in it, but no code was read.
    UNREADABLE = "unreadable"


LABELS: Labels = {
    RackPreset: {
        RackPreset.POSITION_TUBE: T("Position and tube, without headings"),
        RackPreset.RACK_POSITION_TUBE: T("Rack, position and tube, without headings"),
        RackPreset.VISIONMATE: T("VisionMate"),
        RackPreset.TRAXCER: T("Micronic Traxcer"),
        RackPreset.TRAKMATE: T("TrakMate"),
        RackPreset.WORKLIST_XL20: T("XL20 work list"),
        RackPreset.RACK_LOCATION_TUBE: T("Rack, tube location and tube, with headings"),
        RackPreset.HEADED: T("Columns with known headings"),
    },
    WellStatus: {
        WellStatus.TUBE: T("Tube"),
        WellStatus.EMPTY: T("Empty"),
        WellStatus.UNREADABLE: T("Not read"),
    },
}
