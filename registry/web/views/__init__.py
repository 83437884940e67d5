"""Views, one module per area of the registry: read, show, hand over to a service."""
