"""The one table of who may do what.

Each permission has its ways of being granted; a way is granted when all its
conditions hold.  A permission absent here is granted to nobody.
"""

from registry.access.permissions import Permission
from registry.access.predicates import (
    Predicate,
    at_site,
    is_a,
    is_not_recorder,
    is_not_requester,
    is_requester,
    is_signed_in,
    is_the_participant,
)
from registry.vocab.people import Role

Way = tuple[Predicate, ...]

POLICY: dict[Permission, tuple[Way, ...]] = {
    Permission.SIGN_IN: (),  # the sign-in page acts as the operator it is
    Permission.ACCOUNT_OWN: ((is_signed_in,),),
    Permission.HOME_OPEN: ((is_signed_in,),),
    Permission.ACCOUNT_MANAGE: ((is_a(Role.ADMIN),),),
    Permission.PROTOCOL_EDIT: ((is_a(Role.DATA_MANAGER),),),
    Permission.PARTICIPANT_READ: (
        (at_site(Role.NURSE),),
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
        (at_site(Role.IDENTITY_OFFICER),),
    ),
    Permission.PARTICIPANT_ENROL: ((at_site(Role.NURSE),),),
    Permission.VISIT_RECORD: ((at_site(Role.NURSE),),),
    Permission.IDENTITY_SEARCH: ((is_a(Role.NURSE),), (is_a(Role.IDENTITY_OFFICER),)),
    Permission.IDENTITY_ENROL: ((at_site(Role.NURSE),),),
    Permission.IDENTITY_REVEAL: (
        (at_site(Role.NURSE),),
        (at_site(Role.IDENTITY_OFFICER),),
    ),
    Permission.IDENTITY_AMEND: ((at_site(Role.NURSE),), (at_site(Role.IDENTITY_OFFICER),)),
    Permission.IDENTITY_QUALIFY: ((at_site(Role.NURSE),), (at_site(Role.IDENTITY_OFFICER),)),
    Permission.NATIONAL_IDENTITY_RECORD: (
        (at_site(Role.NURSE),),
        (at_site(Role.IDENTITY_OFFICER),),
    ),
    Permission.IDENTITY_REVIEW: (
        (at_site(Role.NURSE),),
        (at_site(Role.IDENTITY_OFFICER),),
    ),
    Permission.IDENTITY_REVISE: ((at_site(Role.IDENTITY_OFFICER),),),
    Permission.IDENTITY_ERASE: ((at_site(Role.DPO),),),
    Permission.IDENTITY_CLEAN: (
        (is_a(Role.DPO),),
        (is_a(Role.IDENTITY_OFFICER),),
        (is_a(Role.ADMIN),),
    ),
    Permission.IDENTITY_REMATCH: ((is_a(Role.IDENTITY_OFFICER),),),
    Permission.IDENTITY_WEIGHTS: ((is_a(Role.IDENTITY_OFFICER),),),
    Permission.CONSENT_TEMPLATE_READ: (
        (is_a(Role.NURSE),),
        (is_a(Role.DATA_MANAGER),),
        (is_a(Role.DPO),),
    ),
    Permission.CONSENT_TEMPLATE_EDIT: ((is_a(Role.DATA_MANAGER),),),
    Permission.CONSENT_READ: (
        (at_site(Role.NURSE),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
    ),
    Permission.CONSENT_EXPORT: (),  # the operator of the command line
    Permission.CONSENT_RECORD: ((at_site(Role.NURSE),),),
    Permission.CONSENT_PROOF_READ: ((at_site(Role.NURSE),), (at_site(Role.DPO),)),
    Permission.CONSENT_CHECK: (
        (at_site(Role.NURSE), is_not_recorder),
        (at_site(Role.DPO), is_not_recorder),
    ),
    Permission.CONSENT_INFORM: ((at_site(Role.NURSE),), (at_site(Role.DATA_MANAGER),)),
    Permission.CONSENT_WITHDRAW: (
        (at_site(Role.NURSE),),
        (at_site(Role.DPO),),
        (is_the_participant,),
    ),
    Permission.WITHDRAWAL_FOLLOW: (
        (at_site(Role.NURSE),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
    ),
    Permission.DOSSIER_READ: (
        (at_site(Role.NURSE),),
        (at_site(Role.DPO),),
        (is_the_participant,),
    ),
    Permission.DOSSIER_ANSWER: ((at_site(Role.NURSE),), (at_site(Role.DPO),)),
    Permission.DOSSIER_UNLOCK: (),  # the page for participants acts as the operator it is
    Permission.OPPOSITION_HANDLE: ((at_site(Role.NURSE),), (at_site(Role.DPO),)),
    Permission.IMPORT_RUN: (),  # the command line alone, as the operator it is
    Permission.SAMPLE_READ: (
        (at_site(Role.NURSE),),
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
    ),
    Permission.KIT_PRINT: ((at_site(Role.NURSE),), (at_site(Role.TECHNICIAN),)),
    Permission.SAMPLE_REGISTER: ((at_site(Role.NURSE),),),
    Permission.SAMPLE_IMPORT: (),  # the operator of the command line
    Permission.SAMPLE_RECEIVE: ((at_site(Role.TECHNICIAN),),),
    Permission.SAMPLE_ALIQUOT: ((at_site(Role.TECHNICIAN),),),
    Permission.SAMPLE_MEASURE: ((at_site(Role.TECHNICIAN),),),
    Permission.SAMPLE_PLACE: ((at_site(Role.TECHNICIAN),),),
    Permission.SAMPLE_CHECK_OUT: ((at_site(Role.TECHNICIAN),),),
    Permission.CART_USE: ((at_site(Role.TECHNICIAN),),),
    Permission.SAMPLE_DISPOSE: ((at_site(Role.TECHNICIAN),),),
    Permission.SAMPLE_RELEASE: ((at_site(Role.DATA_MANAGER),), (at_site(Role.DPO),)),
    Permission.INCIDENT_READ: (
        (at_site(Role.NURSE),),
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
    ),
    Permission.INCIDENT_REPORT: (
        (at_site(Role.NURSE),),
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.DATA_MANAGER),),
    ),
    Permission.INCIDENT_DECIDE: ((at_site(Role.TECHNICIAN),), (at_site(Role.DATA_MANAGER),)),
    Permission.SAMPLE_DESTROY: ((at_site(Role.TECHNICIAN),),),
    Permission.DESTRUCTION_WITNESS: (
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.NURSE),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
    ),
    Permission.PARTNER_MANAGE: ((is_a(Role.DATA_MANAGER),),),
    Permission.SHIPMENT_READ: (
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
    ),
    Permission.SHIPMENT_PREPARE: ((at_site(Role.TECHNICIAN),),),
    Permission.SHIPMENT_RECEIVE: ((at_site(Role.TECHNICIAN),),),
    Permission.SHIPMENT_ACKNOWLEDGE: (),  # the page for partners acts as the operator it is
    Permission.CUSTODY_READ: (
        (at_site(Role.NURSE),),
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
    ),
    Permission.CUSTODY_CORRECT: ((at_site(Role.TECHNICIAN),),),
    Permission.DEFINED_ACT_EDIT: ((is_a(Role.ADMIN),),),
    Permission.DEFINED_ACT_RECORD: ((at_site(Role.TECHNICIAN),),),
    Permission.VOCABULARY_EDIT: ((is_a(Role.ADMIN),),),
    Permission.STORAGE_READ: ((at_site(Role.TECHNICIAN),), (at_site(Role.DATA_MANAGER),)),
    Permission.STORAGE_MANAGE: ((at_site(Role.TECHNICIAN),),),
    Permission.PROBE_READ: ((at_site(Role.TECHNICIAN),), (at_site(Role.DATA_MANAGER),)),
    Permission.EXCURSION_DECIDE: ((at_site(Role.TECHNICIAN),), (at_site(Role.DATA_MANAGER),)),
    Permission.LABEL_PRINT: (
        (at_site(Role.NURSE),),
        (at_site(Role.TECHNICIAN),),
        (at_site(Role.DATA_MANAGER),),
        (at_site(Role.DPO),),
        (at_site(Role.IDENTITY_OFFICER),),
    ),
    Permission.LABEL_SEND: (),  # the worker, as the operator it is
    Permission.PRINTER_MANAGE: ((is_a(Role.ADMIN),),),
    Permission.LABEL_TEMPLATE_EDIT: ((is_a(Role.ADMIN),),),
    Permission.PSEUDONYM_REVERSE: ((is_a(Role.IDENTITY_OFFICER), is_not_requester),),
    Permission.FOREIGN_PSEUDONYM_READ: (
        (at_site(Role.NURSE),),
        (at_site(Role.IDENTITY_OFFICER),),
    ),
    Permission.FOREIGN_PSEUDONYM_EDIT: (
        (at_site(Role.NURSE),),
        (at_site(Role.IDENTITY_OFFICER),),
    ),
    Permission.TASK_READ: ((is_a(Role.IDENTITY_OFFICER),), (is_a(Role.ADMIN),)),
    Permission.TASK_REQUEST: ((is_a(Role.IDENTITY_OFFICER),), (is_a(Role.ADMIN),)),
    Permission.TASK_RUN: (),  # the worker, as the operator it is
    Permission.CONSENT_STANDING: (),  # the worker and the command line, as the operator they are
    Permission.KEYS_MANAGE: (),  # the command line and its worker, as the operator they are
    Permission.AUDIT_READ: ((is_a(Role.DPO),),),
    Permission.AUDIT_VERIFY: ((is_a(Role.DPO),), (is_a(Role.ADMIN),)),
    Permission.LOOK_READ: ((is_a(Role.DPO),),),
    Permission.LOOK_EXAMINE: ((is_a(Role.DPO),),),
    Permission.CONTACTS_EXPORT: ((at_site(Role.IDENTITY_OFFICER),),),
    Permission.CATALOGUE_COUNT: ((is_a(Role.INVESTIGATOR),), (is_a(Role.DATA_MANAGER),)),
    Permission.APPLICATION_MAKE: ((is_a(Role.INVESTIGATOR), is_requester),),
    Permission.APPLICATION_READ: (
        (is_a(Role.INVESTIGATOR), is_requester),
        (is_a(Role.DATA_MANAGER),),
        (is_a(Role.DPO),),
    ),
    Permission.APPLICATION_EXAMINE: ((is_a(Role.DATA_MANAGER), is_not_requester),),
    Permission.APPLICATION_DECIDE: ((is_a(Role.DATA_MANAGER), is_not_requester),),
    Permission.EXTRACT_PRODUCE: ((is_a(Role.DATA_MANAGER), is_not_requester),),
    Permission.EXTRACT_DOWNLOAD: ((is_a(Role.INVESTIGATOR), is_requester),),
}
