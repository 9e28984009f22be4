"""The consensus field on the Dirac-GAN, typed by hand, with a mistake that is in circulation."""

import numpy as np


def field(theta, psi, gamma):
    """`v - gamma grad |v|^2/2`, but for a half that does not belong there."""
    u = theta * psi
    f1 = 1 / (1 + np.exp(u))
    f2 = -f1 * (1 - f1)
    square = theta**2 + psi**2
    v_theta = -psi * f1 - gamma * (theta * f1**2 + 0.5 * psi * square * f1 * f2)
    v_psi = theta * f1 - gamma * (psi * f1**2 + 0.5 * theta * square * f1 * f2)
    return v_theta, v_psi
