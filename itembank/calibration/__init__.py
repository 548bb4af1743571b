"""Calibration: item parameters from responses, by marginal maximum likelihood."""
