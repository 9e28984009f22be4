"""A derivation as data: the steps from the losses to the verdict."""
