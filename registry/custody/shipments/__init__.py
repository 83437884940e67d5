"""Shipments of tubes to other sites and to partners: packed, sent, received, brought back."""
