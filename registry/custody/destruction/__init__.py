"""Destroying samples on order: before a witness, with a certificate, and for good."""
