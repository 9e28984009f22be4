"""What every room stands on: refusals, numbers, hyperparameters, the two questions, files. No interpreter."""
