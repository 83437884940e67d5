"""Every number that bounds something, with its unit in its name."""

from decimal import Decimal

# Text
NAME_MAX = 120
LABEL_MAX = 80
CODE_MAX = 40
REASON_MIN = 3
REASON_MAX = 500
PURPOSE_MIN = 20
PURPOSE_MAX = 4_000
LOGIN_MAX = 64
EMAIL_MAX = 254
ADDRESS_MAX = 300
PASSWORD_MIN = 15
PASSWORD_MAX = 128

# People
BIRTH_YEAR_MIN = 1875
MAJORITY_YEARS = 18
#: From this age on, a minor is informed in person.
MINOR_INFORMED_YEARS = 15
AGE_TOP_BAND_YEARS = 90
AGE_BAND_YEARS = 10

# Quantities
QUANTITY_MAX = Decimal(100000)
QUANTITY_PLACES = 6
ALIQUOTS_AT_ONCE_MAX = 96
KIT_TUBES_MAX = 40
#: How many lines for tubes the page of a new kit begins with.
KIT_LINES = 8
KITS_PRINTED_MAX = 50
#: Of one tube: how many lines its plan has, which priorities, how long it may wait.
PLANNED_LINES_MAX = 24
PLANNED_PRIORITY_MAX = 9
PLANNED_MINUTES_MAX = 14 * 24 * 60
#: Twenty years after the inclusion.
VISIT_DAY_MAX = 7_305
VISIT_WINDOW_DAYS_MAX = 366
CONSENT_ITEMS_MAX = 40
STATUS_MONTHS = 24
SCANS_AT_ONCE_MAX = 400
#: How long a list of scans may wait in a browser for the network.
QUEUE_DAYS_MAX = 14
#: From this much on, a person confirms the time that a computer's clock gives.
QUEUE_CLOCK_SECONDS_MAX = 120
#: How long it is known that a form was sent: longer than a list may wait.
HANDLED_DAYS = 30
UNDO_SECONDS = 60
SPIN_MINUTES_MAX = 240
THAWS_ASKED_MAX = 99
MINUTES_ASKED_MAX = 525_600
SPIN_G_MAX = 200_000

# Acts that an administrator defines
TYPED_FIELDS_MAX = 8
TYPED_OPTIONS_MAX = 20
UNIT_MAX = 20

# Storage
BOX_SIDE_MAX = 32
CELL_MAX = 10
#: How many places one place can say it has room for, and how many tubes move in one act.
PLACES_INSIDE_MAX = 1_000
FREE_CELLS_MAX = 1_024
#: Over how many days placements are counted, and how far ahead a freezer is looked at.
FORECAST_DAYS = 90
#: A fortnight: with less, the first filling of a freezer would be taken for its pace.
FORECAST_DAYS_MIN = 14
FORECAST_DAYS_MAX = 3_650
CARRIED_TUBES_MAX = 20_000
RACK_BYTES_MAX = 1024 * 1024
#: 384 wells, what may stand before them, and blank lines between.
RACK_LINES_MAX = 1000
RACK_PREAMBLE_MAX = 10

# Printing
SHEET_PLACES_MAX = 200
LABEL_MM_MIN = 8
LABEL_MM_MAX = 150
LABEL_MARGIN_MM_MAX = 20
LABEL_SYMBOL_MM_MIN = 4
LABEL_LINE_MM_MIN = 1
LABEL_LINES_MAX = 8
LABEL_TEXT_MM_MIN = 8
LABEL_GAP_MM = 0.6
LABEL_MODULE_MM_MAX = 1.2
#: A label fits a roll of its own size, or nearly.
LABEL_ROLL_MM_SPARE = 1.0
#: Fewer dots for a module of the symbol, and scanners misread it.
LABEL_MODULE_DOTS_MIN = 2
HOST_MAX = 253
PORT_MAX = 65_535
PRINTER_PORT = 9100
PRINTER_CONNECT_SECONDS = 5
PRINTER_SEND_SECONDS = 10
PRINTER_CLOSE_SECONDS = 1
PRINT_IDLE_SECONDS = 1
PRINT_SILENT_SECONDS = 60
PRINT_PAGE_REFRESH_SECONDS = 3
PRINT_PAGE_TURNS_MAX = 40

# Pages
PAGE_ROWS = 50
FIRST_PAGE_ROWS = 5

# Sign-in and sessions
SIGN_IN_FAILURES_MAX = 10
SIGN_IN_WINDOW_SECONDS = 300
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 3600
SESSION_ANONYMOUS_SECONDS = 3600
CONFIRMATION_SECONDS = 300
#: What a badge says: shorter, and it could be anybody's.
BADGE_MIN = 6
BADGE_MAX = 64
PIN_MIN = 4
PIN_MAX = 8
#: In a row, over however many days: then the badge is locked.
PIN_WRONG_MAX = 5

# Disclosure (ACRO, CMS and WA-DOH thresholds: reference/security.md §2E)
SMALL_CELL_MIN = 11
COUNT_ROUNDING = 5
COUNTS_PER_DAY_MAX = 50
COUNTS_REMEMBERED_DAYS = 90
EXTRACT_HELD_BACK_PERCENT_MAX = 10

# Applications
COLLECTION_YEAR_MIN = 1950
COLLECTION_YEAR_MAX = 2200

# Uploads
UPLOAD_BYTES_MAX = 10 * 1024 * 1024

# Signed forms
SCAN_BYTES_MAX = 8 * 1024 * 1024
SCANS_MAX = 20
PROOF_SHOWN_SECONDS = 300
INFORMED_AT_ONCE_MAX = 500
SIGNATURE_WIDTH = 600
SIGNATURE_HEIGHT = 200
SIGNATURE_POINTS_MIN = 8
SIGNATURE_POINTS_MAX = 4_000
#: From the first of the month in which somebody comes of age, how long a minor's form is taken.
MINOR_FORM_DAYS = 30
#: From then on, how long what was signed for a minor still allows something.
MAJORITY_GRACE_DAYS = 90

# Dossiers of participants (GDPR art. 12 and 15), and links to read them at home
DOSSIER_DUE_MONTHS = 1
LINK_TOKEN_BYTES = 20
LINK_CODE_DIGITS = 8
LINK_WRONG_CODES_MAX = 5
LINK_DAYS = 14
LINK_DAYS_MAX = 30
LINK_SHOWN_SECONDS = 600
LINK_READS_MAX = 120
LINK_READS_WINDOW_SECONDS = 3600
LINK_OPPOSITIONS_MAX = 20

# Shipments: how long one is under way before somebody should ask where it is
SHIPMENT_UNDER_WAY_DAYS = 3

#: How long tubes are kept for a pick list before others may use them.
PICK_RESERVED_DAYS = 7
#: After so long a cart with tubes on it is told of; how many carts a page shows.
CART_IDLE_HOURS = 24
CARTS_SHOWN = 100
#: How long proposed cells are kept for the person who asked, and how many boxes, begun and empty
#: each, are compared for a proposal besides those of relatives.
CELL_RESERVED_MINUTES = 30
BOXES_COMPARED = 100
#: A file of a temperature logger: a reading a minute for two weeks is about that.
LOGGER_BYTES_MAX = 1024 * 1024

# Exchange between installations: 32 bytes in base 64; a fingerprint is read out by telephone
PUBLIC_KEY_LENGTH = 44
FINGERPRINT_BYTES = 16
FINGERPRINT_TYPED_MAX = 80
KEY_FILE_BYTES_MAX = 4 * 1024
#: It goes through the page where it is taken in, as text.
MANIFEST_BYTES_MAX = 256 * 1024
MANIFEST_TYPED_MAX = 350 * 1024
#: An older manifest is not taken in.
MANIFEST_DAYS_MAX = 90
#: By when a partner destroys or returns what is recalled; its use stops at once.
RECALL_DAYS = 14
DIGEST_LENGTH = 64

# Temperature probes: a file is sent twice, the second time as a field of the form
PROBE_FILE_BYTES_MAX = 400 * 1024
PROBE_STEP_MINUTES = 15
PROBE_STEP_MINUTES_MAX = 24 * 60
PROBE_DELAY_MINUTES_MAX = 24 * 60
PROBE_CHART_DAYS = 7
PROBE_CHART_POINTS = 96

# What needs doing about consents: how far one looks ahead, and how long a file of it may be
CONSENT_WEEK_DAYS = 7
CONSENT_HORIZON_DAYS = 30
CONSENT_QUARTER_DAYS = 92
DUTIES_FILE_ROWS_MAX = 20_000
#: Each is one horizon, day and set of sites.
DUTIES_STATEMENTS_KEPT = 64
#: Of a list narrowed by what no table holds: how many rows are judged for one page.
NARROWED_ROWS_AT_ONCE = 500
NARROWING_TURNS_MAX = 8

# Imports
IMPORT_BYTES_MAX = 200 * 1024 * 1024
IMPORT_ROWS_AT_ONCE = 500
#: Others wait for one part, a little over a second on one core; the larger it is, the fewer
#: times each page of the vault's index is written.
IMPORT_IDENTITIES_AT_ONCE = 2_000

# Identities: a search is an oracle, so it is bounded in depth and in number
IDENTITY_CANDIDATES_MAX = 200
IDENTITY_FOUND_MAX = 20
IDENTITY_REVIEWS_MAX = 5
IDENTITY_SEARCHES_MAX = 60
IDENTITY_SEARCH_WINDOW_SECONDS = 600
IDENTITY_LOOKS_MAX = 30
IDENTITY_LOOKS_WINDOW_SECONDS = 3600
#: How long after the comparison of a pair it may be decided: a call to the other hospital fits in.
COMPARISON_SECONDS = 8 * 3600
IDENTITY_SHOWN_SECONDS = 120
IDENTITY_CORRECTING_SECONDS = 600

# Contact lists
CONTACTS_MAX = 500
CONTACTS_CONSIDERED_MAX = 5_000
CONTACTS_SHOWN_SECONDS = 600

# Unusual activity: from how many on it is shown, and how far back
WATCH_DAYS = 31
WATCH_LOOKS_PER_HOUR = 12
WATCH_HOUR_SECONDS = 3600
WATCH_NIGHT_FROM_HOUR = 21
WATCH_NIGHT_TO_HOUR = 6
WATCH_ODD_LOOKS = 1
WATCH_PEOPLE_PER_PARTICIPANT = 3
WATCH_LOOKS_WITHOUT_WORK = 3
WATCH_SEARCHES_ALONE = 20
WATCH_REFUSALS = 10
WATCH_WRONG_PASSWORDS = 3
WATCH_AFTER_ROLE_SECONDS = 3600
WATCH_LOOKS_AFTER_ROLE = 1
LOOKS_FILE_ROWS_MAX = 20_000

# Erasures: what is cleaned before the page answers, and how long it waits for readers
VAULT_CLEANED_AT_ONCE_BYTES_MAX = 64 * 1024 * 1024
CLEANING_WAIT_SECONDS = 2
KEY_BACKUP_DAYS = 30
KEY_BACKUP_DAYS_MAX = 3650

# Background work: a worker that says nothing for so long is taken for dead
TASK_IDLE_SECONDS = 2
TASK_BEAT_SECONDS = 5
TASK_SILENT_SECONDS = 60
TASK_ATTEMPTS_MAX = 3
TASK_PAGE_REFRESH_SECONDS = 5
TASK_PAGE_TURNS_MAX = 120
WORKER_STOP_SECONDS = 60

# Weights of a comparison, estimated from what is known
REMATCHED_AT_ONCE = 200
WEIGHTS_PERSONS_MIN = 500
WEIGHTS_PAIRS_MIN = 100
WEIGHTS_RECORDS_MAX = 20_000
WEIGHTS_RECORDS_AT_ONCE = 200
WEIGHTS_STRANGERS_MAX = 2_000
WEIGHTS_STRANGER_PAIRS = 200_000
WEIGHTS_COMING_PAIRS = 20_000

# Pseudonyms: each answer joins two worlds
REVERSALS_MAX = 20
REVERSALS_WINDOW_SECONDS = 3600
PARTNER_CODES_MAX = 60
PARTNER_CODES_WINDOW_SECONDS = 600

# Standings of consents: how many are worked out in one step
STANDINGS_AT_ONCE = 2_000
PROFILES_REMEMBERED = 20_000
# So many missing ones in a count have them worked out in the background
STANDINGS_MISSING_MAX = 1_000

# Changes of keys: how much one step takes, so that nobody waits long for it
KEYS_REWRAPPED_AT_ONCE = 500
KEYS_REINDEXED_AT_ONCE = 100
KEY_ENTRIES_DROPPED_AT_ONCE = 20_000
