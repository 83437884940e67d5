"""What the audit record can say: ``noun:verb``, one tag for each kind of act."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class AuditTag(StrEnum):
    ACCESS_REFUSED = "access:refused"
    SIGN_IN = "sign_in:accepted"
    SIGN_IN_REFUSED = "sign_in:refused"
    SIGN_OUT = "sign_in:ended"
    CONFIRMED = "confirmation:accepted"
    CONFIRMATION_REFUSED = "confirmation:refused"
    SITE_CREATED = "site:created"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_CHANGED = "account:changed"
    ACCOUNT_DISABLED = "account:disabled"
    ACCOUNT_ENABLED = "account:enabled"
    PASSWORD_CHANGED = "account:password_changed"
    PASSWORD_RESET = "account:password_reset"
    ROLE_GRANTED = "role:granted"
    ROLE_REVOKED = "role:revoked"
    COHORT_OPENED = "cohort:opened"
    PROTOCOL_CHANGED = "cohort:protocol_changed"
    PARTICIPANT_ENROLLED = "participant:enrolled"
    PARTICIPANT_COMPLETED = "participant:completed"
    PARTICIPANT_SOURCE_ADDED = "participant:source_added"
    PARTICIPANT_CONFIRMED = "participant:confirmed"
    PARTICIPANT_REASSIGNED = "participant:reassigned"
    PARTICIPANT_MERGED = "participant:merged"
    PARTICIPANT_CORRECTED = "participant:corrected"
    PARTICIPANT_RESTORED = "participant:restored"
    PARTICIPANT_DOUBTED = "participant:doubted"
    IDENTITY_ENROLLED = "identity:enrolled"
    IDENTITY_ATTACHED = "identity:attached"
    IDENTITY_DOUBTED = "identity:doubted"
    IDENTITY_SEARCHED = "identity:searched"
    IDENTITY_REVEALED = "identity:revealed"
    IDENTITY_COMPARED = "identity:compared"
    IDENTITY_AMENDED = "identity:amended"
    IDENTITY_MARKED = "identity:marked"
    DOCUMENT_CHECKED = "identity:document_checked"
    CONTACT_DATA_RECORDED = "identity:contact_data_recorded"
    HOSPITAL_NUMBER_CHOSEN = "identity:number_chosen"
    HOSPITAL_NUMBER_REFUSED = "identity:number_refused"
    HOSPITAL_NUMBER_GIVEN_BACK = "identity:number_given_back"
    NATIONAL_IDENTITY_RETRIEVED = "national_identity:retrieved"
    NATIONAL_IDENTITY_COLLIDED = "national_identity:collided"
    NATIONAL_IDENTITY_WITHDRAWN = "national_identity:withdrawn"
    IDENTITY_REFUSED = "identity:refused"
    CONTACTS_EXPORTED = "contacts:exported"
    IDENTITY_REMATCHED = "identity:rematched"
    WEIGHTS_ESTIMATED = "match_weights:estimated"
    REVIEW_DECIDED = "match_review:decided"
    REVIEW_REVISED = "match_review:revised"
    PERSON_ESTABLISHED = "person:established"
    PERSON_MERGED = "person:merged"
    PERSON_ERASED = "person:erased"
    ERASURE_CLEANED = "erasure:cleaned"
    PARTICIPANT_IDENTITY_ERASED = "participant:identity_erased"
    PERSON_SPLIT = "person:split"
    PERSON_DOUBTED = "person:doubted"
    VISIT_RECORDED = "visit:recorded"
    KIT_COLLECTED = "kit:collected"
    CONSENT_TEMPLATE_WRITTEN = "consent_template:written"
    CONSENT_TEMPLATE_FINAL = "consent_template:made_final"
    CONSENT_TEMPLATE_RETIRED = "consent_template:retired"
    CONSENT_TEMPLATE_DISCARDED = "consent_template:discarded"
    CONSENT_RECORDED = "consent:recorded"
    CONSENT_CORRECTED = "consent:corrected"
    CONSENT_SIGNED = "consent:signed_on_screen"
    CONSENT_CHECKED = "consent:checked"
    CONSENT_INFORMED = "consent:informed"
    CONSENT_PROOF_ATTACHED = "consent_proof:attached"
    CONSENT_PROOF_OPENED = "consent_proof:opened"
    CONSENT_PROOF_DESTROYED = "consent_proof:destroyed"
    CONSENT_COPY_HANDED = "consent_proof:copy_handed"
    CONSENT_WITHDRAWN = "consent:withdrawn"
    RECALL_NOTICE_OPENED = "recall_notice:opened"
    RECALL_NOTICE_SENT = "recall_notice:sent"
    RECALL_NOTICE_ACKNOWLEDGED = "recall_notice:acknowledged"
    WITHDRAWAL_LETTER_SENT = "withdrawal:letter_sent"
    DESTRUCTION_ORDERED = "destruction:ordered"
    DESTRUCTION_CANCELLED = "destruction:cancelled"
    DESTRUCTION_CERTIFIED = "destruction:certified"
    WITNESSED = "witness:confirmed"
    WITNESS_REFUSED = "witness:refused"
    DOSSIER_REQUESTED = "dossier:requested"
    DOSSIER_ANSWERED = "dossier:answered"
    DOSSIER_READ = "dossier:read"
    LINK_MADE = "dossier_link:made"
    LINK_CODE_MADE = "dossier_link:code_made"
    LINK_REVOKED = "dossier_link:revoked"
    LINK_OPENED = "dossier_link:opened"
    LINK_REFUSED = "dossier_link:refused"
    OPPOSITION_MADE = "opposition:made"
    OPPOSITION_HANDLED = "opposition:handled"
    PARTICIPANTS_IMPORTED = "import:participants"
    SAMPLES_IMPORTED = "import:samples"
    STORAGE_CREATED = "storage:created"
    TUBE_CODES_ISSUED = "tube_codes:issued"
    SAMPLE_REGISTERED = "sample:registered"
    SAMPLE_IMPORTED = "sample:imported"
    SAMPLE_RECEIVED = "sample:received"
    SAMPLE_CENTRIFUGED = "sample:centrifuged"
    SAMPLE_FROZEN = "sample:frozen"
    SAMPLE_THAWED = "sample:thawed"
    SAMPLE_DIVIDED = "sample:divided"
    SAMPLE_MADE = "sample:made"
    SAMPLE_PLACED = "sample:placed"
    SAMPLE_MOVED = "sample:moved"
    SAMPLE_CHECKED_OUT = "sample:checked_out"
    SAMPLE_RETURNED = "sample:returned"
    SAMPLE_CONSUMED = "sample:consumed"
    SAMPLE_SHIPPED = "sample:shipped"
    SAMPLE_ARRIVED = "sample:arrived"
    SAMPLE_DISTRIBUTED = "sample:distributed"
    SAMPLE_CORRECTED = "sample:corrected"
    SAMPLE_QUARANTINED = "sample:quarantined"
    SAMPLE_RELEASED = "sample:released"
    SAMPLE_DISPOSED = "sample:disposed"
    SAMPLE_DESTROYED = "sample:destroyed"
    PSEUDONYM_REVERSED = "pseudonym:reversed"
    PSEUDONYM_NOT_FOUND = "pseudonym:not_found"
    FOREIGN_PSEUDONYM_ADDED = "foreign_pseudonym:added"
    FOREIGN_PSEUDONYM_RETIRED = "foreign_pseudonym:retired"
    FOREIGN_PSEUDONYM_READ = "foreign_pseudonym:read"
    FOREIGN_PSEUDONYM_SOUGHT = "foreign_pseudonym:sought"
    PSEUDONYMS_IMPORTED = "import:pseudonyms"
    CONSENTS_IMPORTED = "import:consents"
    CONSENTS_EXPORTED = "consent:exported"
    TASK_REQUESTED = "task:requested"
    TASK_CANCELLED = "task:cancelled"
    TASK_ENDED = "task:ended"
    TASK_FAILED = "task:failed"
    KEYS_ROTATED = "keys:rotated"
    KEYS_PROMOTED = "keys:promoted"
    KEYS_REWRAPPED = "keys:rewrapped"
    KEYS_REINDEXED = "keys:reindexed"
    KEYS_EMPTIED = "keys:emptied"
    KEYS_DAMAGED = "keys:damaged"
    KEYS_RETIRED = "keys:retired"
    KEYS_SPLIT = "keys:split"
    KEYS_JOINED = "keys:joined"
    KEYS_SEALED = "keys:sealed"
    VAULT_TAMPERED = "vault:tampered"
    AUDIT_READ = "audit:read"
    AUDIT_VERIFIED = "audit:verified"
    UNUSUAL_EXAMINED = "unusual:examined"
    CATALOGUE_COUNTED = "catalogue:counted"
    APPLICATION_WRITTEN = "application:written"
    APPLICATION_CHANGED = "application:changed"
    APPLICATION_SUBMITTED = "application:submitted"
    APPLICATION_APPROVED = "application:approved"
    APPLICATION_REFUSED = "application:refused"
    APPLICATION_WITHDRAWN = "application:withdrawn"
    APPLICATION_EXAMINED = "application:examined"
    EXTRACT_PRODUCED = "extract:produced"
    EXTRACT_DOWNLOADED = "extract:downloaded"
    EXTRACT_RECALLED = "extract:recalled"


#: The acts by which somebody saw who is who; each counts as one look.
LOOKS = (
    AuditTag.IDENTITY_REVEALED,
    AuditTag.IDENTITY_COMPARED,
    AuditTag.CONTACTS_EXPORTED,
    AuditTag.PSEUDONYM_REVERSED,
    AuditTag.CONSENT_PROOF_OPENED,
)


class Unusual(StrEnum):
    """What the data protection officer is shown because it is not the usual way of working."""

    MANY_LOOKS = "many_looks"
    ODD_HOURS = "odd_hours"
    SAME_PARTICIPANT = "same_participant"
    NO_OTHER_WORK = "no_other_work"
    SEARCHES_ALONE = "searches_alone"
    REFUSALS = "refusals"
    WRONG_PASSWORDS = "wrong_passwords"
    AFTER_ROLE = "after_role"


LABELS: Labels = {
    AuditTag: {
        AuditTag.ACCESS_REFUSED: T("Asked for something not permitted"),
        AuditTag.SIGN_IN: T("Signed in"),
        AuditTag.SIGN_IN_REFUSED: T("Failed to sign in"),
        AuditTag.SIGN_OUT: T("Signed out"),
        AuditTag.CONFIRMED: T("Gave the password again"),
        AuditTag.CONFIRMATION_REFUSED: T("Gave a wrong password where it was asked again"),
        AuditTag.SITE_CREATED: T("Opened a site"),
        AuditTag.ACCOUNT_CREATED: T("Opened an account"),
        AuditTag.ACCOUNT_CHANGED: T("Changed an account"),
        AuditTag.ACCOUNT_DISABLED: T("Disabled an account"),
        AuditTag.ACCOUNT_ENABLED: T("Enabled an account"),
        AuditTag.PASSWORD_CHANGED: T("Changed own password"),
        AuditTag.PASSWORD_RESET: T("Reset a password"),
        AuditTag.ROLE_GRANTED: T("Gave a role"),
        AuditTag.ROLE_REVOKED: T("Took a role back"),
        AuditTag.COHORT_OPENED: T("Opened a cohort"),
        AuditTag.PROTOCOL_CHANGED: T("Changed a protocol"),
        AuditTag.PARTICIPANT_ENROLLED: T("Enrolled a participant"),
        AuditTag.PARTICIPANT_COMPLETED: T("Completed a participant"),
        AuditTag.PARTICIPANT_SOURCE_ADDED: T("Added a source number"),
        AuditTag.PARTICIPANT_CONFIRMED: T("Confirmed a participant"),
        AuditTag.PARTICIPANT_REASSIGNED: T("Gave a participant to another person of the vault"),
        AuditTag.PARTICIPANT_MERGED: T("Merged two participants"),
        AuditTag.PARTICIPANT_CORRECTED: T("Corrected what a cohort knows of a participant"),
        AuditTag.PARTICIPANT_RESTORED: T("Restored a participant as before a merge"),
        AuditTag.PARTICIPANT_DOUBTED: T("Put a participant in doubt again"),
        AuditTag.IDENTITY_ENROLLED: T("Took in an identity"),
        AuditTag.IDENTITY_ATTACHED: T("Attached an identity to a known person"),
        AuditTag.IDENTITY_DOUBTED: T("Put an identity up for review"),
        AuditTag.IDENTITY_SEARCHED: T("Searched by identity"),
        AuditTag.IDENTITY_REVEALED: T("Saw an identity"),
        AuditTag.IDENTITY_COMPARED: T("Saw two identities side by side"),
        AuditTag.IDENTITY_AMENDED: T("Corrected an identity"),
        AuditTag.IDENTITY_MARKED: T("Changed the attributes of an identity"),
        AuditTag.DOCUMENT_CHECKED: T("Checked an identity document"),
        AuditTag.CONTACT_DATA_RECORDED: T("Recorded contact data"),
        AuditTag.HOSPITAL_NUMBER_CHOSEN: T("Chose the hospital number in use"),
        AuditTag.HOSPITAL_NUMBER_REFUSED: T("Found that a hospital number is not the person’s"),
        AuditTag.HOSPITAL_NUMBER_GIVEN_BACK: T("Gave a hospital number back to the person"),
        AuditTag.NATIONAL_IDENTITY_RETRIEVED: T("Recorded a national identity"),
        AuditTag.NATIONAL_IDENTITY_COLLIDED: T("Met a national number that another person has"),
        AuditTag.NATIONAL_IDENTITY_WITHDRAWN: T("Withdrew a national number"),
        AuditTag.IDENTITY_REFUSED: T("Was refused a look or a search"),
        AuditTag.CONTACTS_EXPORTED: T("Took a list of contacts"),
        AuditTag.IDENTITY_REMATCHED: T("Matched the whole registry again"),
        AuditTag.WEIGHTS_ESTIMATED: T("Estimated the matching weights"),
        AuditTag.REVIEW_DECIDED: T("Decided on a doubtful identity"),
        AuditTag.REVIEW_REVISED: T("Revised a decision on a doubtful identity"),
        AuditTag.PERSON_ESTABLISHED: T("Confirmed a person"),
        AuditTag.PERSON_MERGED: T("Merged two persons"),
        AuditTag.PERSON_ERASED: T("Erased an identity"),
        AuditTag.ERASURE_CLEANED: T("Cleaned the database of an erased identity"),
        AuditTag.PARTICIPANT_IDENTITY_ERASED: T("Marked a participant whose identity was erased"),
        AuditTag.PERSON_SPLIT: T("Undid the merge of two persons"),
        AuditTag.PERSON_DOUBTED: T("Put a person in doubt again"),
        AuditTag.VISIT_RECORDED: T("Recorded a visit"),
        AuditTag.KIT_COLLECTED: T("Recorded a kit"),
        AuditTag.CONSENT_TEMPLATE_WRITTEN: T("Wrote a consent form"),
        AuditTag.CONSENT_TEMPLATE_FINAL: T("Put a consent form in use"),
        AuditTag.CONSENT_TEMPLATE_RETIRED: T("Retired a consent form"),
        AuditTag.CONSENT_TEMPLATE_DISCARDED: T("Threw a draft of a consent form away"),
        AuditTag.CONSENT_RECORDED: T("Recorded a consent"),
        AuditTag.CONSENT_CORRECTED: T("Corrected a consent"),
        AuditTag.CONSENT_SIGNED: T("Had a form signed on the screen"),
        AuditTag.CONSENT_CHECKED: T("Compared a consent with its scan"),
        AuditTag.CONSENT_INFORMED: T("Recorded that a participant was informed"),
        AuditTag.CONSENT_PROOF_ATTACHED: T("Attached the scan of a consent"),
        AuditTag.CONSENT_PROOF_OPENED: T("Opened the scan of a consent"),
        AuditTag.CONSENT_PROOF_DESTROYED: T("Destroyed the scans of a person’s consents"),
        AuditTag.CONSENT_COPY_HANDED: T("Handed over the copy of a consent"),
        AuditTag.CONSENT_WITHDRAWN: T("Recorded a withdrawal"),
        AuditTag.RECALL_NOTICE_OPENED: T("Opened a recall notice"),
        AuditTag.RECALL_NOTICE_SENT: T("Sent a recall notice"),
        AuditTag.RECALL_NOTICE_ACKNOWLEDGED: T("Recorded the answer to a recall notice"),
        AuditTag.WITHDRAWAL_LETTER_SENT: T("Sent the letter about a withdrawal"),
        AuditTag.DESTRUCTION_ORDERED: T("Ordered a sample to be destroyed"),
        AuditTag.DESTRUCTION_CANCELLED: T("Cancelled the destruction of a sample"),
        AuditTag.DESTRUCTION_CERTIFIED: T("Certified the destruction of samples"),
        AuditTag.WITNESSED: T("Bore witness"),
        AuditTag.WITNESS_REFUSED: T("Failed to sign as a witness"),
        AuditTag.DOSSIER_REQUESTED: T("Recorded that a participant asked for the dossier"),
        AuditTag.DOSSIER_ANSWERED: T("Recorded that a participant got the dossier"),
        AuditTag.DOSSIER_READ: T("Read a participant’s dossier"),
        AuditTag.LINK_MADE: T("Made a link to a dossier"),
        AuditTag.LINK_CODE_MADE: T("Made the code of a link to a dossier"),
        AuditTag.LINK_REVOKED: T("Revoked a link to a dossier"),
        AuditTag.LINK_OPENED: T("Opened a dossier at home"),
        AuditTag.LINK_REFUSED: T("Failed to open a dossier at home"),
        AuditTag.OPPOSITION_MADE: T("Opposed something from home"),
        AuditTag.OPPOSITION_HANDLED: T("Dealt with an opposition from home"),
        AuditTag.PARTICIPANTS_IMPORTED: T("Imported participants"),
        AuditTag.SAMPLES_IMPORTED: T("Imported samples"),
        AuditTag.STORAGE_CREATED: T("Made a storage place"),
        AuditTag.TUBE_CODES_ISSUED: T("Issued tube codes"),
        AuditTag.SAMPLE_REGISTERED: T("Registered a tube"),
        AuditTag.SAMPLE_IMPORTED: T("Took in an existing tube"),
        AuditTag.SAMPLE_RECEIVED: T("Received a tube"),
        AuditTag.SAMPLE_CENTRIFUGED: T("Centrifuged a tube"),
        AuditTag.SAMPLE_FROZEN: T("Froze a tube"),
        AuditTag.SAMPLE_THAWED: T("Thawed a tube"),
        AuditTag.SAMPLE_DIVIDED: T("Drew from a tube"),
        AuditTag.SAMPLE_MADE: T("Made an aliquot or a derivative"),
        AuditTag.SAMPLE_PLACED: T("Placed a tube"),
        AuditTag.SAMPLE_MOVED: T("Moved a tube"),
        AuditTag.SAMPLE_CHECKED_OUT: T("Checked a tube out"),
        AuditTag.SAMPLE_RETURNED: T("Took a tube back"),
        AuditTag.SAMPLE_CONSUMED: T("Used what was in a tube"),
        AuditTag.SAMPLE_SHIPPED: T("Shipped a tube"),
        AuditTag.SAMPLE_ARRIVED: T("Recorded the arrival of a tube"),
        AuditTag.SAMPLE_DISTRIBUTED: T("Handed a tube over to a partner"),
        AuditTag.SAMPLE_CORRECTED: T("Corrected an act"),
        AuditTag.SAMPLE_QUARANTINED: T("Put a sample in quarantine"),
        AuditTag.SAMPLE_RELEASED: T("Released a sample from quarantine"),
        AuditTag.SAMPLE_DISPOSED: T("Disposed of a tube"),
        AuditTag.SAMPLE_DESTROYED: T("Destroyed a sample"),
        AuditTag.PSEUDONYM_REVERSED: T("Led a project’s code back to a participant"),
        AuditTag.PSEUDONYM_NOT_FOUND: T("Asked for a project’s code that nobody bears"),
        AuditTag.FOREIGN_PSEUDONYM_ADDED: T("Recorded a partner’s code"),
        AuditTag.FOREIGN_PSEUDONYM_RETIRED: T("Retired a partner’s code"),
        AuditTag.FOREIGN_PSEUDONYM_READ: T("Read the partners’ codes of a person"),
        AuditTag.FOREIGN_PSEUDONYM_SOUGHT: T("Looked for a person by a partner’s code"),
        AuditTag.PSEUDONYMS_IMPORTED: T("Imported partners’ codes"),
        AuditTag.CONSENTS_IMPORTED: T("Imported consents"),
        AuditTag.CONSENTS_EXPORTED: T("Exported consents"),
        AuditTag.TASK_REQUESTED: T("Asked for background work"),
        AuditTag.TASK_CANCELLED: T("Cancelled background work"),
        AuditTag.TASK_ENDED: T("Ended background work"),
        AuditTag.TASK_FAILED: T("Failed at background work"),
        AuditTag.KEYS_ROTATED: T("Added a key to the vault"),
        AuditTag.KEYS_PROMOTED: T("Put a key of the vault in use"),
        AuditTag.KEYS_REWRAPPED: T("Wrapped data keys again"),
        AuditTag.KEYS_REINDEXED: T("Wrote blind indexes again"),
        AuditTag.KEYS_EMPTIED: T("Left a key of the vault without rows"),
        AuditTag.KEYS_DAMAGED: T("Counted the rows that a change of keys cannot open"),
        AuditTag.KEYS_RETIRED: T("Retired a key of the vault"),
        AuditTag.KEYS_SPLIT: T("Split a backup of the vault’s keys"),
        AuditTag.KEYS_JOINED: T("Restored the vault’s keys from their shares"),
        AuditTag.KEYS_SEALED: T("Put the vault’s keys under a hardware token"),
        AuditTag.VAULT_TAMPERED: T("Met a sealed value that was tampered with"),
        AuditTag.AUDIT_READ: T("Read the journal"),
        AuditTag.AUDIT_VERIFIED: T("Verified the journal"),
        AuditTag.UNUSUAL_EXAMINED: T("Examined something unusual"),
        AuditTag.CATALOGUE_COUNTED: T("Counted in the catalogue"),
        AuditTag.APPLICATION_WRITTEN: T("Wrote a request"),
        AuditTag.APPLICATION_CHANGED: T("Changed a request"),
        AuditTag.APPLICATION_SUBMITTED: T("Submitted a request"),
        AuditTag.APPLICATION_APPROVED: T("Approved a request"),
        AuditTag.APPLICATION_REFUSED: T("Refused a request"),
        AuditTag.APPLICATION_WITHDRAWN: T("Withdrew a request"),
        AuditTag.APPLICATION_EXAMINED: T("Examined a request"),
        AuditTag.EXTRACT_PRODUCED: T("Produced an extract"),
        AuditTag.EXTRACT_DOWNLOADED: T("Downloaded an extract"),
        AuditTag.EXTRACT_RECALLED: T("Recalled an extract"),
    },
    Unusual: {
        Unusual.MANY_LOOKS: T("Many looks within an hour"),
        Unusual.ODD_HOURS: T("Looks at night or on a weekend"),
        Unusual.SAME_PARTICIPANT: T("One participant looked at by several people"),
        Unusual.NO_OTHER_WORK: T("Looks without other work at that site"),
        Unusual.SEARCHES_ALONE: T("Many searches without an inclusion"),
        Unusual.REFUSALS: T("Many refusals"),
        Unusual.WRONG_PASSWORDS: T("Wrong passwords where they are asked again"),
        Unusual.AFTER_ROLE: T("A look right after a role was given"),
    },
}
