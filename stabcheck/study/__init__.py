"""Many questions at once: samples of the registry, comparisons, tables."""
