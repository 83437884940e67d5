"""Everything that needs leave, in sentences that a data protection officer can read."""

from enum import StrEnum


class Permission(StrEnum):
    """A thing that somebody may be allowed to do; the sentence under each says what it opens."""

    SIGN_IN = "account:sign_in"
    """Check a name and a password: asked by the sign-in itself, before anybody is known."""

    ACCOUNT_OWN = "account:own"
    """Change one's own password, badge and preferences, and sign out."""

    HOME_OPEN = "home:open"
    """Open the first page and be led to what a scanned code names, as far as one may see it."""

    ACCOUNT_MANAGE = "account:manage"
    """Open sites and accounts, give roles and badges, disable accounts; never one's own."""

    PROTOCOL_EDIT = "protocol:edit"
    """Open cohorts, plan their visits and define their kits."""

    PARTICIPANT_READ = "participant:read"
    """See the pseudonymous page and the lists of one's own sites' participants: no identity."""

    PARTICIPANT_ENROL = "participant:enrol"
    """Enrol a person in a cohort at one's own site."""

    VISIT_RECORD = "participant:record_visit"
    """Record a participant's visits and the kits drawn at them, at one's own site."""

    IDENTITY_SEARCH = "identity:search"
    """Ask whether a person is already known: the answer is a pseudonym, never an identity."""

    IDENTITY_ENROL = "identity:enrol"
    """Hand the identity of a person received at one's own site to the vault."""

    IDENTITY_REVEAL = "identity:reveal"
    """Read the identity of one person received at one's own site, for a recorded reason."""

    IDENTITY_AMEND = "identity:amend"
    """Correct the identity and the contact data of a person received at one's own site."""

    IDENTITY_QUALIFY = "identity:qualify"
    """See and raise the status of an identity: documents checked, doubtful, homonym."""

    NATIONAL_IDENTITY_RECORD = "national_identity:record"
    """Record or withdraw the national health number (INS) of a person; it is never shown."""

    IDENTITY_REVIEW = "identity:review"
    """Compare two identities received at one's own sites and decide if they are one person's."""

    IDENTITY_REVISE = "identity:revise"
    """Decide otherwise about two identities that were found to be two persons'."""

    IDENTITY_ERASE = "identity:erase"
    """Destroy the identity of a person received at one's own sites, for good, and certify it."""

    IDENTITY_CLEAN = "identity:clean"
    """Have the vault's files written anew, so that nothing erased is left in them."""

    IDENTITY_REMATCH = "identity:rematch"
    """Have all identities compared with each other again, opened in memory alone."""

    IDENTITY_WEIGHTS = "identity:weigh"
    """Have the weights of matching estimated from all identities, opened in memory alone."""

    CONSENT_TEMPLATE_READ = "consent_template:read"
    """Read the consent forms, what each question covers, and print them."""

    CONSENT_TEMPLATE_EDIT = "consent_template:edit"
    """Write consent forms, put them in use and retire them."""

    CONSENT_READ = "consent:read"
    """See what the participants of one's own sites have agreed to, refused and taken back."""

    CONSENT_EXPORT = "consent:export"
    """Write the consents of a whole cohort to a file: the command line alone."""

    CONSENT_RECORD = "consent:record"
    """Record a participant's signed form, at one's own site."""

    CONSENT_PROOF_READ = "consent:read_proof"
    """Open the scan of a signed form, which shows who signed: for a recorded reason."""

    CONSENT_CHECK = "consent:check"
    """Compare somebody else's record of a consent with its scan, at one's own site."""

    CONSENT_INFORM = "consent:inform"
    """Record that participants of one's own site were informed of a version of a form."""

    CONSENT_WITHDRAW = "consent:withdraw"
    """Record what a participant takes back or opposes, however it was said."""

    WITHDRAWAL_FOLLOW = "withdrawal:follow"
    """Follow a withdrawal: send the recall notices and the letter, note what was answered."""

    DOSSIER_READ = "dossier:read"
    """Read and print what the registry knows of a participant of one's own site, or of oneself."""

    DOSSIER_ANSWER = "dossier:answer"
    """Record that a participant asked for the dossier, and give a link to read it at home."""

    DOSSIER_UNLOCK = "dossier:unlock"
    """Try a link and its code: asked by the page itself, before anybody is known."""

    OPPOSITION_HANDLE = "opposition:handle"
    """See what participants of one's own sites opposed from home, confirm or answer it."""

    IMPORT_RUN = "import:run"
    """Take in files of participants or samples: the command line alone."""

    SAMPLE_READ = "sample:read"
    """See the samples of one's own sites, what is left in them and where they are."""

    KIT_PRINT = "kit:print"
    """Print kits in advance at one's own site, and see which of them wait to be used."""

    SAMPLE_REGISTER = "sample:register"
    """Register the tubes drawn from a participant of one's own site."""

    SAMPLE_IMPORT = "sample:import"
    """Take in tubes that existed before the registry did: the command line only."""

    SAMPLE_RECEIVE = "sample:receive"
    """Take tubes in at one's own site, and record that they were centrifuged or frozen."""

    SAMPLE_ALIQUOT = "sample:aliquot"
    """Divide a sample of one's own site, and take codes for labels printed in advance."""

    SAMPLE_MEASURE = "sample:measure"
    """Record what was measured of a sample of one's own site: concentration, purity, integrity."""

    SAMPLE_PLACE = "sample:place"
    """Put samples into the boxes of one's own site, and move them."""

    SAMPLE_CHECK_OUT = "sample:check_out"
    """Hand a sample of one's own site to somebody who works there, and take it back."""

    CART_USE = "cart:use"
    """Put tubes on the carts of one's own site and take them off; each act asks its own leave."""

    SAMPLE_DISPOSE = "sample:dispose"
    """Throw tubes of one's own site away; what a withdrawal wants destroyed takes a witness."""

    SAMPLE_RELEASE = "sample:release"
    """End the quarantine of a sample of one's own site once a consent allows keeping it again."""

    INCIDENT_READ = "incident:read"
    """See what went wrong with samples of one's own sites, and what was decided of them."""

    INCIDENT_REPORT = "incident:report"
    """Report that something went wrong with samples of one's own site: quarantine begins."""

    INCIDENT_DECIDE = "incident:decide"
    """Decide what becomes of samples that something went wrong with; never of one's own report."""

    SAMPLE_DESTROY = "sample:destroy"
    """Carry out an order to destroy a sample of one's own site, before a witness."""

    DESTRUCTION_WITNESS = "destruction:witness"
    """Bear witness to the destruction of a sample of one's own site; never to one's own act."""

    PARTNER_MANAGE = "partner:manage"
    """Say to which organisations tubes may be sent, and to which no longer."""

    SHIPMENT_READ = "shipment:read"
    """See the shipments that leave from one's own sites or go there, and their manifests."""

    SHIPMENT_PREPARE = "shipment:prepare"
    """Pack, seal and send tubes from one's own site, and take them back."""

    SHIPMENT_RECEIVE = "shipment:receive"
    """Take in at one's own site the tubes that another site sent there."""

    SHIPMENT_ACKNOWLEDGE = "shipment:acknowledge"
    """Record what a partner found in a bag: asked by the partner's page itself."""

    CUSTODY_READ = "custody:read"
    """Read the chain of custody of the samples of one's own sites, and print it."""

    CUSTODY_CORRECT = "custody:correct"
    """Undo the last act on a sample of one's own site, with a reason; the act stays readable."""

    DEFINED_ACT_EDIT = "defined_act:edit"
    """Define acts on samples beside those the registry knows, with their fields; retire them."""

    DEFINED_ACT_RECORD = "defined_act:record"
    """Record an act that an administrator defined on samples of one's own site."""

    VOCABULARY_EDIT = "vocabulary:edit"
    """Add terms of the place to the choices that people make, and say which are not offered."""

    STORAGE_READ = "storage:read"
    """See the rooms, freezers and boxes of one's own sites and what is in them."""

    STORAGE_MANAGE = "storage:manage"
    """Set up and move rooms, freezers, racks and boxes at one's own site."""

    PROBE_READ = "probe:read"
    """Take in the files of the temperature probes of one's own sites."""

    EXCURSION_DECIDE = "excursion:decide"
    """Decide of samples that were in a place of one's own site while it was out of its limits."""

    LABEL_PRINT = "label:print"
    """Print the labels of what one may see at one's own sites; each printing is recorded."""

    LABEL_SEND = "label:send"
    """Deliver labels to the printers that were set up: the worker process alone."""

    PRINTER_MANAGE = "printer:manage"
    """Set up the label printers of every site: to no other machine are labels ever sent."""

    LABEL_TEMPLATE_EDIT = "label_template:edit"
    """Write what labels look like and what they say, in tokens that name nobody."""

    PSEUDONYM_REVERSE = "pseudonym:reverse"
    """Learn which participant bears a code of an extract that somebody else asked for."""

    FOREIGN_PSEUDONYM_READ = "foreign_pseudonym:read"
    """See under which codes partners know a person of one's own site, and find one by such."""

    FOREIGN_PSEUDONYM_EDIT = "foreign_pseudonym:edit"
    """Record and retire partners' codes of persons of one's own site."""

    TASK_READ = "task:read"
    """See what runs in the background, how far it has come and how it ended."""

    TASK_REQUEST = "task:request"
    """Have the registry matched again, its keys wrapped again and the like, and cancel that."""

    TASK_RUN = "task:run"
    """Carry out background work: the worker process alone."""

    CONSENT_STANDING = "consent:stand"
    """Work out and compare what the consents come to for everybody: worker and command line."""

    KEYS_MANAGE = "keys:manage"
    """Add, promote and retire keys and bring everything under them: the command line only."""

    AUDIT_READ = "audit:read"
    """Read the journal of who did and saw what, at any site; it holds no identity."""

    AUDIT_VERIFY = "audit:verify"
    """Recompute the journal's chain and learn whether an entry was changed or removed."""

    LOOK_READ = "look:read"
    """See who looked at which participant's identity, when and why, and what is unusual in it."""

    LOOK_EXAMINE = "look:examine"
    """Note that something unusual was examined, with a remark; the note stays for good."""

    CONTACTS_EXPORT = "contacts:export"
    """Take names and addresses of one's own sites' participants away, in a sealed file."""

    CATALOGUE_COUNT = "catalogue:count"
    """Count participants and samples, with small groups hidden; never list any."""

    APPLICATION_MAKE = "application:make"
    """Write a request for an extract; change, send and withdraw one's own."""

    APPLICATION_READ = "application:read"
    """Follow one's own requests; data managers and the protection officer follow everybody's."""

    APPLICATION_EXAMINE = "application:examine"
    """See whom somebody else's request would reach, in numbers, and why others are left out."""

    APPLICATION_DECIDE = "application:decide"
    """Approve or refuse somebody else's request, with a reason; never one's own."""

    EXTRACT_PRODUCE = "extract:produce"
    """Have the extract of somebody else's approved request made; its content stays unseen."""

    EXTRACT_DOWNLOAD = "extract:download"
    """Take the extract of one's own request."""
