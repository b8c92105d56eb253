r"""The same derivations in LaTeX, in the many ways in which people write it, to see that none of them is misread.

A step is written with its declarations in comments and every choice drawn: ``\frac`` or a slash, ``^\top`` or ``^T``,
bars of all kinds, fonts, spaces, brackets of several sizes. What comes of it has to be what comes of the text.
"""

from __future__ import annotations

import re
from random import Random

from tests.planted.grammar import Part, UnsupportedError
from tests.planted.settings import Step

GREEK = {"alpha", "beta", "gamma", "delta", "eta", "theta", "mu", "rho", "sigma", "tau", "omega", "lambda"}
GREEK |= {"Sigma", "Lambda", "Phi", "Delta"}
NAME = re.compile(r"([A-Za-z]+?)(hat|star)?(\d*)(?:_([A-Za-z0-9]+))?([~-]?)('*)")


class Writer:
    """Writes parts, each in a way that is drawn."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, *ways: str) -> str:
        return self.random.choice(ways)

    def name(self, word: str) -> str:
        match = NAME.fullmatch(word)
        if match is None or (match[3] and match[4]):
            raise UnsupportedError(word)
        letters, mark, number, below, accent, primes = match.groups()
        letters = "lambda" + letters[3:] if letters == "lam" else letters
        if letters in GREEK:
            plain = self.pick(
                rf"\{letters} ", rf"\boldsymbol\{letters} ", rf"{{\{letters}}}" if not mark else rf"\{letters} "
            )
        elif len(letters) == 1:
            plain = self.pick(letters, letters, rf"\mathbf{{{letters}}}", rf"\bm {letters}", rf"\boldsymbol {letters}")
        else:
            plain = rf"\mathrm{{{letters}}}"
        if plain.startswith("{"):
            plain = plain[1:-1] + " "
        plain = {"hat": rf"\hat{{{plain}}}", "star": rf"{plain}^\star "}.get(mark or "", plain)
        plain = {"~": rf"\tilde{{{plain}}}", "-": rf"\bar{{{plain}}}"}.get(accent, plain)
        index = number or below
        if index:
            plain += f"_{{{index}}}" if len(index) > 1 else self.pick(f"_{index} ", f"_{{{index}}}")
        return plain + primes

    def write(self, part: Part) -> str:
        return getattr(self, f"_{part.kind}")(part)  # type: ignore[no-any-return]

    def _number(self, part: Part) -> str:
        return part.word

    def _name(self, part: Part) -> str:
        return self.name(part.word)

    def _identity(self, part: Part) -> str:
        return self.pick(
            rf"I_{{{part.word}}}", rf"\mathbf{{I}}_{{{part.word}}}", rf"I_{{{part.word} \times {part.word}}}"
        )

    def _shaped(self, digit: str, part: Part) -> str:
        shape = part.word.replace("x", r" \times ") if len(part.word) > 1 else part.word
        return self.pick(rf"{digit}_{{{shape}}}", rf"\mathbf{{{digit}}}_{{{shape}}}", rf"\mathbf {digit}_{{{shape}}}")

    def _zeros(self, part: Part) -> str:
        return self._shaped("0", part)

    def _ones(self, part: Part) -> str:
        return self._shaped("1", part)

    def bracketed(self, text: str) -> str:
        left, right = self.random.choice(
            [
                ("(", ")"),
                (r"\left(", r"\right)"),
                (r"\bigl[", r"\bigr]"),
                ("[", "]"),
                (r"\big(", r"\big)"),
                (r"\{", r"\}"),
            ]
        )
        return f"{left} {text} {right}"

    def _brackets(self, part: Part) -> str:
        return self.bracketed(self.write(part.parts[0]))

    def _terms(self, part: Part) -> str:
        found = ""
        for sign, term in zip(part.word, part.parts, strict=True):
            found += f" {sign} {self.write(term)}"
        return found.strip()

    def _product(self, part: Part) -> str:
        found = self.write_factor(part.parts[0])
        for factor in part.parts[1:]:
            text = self.write_factor(factor)
            space = self.pick(" ", " ", r"\,", r" \, ", r" \cdot ") if not found[-1:].isalpha() else " "
            found += (r" \cdot " if text[:1].isdigit() else space) + text
        return found

    def write_factor(self, part: Part) -> str:
        """Write a factor: a slash in a product may mean two things."""
        return self._quotient(part, slash=False) if part.kind == "quotient" else self.write(part)

    def _quotient(self, part: Part, *, slash: bool = True) -> str:
        above, below = (self.write(one) for one in part.parts)
        if part.parts[0].kind == part.parts[1].kind == "number" and self.random.random() < 0.5:
            return self.pick(rf"\tfrac{above}{below}", rf"\frac {above} {below}", rf"\frac{{{above}}}{below}")
        if slash and self.random.random() < 0.3:
            return f"{above}/{below}"
        return self.pick(r"\frac", r"\dfrac", r"\tfrac") + f"{{{above}}}{{{below}}}"

    def _hadamard(self, part: Part) -> str:
        left, right = (self.write(one) for one in part.parts)
        return left + self.pick(r" \odot ", r" \circ ") + right

    def _T(self, part: Part) -> str:  # noqa: N802 - the name of a kind
        return self.write(part.parts[0]).rstrip() + self.pick(
            r"^\top ", "^T ", r"^{\top}", r"^{\mathsf T}", r"^\intercal ", r"^{\mathrm{T}}", r"{}^{\mathsf{T}}", r"^{T}"
        )

    def _power(self, part: Part) -> str:
        base = part.parts[0]
        if base.kind == "norm":
            inside = self.write(base.parts[0])
            left, right = self.random.choice(
                [
                    (r"\|", r"\|"),
                    ("||", "||"),
                    (r"\lVert ", r"\rVert"),
                    (r"\left\|", r"\right\|"),
                    (r"\left\lVert ", r"\right\rVert"),
                    (r"\Vert ", r"\Vert"),
                ]
            )
            return f"{left}{inside}{right}" + self.pick("^2", "_F^2", "^2_F", "_F^{2}", "_{F}^2", "^{2}")
        return self.write(base).rstrip() + self.pick(f"^{part.word} ", f"^{{{part.word}}}")

    def _inverse(self, part: Part) -> str:
        return self.write(part.parts[0]).rstrip() + "^{-1}"

    def _tr(self, part: Part) -> str:
        word = self.pick(r"\operatorname{tr}", r"\mathrm{Tr}", r"\text{tr}", r"\operatorname{Tr}", r"\mathrm{trace}")
        return word + self.bracketed(self.write(part.parts[0]))

    def _diag(self, part: Part) -> str:
        word = self.pick(r"\operatorname{diag}", r"\mathrm{diag}", r"\text{diag}")
        return word + self.bracketed(self.write(part.parts[0]))

    def _derivative(self, part: Part) -> str:
        of, by = part.parts[0], self.name(part.word)
        if of.kind == "name":
            text = self.name(of.word)
            return self.pick(
                rf"\nabla_{{{by}}} {text}",
                rf"\frac{{\partial {text}}}{{\partial {by}}}",
                rf"\frac{{\partial}}{{\partial {by}}} {text}",
                rf"\frac{{\partial{{{text}}}}}{{\partial{{{by}}}}}",
            )
        inside = self.bracketed(self.write(of))
        return self.pick(rf"\nabla_{{{by}}} ", rf"\frac{{\partial}}{{\partial {by}}} ") + inside

    def _mean(self, part: Part) -> str:
        inside = self.write(part.parts[0])
        left, right = self.random.choice([("[", "]"), (r"\left[", r"\right]"), ("(", ")"), (r"\bigl[", r"\bigr]")])
        return rf"\mathbb{{E}}_{{{self.name(part.word)}}}{left}{inside}{right}"

    def _entry(self, part: Part) -> str:
        of, names = part.parts[0], part.names
        if of.kind != "name" or not all(len(name) == 1 and name.isalpha() for name in names) or len(of.word) > 1:
            raise UnsupportedError("an entry of something else")
        return self.name(of.word).rstrip() + self.pick(f"_{{{''.join(names)}}}", f"_{{{','.join(names)}}}")

    def _sum(self, part: Part) -> str:
        found = ""
        for text in part.names:
            index, size = text.split("<")
            found += self.pick(
                rf"\sum_{{{index}=1}}^{size} ", rf"\sum_{{{index}=1}}^{{{size}}} ", rf"\sum^{size}_{{{index}=1}} "
            )
        return found + self.write(part.parts[0])

    def _other(self, part: Part) -> str:
        raise UnsupportedError(part.kind)

    _cells = _replaced = _norm = _other


def paper(step: Step, right: str, random: Random) -> str:
    """Return a step as a paper, with declarations in comments."""
    writer, read = Writer(random), step.setting.read
    if step.where:
        raise UnsupportedError("where")
    sides = [writer.write(read(side)) for side in (step.left, right)]
    opening, between, ending = random.choice(
        [
            ("\\begin{align}\n", " &= ", " \\label{eq:x}\n\\end{align}"),
            ("\\[ ", " = ", ". \\]"),
            ("$$\n\\begin{aligned}\n", "\n &= ", ", \\\\\n\\end{aligned}\n$$"),
            ("\\begin{equation*}\\begin{split}", " & = ", " \\end{split}\\end{equation*}"),
            ("\\begin{align*}", " \\\\ &= ", " && \\text{by the rule} \\\\ \\end{align*}"),
            ("\\begin{multline}", " \\\\ = ", " \\end{multline}"),
        ]
    )
    comments = "".join(f"% {line}\n" for line in step.setting.lines)
    return f"{comments}{opening}{sides[0]}{between}{sides[1]}{ending}\n"
