"""Claims and what becomes of them: those that were tried before, and the conditions of the literature."""

from __future__ import annotations

TRIED = (
    ("dirac + gp | simgd", "stable iff h f1^2 < gamma and 4 - 2 gamma h + f1^2 h^2 > 0", "proved"),
    ("dirac + gp | simgd", "gamma^2 <= 4 f1^2 and h f1^2 < gamma implies stable", "proved"),
    ("dirac + gp | simgd", "h f1^2 < gamma implies stable", "refuted"),
    (
        "dirac + gp | simgd",
        "gamma^2 > 4 f1^2 implies (stable iff h f1^2 < gamma - sqrt(gamma^2 - 4 f1^2))",
        "proved",
    ),
    ("dirac + gp | altgd", "stable iff f1^2 h^2 + 2 gamma h < 4", "refuted"),
    ("dirac + gp | altgd", "gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)", "proved"),
    ("dirac + gp | altgd", "h < 1 and gamma < 1 implies stable", "refuted"),
    ("dirac + gp | altgd", "h < 1 and 0 < gamma < 1 implies stable", "proved"),
    ("dirac(loss=germ) + gp | altgd", "h < 1 and 0 < gamma < 1 implies stable", "refuted"),
    ("dirac | alternating:heavy-ball", "stable iff -1 < beta < 0 and f1^2 h^2 < 4(1+beta)^2", "proved"),
    ("dirac(loss=germ) | alternating:heavy-ball", "beta >= 0 implies not stable", "proved"),
    ("dirac(loss=germ) | heavy-ball", "not stable", "proved"),
    ("dirac | ogda", "stable iff 3 f1^2 h^2 < 1", "proved"),
    ("dirac | ogda", "25 f1^2 h^2 <= 9 implies stable", "refuted"),
    ("dirac | alternating:ogda", "stable iff 9 f1^2 h^2 < 4", "proved"),
    ("dirac + consensus | simgd", "stable iff h(1 + gamma^2 f1^2) < 2 gamma", "proved"),
    (
        "dirac + consensus | altgd",
        "f1 > 0 implies (stable iff gamma > 0 and h f1 < 2 - h gamma f1^2)",
        "proved",
    ),
    ("dirac + consensus | altgd", "h gamma f1^2 < 2 implies stable", "refuted"),
    ("dirac | rk4", "stable iff f1^2 h^2 < 8", "proved"),
    ("dirac | rk3", "stable iff f1^2 h^2 < 3", "proved"),
    ("dirac(loss=germ) | rk2", "not stable", "proved"),
    ("dirac | lookahead(k=2):simgd", "stable iff slow f1^2 h^2 < 2 - 4 slow", "proved"),
    ("dirac(loss=germ) | lookahead:simgd", "slow < 4/5 implies stable", "refuted"),
    ("dirac(loss=germ) | lookahead:simgd", "slow >= 4/5 implies not stable", "proved"),
    ("dirac(loss=germ) + gp | cgd", "gamma > 0 implies stable", "refuted"),
    ("dirac + nk | simgd", "stable iff h < 2 eta and 4 - 4 eta f1^2 h + f1^2 h^2 > 0", "proved"),
    (
        "dirac + gp | simgd(h.g=h_g, h.d=h_d)",
        "stable iff h_g f1^2 < gamma and 4 - 2 h_d gamma + h_g h_d f1^2 > 0",
        "proved",
    ),
    ("dirac(loss=germ) + gp | heavy-ball", "beta >= 1 implies not stable", "proved"),
    ("dirac(loss=germ) + gp | heavy-ball", "gamma = 0 implies not stable", "proved"),
    ("dirac(loss=germ) + gp | implicit", "stable", "proved"),
    (
        "icr | simgd(h.x=h_x, h.y=h_y)",
        "stable iff 48 h_x h_y < h_x - h_y and 1 - h_x + h_y + 24 h_x h_y > 0",
        "proved",
    ),
)
"""About every loss that may be, but where one is `gan`."""

PUBLISHED = {
    "A17 as printed": (
        "dirac + gp | altgd(h.g=h_g, h.d=h_d)",
        "stable iff h_g h_d f1^2 < 4 - 2 h_d gamma",
        "refuted",
    ),
    "A17": (
        "dirac + gp | altgd(h.g=h_g, h.d=h_d)",
        "stable iff gamma > 0 and h_g h_d f1^2 < 4 - 2 h_d gamma",
        "proved",
    ),
    "A19": ("dirac + consensus | simgd", "stable iff h < 2 gamma/(1 + gamma^2 f1^2)", "proved"),
    "A22": ("dirac + gp | flow(tau.d=tau)", "stable iff gamma > 0", "proved"),
    "A22 slow": (
        "dirac + gp | flow(tau.d=tau)",
        "tau gamma^2 <= 4 f1^2 implies rate = -tau gamma/2",
        "proved",
    ),
    "A22 fast": (
        "dirac + gp | flow(tau.d=tau)",
        "tau gamma^2 > 4 f1^2 implies rate > -tau gamma/2",
        "proved",
    ),
    "B05b": ("dirac(loss=wgan) + nk | flow", "eta > 0 iff stable", "proved"),
    "B03": ("dirac + nk | flow", "eta^2 f1^2 <= 1 implies rate = -eta f1^2", "proved"),
    "C03": ("dirac | lcgd", "stable iff h^2 f1^2 < 1", "proved"),
    "C03 extragradient": ("dirac | extragradient", "stable iff h^2 f1^2 < 1", "proved"),
    "C04": ("dirac | sga:simgd", "stable iff h (1 + lam^2 f1^2) < 2 lam", "proved"),
    "C06": ("dirac | generalised-eg", "stable iff h (1 + e^2 f1^2) < 2 e", "proved"),
    "C05": ("dirac | ogda", "stable iff h abs(f1) < 1/sqrt(3)", "proved"),
    "C07": ("dirac(loss=germ) | implicit", "stable", "proved"),
    "C08": ("dirac(loss=germ) | heavy-ball(beta.g=b1, beta.d=b2)", "not stable", "proved"),
    "C09": (
        "bilinear(alpha=1) | alternating:heavy-ball(beta.x=b1, beta.y=b2)",
        "stable iff abs(b1 b2) < 1 and abs(2 - h^2 + b1 + b2) < 3 + b1 b2 and "
        "4(1 + b1)(1 + b2) > h^2 and h^2 b1 b2 < (1 - b1 b2)(2 b1 b2 - b1 - b2)",
        "proved",
    ),
    "C09 below 0": (
        "bilinear(alpha=1) | alternating:heavy-ball(beta.x=b1, beta.y=b2)",
        "-1 < b1 < 0 and -1 < b2 < 0 implies (stable iff h < 2 sqrt((1 + b1)(1 + b2)))",
        "proved",
    ),
    "C17": (
        "dirac | unrolled(unroll=3):simgd",
        "stable iff h < 6 e and 4 - 12 h e f1^2 + h^2 f1^2 > 0",
        "proved",
    ),
    "C18 Jacobi": (
        "bilinear(alpha=1) | generalised-ogda(past.x=b1, past.y=b2)",
        "stable iff (h - b1)(h - b2) > 0 and (h + b1)(h + b2) > -4 and abs(b1 b2) < 1 and "
        "h^2 (b1^2 + 1)(b2^2 + 1) < (b1 b2 + 1)(2 h (b1 + b2) + b1 b2 (b1 b2 - 3))",
        "proved",
    ),
    "C18 as printed": (
        "bilinear(alpha=1) | alternating:generalised-ogda(past.x=b1, past.y=b2)",
        "stable iff (h - b1)(h - b2) > 0 and (h + b1)(h + b2) < 4 and (h b1 + 1)(h b2 + 1) > (1 + b1 b2)^2",
        "refuted",
    ),
    "C18": (
        "bilinear(alpha=1) | alternating:generalised-ogda(past.x=b1, past.y=b2)",
        "stable iff abs(b1 b2) < 1 and (h - b1)(h - b2) > 0 and (h + b1)(h + b2) < 4 and "
        "(h b1 + 1)(h b2 + 1) > (1 + b1 b2)^2",
        "proved",
    ),
    "C19": ("bilinear(alpha=1) | generalised-eg(h=a, e=b)", "stable iff a(1 + b^2) < 2 b", "proved"),
    "C19 in turn": (
        "bilinear(alpha=1) | alternating:generalised-eg",
        "h e = 3/2 implies (stable iff h^2 < 1/4)",
        "proved",
    ),
    "C19 at once": (
        "bilinear(alpha=1) | generalised-eg",
        "h e = 3/2 implies (stable iff h^2 < 3/4)",
        "proved",
    ),
    "C23": ("dirac | anchored:simgd", "stable iff h^2 f1^2 < 2 kappa - kappa^2", "proved"),
    "C30": ("dirac | generalised-ogda", "0 <= past <= h/3 implies not stable", "proved"),
    "C32": (
        "dirac + consensus | altgd",
        "stable iff abs(1 - h gamma f1^2) < 1 and h abs(f1) < 2 - h gamma f1^2",
        "proved",
    ),
}
"""By the letter and number of the fact that says so; two are wrong as they were once printed."""
