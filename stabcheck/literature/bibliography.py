"""The works that declarations and claims name as their sources, with what a list of references needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SPECIAL = re.compile(r"[&%$#_{}]")


@dataclass(frozen=True)
class Entry:
    """One work.

    Attributes:
        key: by which it is cited.
        authors: `Family, Given` each; a last one called `others` stands for those not named.
        title, year: as published.
        eprint: its arXiv number, where it has one.
        venue: where it appeared, else.
    """

    key: str
    authors: tuple[str, ...]
    title: str
    year: int
    eprint: str = ""
    venue: str = ""

    @property
    def names(self) -> str:
        """The opening words by which sources name a work without an arXiv number."""
        families = [author.partition(",")[0] for author in self.authors]
        listed = f"{', '.join(families[:-1])} & {families[-1]}" if len(families) > 1 else families[0]
        return f"{listed} {self.year}"

    @property
    def bibtex(self) -> str:
        """The entry for a BibTeX file."""
        where = (
            {"eprint": self.eprint, "archivePrefix": "arXiv"}
            if self.eprint
            else {"howpublished": _tex(self.venue)}
        )
        fields = {
            "author": " and ".join(self.authors),
            "title": f"{{{_tex(self.title)}}}",
            "year": str(self.year),
            **where,
        }
        body = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items() if text)
        return f"@misc{{{self.key},\n{body}\n}}"

    @property
    def latex(self) -> str:
        """The text of a `\\bibitem`."""
        people = [_in_order(author) for author in self.authors]
        *first, last = people
        listed = last if not first else f"{', '.join(first)} {'et al' if last == 'others' else f'and {last}'}"
        where = f"arXiv:{self.eprint}, " if self.eprint else f"{_tex(self.venue)}, " if self.venue else ""
        return rf"{listed}. \emph{{{_tex(self.title)}}}. {where}{self.year}."


def entries(source: str) -> tuple[Entry, ...]:
    """The works that a source names, in the order of the table; none for what is derived by hand."""
    return tuple(e for e in WORKS if (f"arXiv:{e.eprint}" in source if e.eprint else source_names(source, e)))


def source_names(source: str, entry: Entry) -> bool:
    """Whether one of the works named, separated by semicolons, opens with the entry's authors."""
    return any(part.strip().startswith(entry.names) for part in source.split(";"))


def cited(sources: Iterable[str]) -> tuple[Entry, ...]:
    """The works that several sources name, each once."""
    works = {e.key: e for source in sources for e in entries(source)}
    return tuple(works[key] for key in sorted(works))


def _in_order(author: str) -> str:
    family, _, given = author.partition(", ")
    return f"{given} {family}".strip()


def _tex(text: str) -> str:
    return SPECIAL.sub(lambda match: f"\\{match[0]}", text)


def _arxiv(eprint: str, year: int, title: str, *authors: str) -> Entry:
    family = authors[0].partition(",")[0].lower()
    plain = family.translate(str.maketrans({"ä": "ae", "ø": "oe", " ": "", "-": ""}))
    return Entry(f"{plain}{eprint.replace('.', '-')}", authors, title, year, eprint)


WORKS = (
    _arxiv(
        "1406.2661", 2014, "Generative Adversarial Networks",
        "Goodfellow, Ian J.", "Pouget-Abadie, Jean", "Mirza, Mehdi", "Xu, Bing", "Warde-Farley, David",
        "Ozair, Sherjil", "Courville, Aaron", "Bengio, Yoshua",
    ),
    _arxiv("1412.6980", 2015, "Adam: A Method for Stochastic Optimization",
           "Kingma, Diederik P.", "Ba, Jimmy"),
    _arxiv(
        "1503.02531", 2015, "Distilling the Knowledge in a Neural Network",
        "Hinton, Geoffrey", "Vinyals, Oriol", "Dean, Jeff",
    ),
    _arxiv(
        "1311.1869", 2013, "Optimization, Learning, and Games with Predictable Sequences",
        "Rakhlin, Alexander", "Sridharan, Karthik",
    ),
    _arxiv(
        "1606.00709", 2016,
        "f-GAN: Training Generative Neural Samplers using Variational Divergence Minimization",
        "Nowozin, Sebastian", "Cseke, Botond", "Tomioka, Ryota",
    ),
    _arxiv("1606.03498", 2016, "Improved Techniques for Training GANs", "Salimans, Tim", "others"),
    _arxiv(
        "1610.04490", 2017, "Amortised MAP Inference for Image Super-resolution",
        "Sønderby, Casper Kaae", "others",
    ),
    _arxiv("1611.01673", 2017, "Generative Multi-Adversarial Networks",
           "Durugkar, Ishan", "Gemp, Ian", "Mahadevan, Sridhar"),
    _arxiv(
        "1611.02163", 2017, "Unrolled Generative Adversarial Networks",
        "Metz, Luke", "Poole, Ben", "Pfau, David", "Sohl-Dickstein, Jascha",
    ),
    _arxiv("1611.04076", 2017, "Least Squares Generative Adversarial Networks", "Mao, Xudong", "others"),
    _arxiv(
        "1612.02136", 2017, "Mode Regularized Generative Adversarial Networks",
        "Che, Tong", "Li, Yanran", "Jacob, Athul Paul", "Bengio, Yoshua", "Li, Wenjie",
    ),
    _arxiv("1701.07875", 2017, "Wasserstein GAN",
           "Arjovsky, Martin", "Chintala, Soumith", "Bottou, Léon"),
    _arxiv("1702.08398", 2017, "McGan: Mean and Covariance Feature Matching GAN",
           "Mroueh, Youssef", "Sercu, Tom", "Goel, Vaibhava"),
    _arxiv(
        "1704.00028", 2017, "Improved Training of Wasserstein GANs",
        "Gulrajani, Ishaan", "Ahmed, Faruk", "Arjovsky, Martin", "Dumoulin, Vincent", "Courville, Aaron",
    ),
    _arxiv("1704.02906", 2018, "Multi-Agent Diverse Generative Adversarial Networks",
           "Ghosh, Arnab", "others"),
    _arxiv("1705.02894", 2017, "Geometric GAN", "Lim, Jae Hyun", "Ye, Jong Chul"),
    _arxiv(
        "1705.07215", 2017, "On Convergence and Stability of GANs",
        "Kodali, Naveen", "Abernethy, Jacob", "Hays, James", "Kira, Zsolt",
    ),
    _arxiv("1705.10461", 2017, "The Numerics of GANs",
           "Mescheder, Lars", "Nowozin, Sebastian", "Geiger, Andreas"),
    _arxiv(
        "1706.03269", 2018, "An Online Learning Approach to Generative Adversarial Networks",
        "Grnarova, Paulina", "Levy, Kfir Y.", "Lucchi, Aurelien", "Hofmann, Thomas", "Krause, Andreas",
    ),
    _arxiv("1706.04156", 2017, "Gradient descent GAN optimization is locally stable",
           "Nagarajan, Vaishnavh", "Kolter, J. Zico"),
    _arxiv(
        "1706.08500", 2017,
        "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
        "Heusel, Martin", "others",
    ),
    _arxiv("1709.04326", 2018, "Learning with Opponent-Learning Awareness",
           "Foerster, Jakob N.", "others"),
    _arxiv(
        "1711.00141", 2018, "Training GANs with Optimism",
        "Daskalakis, Constantinos", "Ilyas, Andrew", "Syrgkanis, Vasilis", "Zeng, Haoyang",
    ),
    _arxiv("1801.04406", 2018, "Which Training Methods for GANs do actually Converge?",
           "Mescheder, Lars", "Geiger, Andreas", "Nowozin, Sebastian"),
    _arxiv(
        "1802.01765", 2018,
        "Training Generative Adversarial Networks via Primal-Dual Subgradient Methods: A Lagrangian"
        " Perspective on GAN",
        "Chen, Xu", "Wang, Jiang", "Ge, Hao",
    ),
    _arxiv("1802.05642", 2018, "The Mechanics of n-Player Differentiable Games",
           "Balduzzi, David", "others"),
    _arxiv(
        "1802.10551", 2019, "A Variational Inequality Perspective on Generative Adversarial Networks",
        "Gidel, Gauthier", "Berard, Hugo", "Vignoud, Gaëtan", "Vincent, Pascal", "Lacoste-Julien, Simon",
    ),
    _arxiv("1806.04498", 2019, "The Unusual Effectiveness of Averaging in GAN Training",
           "Yazici, Yasin", "others"),
    _arxiv("1807.00734", 2019, "The relativistic discriminator: a key element missing from standard GAN",
           "Jolicoeur-Martineau, Alexia"),
    _arxiv("1807.04740", 2019, "Negative Momentum for Improved Game Dynamics",
           "Gidel, Gauthier", "others"),
    _arxiv(
        "1810.02528", 2018,
        "Local Stability and Performance of Simple Gradient Penalty mu-Wasserstein GAN",
        "Kim, Cheolhyeong", "Park, Seungtae", "Hwang, Hyung Ju",
    ),
    _arxiv("1811.08469", 2019, "Stable Opponent Shaping in Differentiable Games",
           "Letcher, Alistair", "others"),
    _arxiv("1905.10899", 2019,
           "ODE Analysis of Stochastic Gradient Methods with Optimism and Anchoring for Minimax Problems",
           "Ryu, Ernest K.", "Yuan, Kun", "Yin, Wotao"),
    _arxiv("1905.12103", 2019, "Competitive Gradient Descent", "Schäfer, Florian", "Anandkumar, Anima"),
    _arxiv(
        "1907.08610", 2019, "Lookahead Optimizer: k steps forward, 1 step back",
        "Zhang, Michael R.", "Lucas, James", "Hinton, Geoffrey", "Ba, Jimmy",
    ),
    _arxiv("1908.05699", 2020, "Convergence of Gradient Methods on Bilinear Zero-Sum Games",
           "Zhang, Guojun", "Yu, Yaoliang"),
    _arxiv("1910.05852", 2020, "Implicit competitive regularization in GANs",
           "Schäfer, Florian", "Zheng, Hongkai", "Anandkumar, Anima"),
    _arxiv(
        "1912.04958", 2020, "Analyzing and Improving the Image Quality of StyleGAN",
        "Karras, Tero", "Laine, Samuli", "Aittala, Miika", "Hellsten, Janne", "Lehtinen, Jaakko",
        "Aila, Timo",
    ),
    _arxiv("2006.14567", 2021, "Taming GANs with Lookahead-Minmax", "Chavdarova, Tatjana", "others"),
    _arxiv("2010.15040", 2020,
           "Training Generative Adversarial Networks by Solving Ordinary Differential Equations",
           "Qin, Chongli", "others"),
    _arxiv("2104.03310", 2021, "Regularizing Generative Adversarial Networks under Limited Data",
           "Tseng, Hung-Yu", "others"),
    _arxiv("2501.05441", 2024, "The GAN is dead; long live the GAN! A Modern GAN Baseline",
           "Huang, Yiwen", "Gokaslan, Aaron", "Kuleshov, Volodymyr", "Tompkin, James"),
    Entry("borkar1997", ("Borkar, Vivek S.",), "Stochastic approximation with two time scales", 1997,
          venue="Systems & Control Letters 29"),
    Entry("floquet1883", ("Floquet, Gaston",),
          "Sur les équations différentielles linéaires à coefficients périodiques", 1883,
          venue="Annales scientifiques de l'École Normale Supérieure 12"),
    Entry("hairer1993", ("Hairer, Ernst", "Nørsett, Syvert P.", "Wanner, Gerhard"),
          "Solving Ordinary Differential Equations I: Nonstiff Problems", 1993, venue="Springer"),
    Entry("korpelevich1976", ("Korpelevich, Galina M.",),
          "The extragradient method for finding saddle points and other problems", 1976,
          venue="Matecon 12"),
    Entry("krogh1991", ("Krogh, Anders", "Hertz, John A."),
          "A Simple Weight Decay Can Improve Generalization", 1991,
          venue="Advances in Neural Information Processing Systems 4"),
    Entry("kutta1901", ("Kutta, Wilhelm",),
          "Beitrag zur näherungsweisen Integration totaler Differentialgleichungen", 1901,
          venue="Zeitschrift für Mathematik und Physik 46"),
    Entry("nesterov1983", ("Nesterov, Yurii",),
          "A method for solving the convex programming problem with convergence rate O(1/k²)",
          1983, venue="Doklady Akademii Nauk SSSR 269"),
    Entry("polyak1964", ("Polyak, Boris T.",),
          "Some methods of speeding up the convergence of iteration methods", 1964,
          venue="USSR Computational Mathematics and Mathematical Physics 4"),
    Entry("rockafellar1976", ("Rockafellar, R. Tyrrell",),
          "Monotone operators and the proximal point algorithm", 1976,
          venue="SIAM Journal on Control and Optimization 14"),
    Entry("rosenbrock1963", ("Rosenbrock, Howard H.",),
          "Some general implicit processes for the numerical solution of differential equations", 1963,
          venue="The Computer Journal 5"),
    Entry("tieleman2012", ("Tieleman, Tijmen", "Hinton, Geoffrey"),
          "Lecture 6.5: RMSProp: Divide the gradient by a running average of its recent magnitude", 2012,
          venue="Neural Networks for Machine Learning, Coursera"),
    Entry("zhang2010", ("Zhang, Chongjie", "Lesser, Victor"),
          "Multi-Agent Learning with Policy Prediction", 2010,
          venue="AAAI Conference on Artificial Intelligence"),
)  # fmt: skip
