"""Factories make a thing in a state, through the services that people use."""
