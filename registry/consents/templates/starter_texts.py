"""The words of the starter forms, in each language.

They show what a form can hold; an ethics committee has the last word on what
an institute's own forms say.
"""

from collections.abc import Mapping

from registry.vocab.consent import Language

FR, EN = Language.FRENCH, Language.ENGLISH
#: The same thing said in each language.
Texts = Mapping[Language, str]

TITLES: Mapping[str, Texts] = {
    "BIOBANK": {
        FR: "Consentement à la biobanque de recherche",
        EN: "Consent to the research biobank",
    },
    "BIOBANK-MINOR": {
        FR: "Consentement à la biobanque de recherche pour un mineur",
        EN: "Consent to the research biobank for a minor",
    },
    "BIOBANK-PROTECTED": {
        FR: "Consentement à la biobanque de recherche pour un majeur protégé",
        EN: "Consent to the research biobank for a protected adult",
    },
    "GENETICS": {
        FR: "Consentement à l’examen génétique pour la recherche",
        EN: "Consent to genetic examination for research",
    },
    "NOTICE": {
        FR: "Information et non-opposition à la réutilisation pour la recherche",
        EN: "Information and non-opposition to reuse for research",
    },
}

#: By form variant and item code: adults speak for themselves, others are spoken for.
ADULT: Mapping[str, Texts] = {
    "biobank": {
        FR: (
            "J’accepte que des échantillons (sang, urine, tissus prélevés pour mes soins) et des "
            "données sur ma santé soient recueillis et conservés dans la biobanque de l’institut."
        ),
        EN: (
            "I agree that samples (blood, urine, tissue taken for my care) and data about my "
            "health are collected and kept in the institute’s biobank."
        ),
    },
    "research": {
        FR: (
            "J’accepte qu’ils servent, sous un code qui ne dit pas mon nom, à la recherche en "
            "santé de l’institut et des équipes publiques auxquelles il les confie."
        ),
        EN: (
            "I agree that they serve, under a code that does not tell my name, the health "
            "research of the institute and of the public teams to which it hands them."
        ),
    },
    "company": {
        FR: "J’accepte qu’une entreprise partenaire de l’institut les utilise pour cela.",
        EN: "I agree that a company that is a partner of the institute uses them for this.",
    },
    "outside_eu": {
        FR: "J’accepte qu’ils soient envoyés dans un pays hors de l’Union européenne.",
        EN: "I agree that they are sent to a country outside the European Union.",
    },
    "linkage": {
        FR: (
            "J’accepte que les données soient rapprochées de celles de l’assurance maladie et des "
            "registres de santé."
        ),
        EN: (
            "I agree that the data are linked with those of the health insurance and of health "
            "registries."
        ),
    },
    "genetics": {
        FR: "J’accepte que mes caractéristiques génétiques soient examinées pour cette recherche.",
        EN: "I agree that my genetic characteristics are examined for this research.",
    },
    "findings": {
        FR: (
            "Si l’examen montre par hasard un risque pour ma santé que l’on peut prévenir ou "
            "soigner, je souhaite qu’un médecin m’en parle."
        ),
        EN: (
            "If the examination happens to show a risk to my health that can be prevented or "
            "treated, I wish a physician to tell me."
        ),
    },
    "recontact": {
        FR: "J’accepte que l’on me contacte de nouveau pour une autre étude ou un prélèvement.",
        EN: "I agree to be contacted again about another study or another sample.",
    },
    "reuse": {
        FR: (
            "Ce qui reste des échantillons prélevés pour mes soins, et les données de mon "
            "dossier, peuvent être conservés et servir à la recherche publique en santé."
        ),
        EN: (
            "What is left of the samples taken for my care, and the data of my file, may be kept "
            "and serve public health research."
        ),
    },
    "reuse_company": {
        FR: "Une entreprise partenaire de l’institut peut aussi les utiliser pour cela.",
        EN: "A company that is a partner of the institute may use them for this as well.",
    },
}

MINOR: Mapping[str, Texts] = {
    "biobank": {
        FR: (
            "J’accepte que des échantillons de mon enfant et des données sur sa santé soient "
            "recueillis et conservés dans la biobanque de l’institut. Mon enfant a reçu une "
            "information adaptée à son âge et ne s’y oppose pas."
        ),
        EN: (
            "I agree that samples of my child and data about my child’s health are collected and "
            "kept in the institute’s biobank. My child was informed in words fit for their age "
            "and does not object."
        ),
    },
    "research": {
        FR: (
            "J’accepte qu’ils servent, sous un code qui ne dit pas son nom, à la recherche en "
            "santé de l’institut et des équipes publiques auxquelles il les confie."
        ),
        EN: (
            "I agree that they serve, under a code that does not tell my child’s name, the health "
            "research of the institute and of the public teams to which it hands them."
        ),
    },
    "company": ADULT["company"],
    "outside_eu": ADULT["outside_eu"],
    "genetics": {
        FR: (
            "J’accepte que les caractéristiques génétiques de mon enfant soient examinées pour "
            "cette recherche ; son propre accord a été recherché."
        ),
        EN: (
            "I agree that my child’s genetic characteristics are examined for this research; my "
            "child’s own agreement was sought."
        ),
    },
    "recontact": {
        FR: (
            "J’accepte que l’on nous contacte de nouveau, et mon enfant lui-même lorsqu’il sera "
            "majeur."
        ),
        EN: "I agree that we are contacted again, and my child in person once of age.",
    },
}

PROTECTED: Mapping[str, Texts] = {
    "biobank": {
        FR: (
            "J’accepte, au nom de la personne que je représente et après avoir recherché son "
            "accord, que ses échantillons et des données sur sa santé soient recueillis et "
            "conservés dans la biobanque de l’institut."
        ),
        EN: (
            "I agree, on behalf of the person whom I represent and after seeking their agreement, "
            "that their samples and data about their health are collected and kept in the "
            "institute’s biobank."
        ),
    },
    "research": {
        FR: (
            "J’accepte qu’ils servent, sous un code qui ne dit pas son nom, à la recherche en "
            "santé de l’institut et des équipes publiques auxquelles il les confie."
        ),
        EN: (
            "I agree that they serve, under a code that does not tell the person’s name, the "
            "health research of the institute and of the public teams to which it hands them."
        ),
    },
    "company": ADULT["company"],
    "recontact": {
        FR: "J’accepte que l’on nous contacte de nouveau pour une autre étude.",
        EN: "I agree that we are contacted again about another study.",
    },
}
