"""Partners' APIs: what a thin webhook left out is asked for here."""
