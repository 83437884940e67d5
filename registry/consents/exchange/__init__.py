"""Consents as other systems understand them: FHIR R4 Consent, out and in.

Always true here: a resource names the participant by the code and nobody by
name, and holds no scan; what is read is validated before anything is taken.
"""
