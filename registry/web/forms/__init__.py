"""Forms: labels, hints and widgets; what is valid is said by the schemas alone."""
