"""Derivatives and expectations: what a text says of them at the place, and what was declared before."""

from __future__ import annotations

from abc import abstractmethod

from symmix.reading.building import Building, Part
from symmix.reading.context import Context
from symmix.reading.stream import Stream
from symmix.reading.tokens import Token, closing
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE


class Calculus(Building):
    """Reads derivatives and expectations; ``bound`` are the indices around, with their sizes."""

    def __init__(self, stream: Stream, context: Context) -> None:
        super().__init__(stream)
        self.context = context
        self.bound: dict[str, str] = dict(context.indices)

    @abstractmethod
    def inside(self) -> t.Expression:
        """Read an expression inside of brackets."""

    @abstractmethod
    def sum(self) -> Part:
        """Read a sum."""

    # -- derivatives ---

    def is_derivative(self, token: Token) -> bool:
        """Whether ``dL/dz`` or ``d(...)/dz`` begins with a token, which is taken already."""
        stream, known = self.stream, self.context.symbols
        if not token.text.startswith("d"):
            return False
        if token.text == "d":
            if stream.next.text != "(" or stream.next.spaced:
                return False
            ahead = self.closing(stream.at) - stream.at + 1
        elif token.text[1:] in known:
            ahead = 0
        else:
            return False
        below = stream.peek(ahead + 1).text
        return stream.peek(ahead).text == "/" and below not in known and below[:1] == "d" and below[1:] in known

    def derived(self, token: Token) -> t.Expression:
        """Read a derivative."""
        if token.text == "d":
            self.stream.take()
            of = self.inside()
            self.stream.expect(")")
        else:
            of = self.context.symbols[token.text[1:]]
        self.stream.expect("/")
        by = self.context.symbols[self.stream.take().text[1:]]
        return self.derivative(of, by, self.context.jacobians(by), token)

    def closing(self, at: int) -> int:
        """Return where the bracket at a place is closed."""
        place = closing(self.stream.tokens, at)
        if place is not None:
            return place
        return self.stream.refuse("a closing bracket", "none", "close it", self.stream.tokens[at])

    def dependence(self) -> tuple[t.Symbol, t.Symbol, Token]:
        """Read ``dz/dtheta``, two symbols."""
        token = self.stream.word("a derivative, dz/dtheta")
        if token.text == "d" or not self.is_derivative(token):
            required = "a derivative of a declared symbol by a declared symbol: dz/dtheta"
            self.stream.refuse(required, remedy="declare both first: let z: k, theta: m", at=token)
        self.stream.expect("/")
        known = self.context.symbols
        return known[token.text[1:]], known[self.stream.take().text[1:]], token

    def given_derivatives(self, by: t.Symbol) -> t.Pairs:
        """Read ``dz/dtheta = J, ...`` behind ``with``; ``0`` alone says that nothing else depends on the symbol."""
        if self.stream.next.text == "0":
            self.stream.take()
            return ()
        pairs = []
        while True:
            of, over, token = self.dependence()
            if over != by:
                self.stream.refuse(
                    f"derivatives by {by.name}", f"one by {over.name}", f"write d{of.name}/d{by.name} = ...", token
                )
            self.stream.expect("=")
            pairs.append((of, self.sum()[0]))
            if not self.stream.taken(","):
                return tuple(pairs)

    # -- expectations ---

    def random(self, token: Token) -> t.Symbol:
        """Return the symbol that an expectation is over: named behind E, or the only random one."""
        known, text = self.context.symbols, token.text[2:]
        if token.text == "E_" and self.stream.taken("{"):
            text = self.stream.word("a random symbol").text
            self.stream.expect("}")
        if token.text == "E":
            if len(self.context.moments) != 1:
                self.stream.refuse("the symbol that is averaged over", "E alone", "write E_lam[...]", token)
            (text,) = self.context.moments
        if text not in known:
            self.stream.refuse("a declared random symbol behind E_", text or "none", "write E_lam[...]", token)
        return known[text]

    def expectation(self, token: Token) -> t.Expression:
        """Read an expectation, with the moments that are declared; those that stand behind it replace them."""
        random = self.random(token)
        self.stream.expect("[")
        inside = self.inside()
        self.stream.expect("]")
        moments = self.context.moments.get(random.name, ())
        if not moments and self.stream.next.text != "with":
            remedy = f"declare them before this line: random {random}: E[{random}] = m"
            self.stream.refuse(f"the moments of {random}", "none", remedy, token)
        return self.made(t.Expectation(inside, random, moments), token)

    def moments(self, random: t.Symbol) -> tuple[t.Moment, ...]:
        """Read ``E[P[i,j]] = 1/n, E[P[i,j] P[k,l]] = ...``: what it says of entries it says of all."""
        found = []
        while True:
            token = self.stream.take()
            if token.text not in ("E", f"E_{random.name}"):
                remedy = f"write E[{random.name}] = m, or one of entries, E[{random.name}[i]] = m"
                self.stream.refuse(f"a moment, E[{random.name}] = ...", remedy=remedy, at=token)
            self.stream.expect("[")
            degree, indices = self._monomial(random)
            self.stream.expect("]")
            self.stream.expect("=")
            self.bound.update({index.name: index.size for index in indices})
            value, _ = self.sum()
            for index in indices:
                del self.bound[index.name]
            found.append(t.Moment(degree, tuple(index.name for index in indices), value))
            if not self.stream.taken(","):
                return tuple(found)

    def _monomial(self, random: t.Symbol) -> tuple[int, list[t.Index]]:
        axes = [size for size in random.axes if size != ONE_SIZE]
        degree, indices = 0, list[t.Index]()
        while self.stream.next.text == random.name:
            self.stream.take()
            power = 1
            if axes:
                names = self._slots(len(axes))
                indices += [t.Index(name, size) for name, size in zip(names, axes, strict=True)]
            elif self.stream.taken("^"):
                power = int(self.stream.take().text) if self.stream.next.text in "23456789" else 0
            degree += power
        names = [index.name for index in indices]
        if not degree or len(set(names)) != len(names):
            example = f"{random.name}[i,j]" if len(axes) > 1 else f"{random.name}[i]" if axes else f"{random.name}^2"
            required = f"a product of entries or a power of {random.name}, each index once"
            self.stream.refuse(required, remedy=f"write E[{example}] = ..., of {random.name} alone")
        return degree, indices

    def _slots(self, count: int) -> list[str]:
        self.stream.expect("[")
        names = [self.fresh_index()]
        while self.stream.taken(","):
            names.append(self.fresh_index())
        self.stream.expect("]")
        if len(names) != count:
            self.stream.refuse(f"{count} indices", f"{len(names)}", "give one for each size of its shape")
        return names

    def fresh_index(self) -> str:
        """Read the name of an index that means nothing else yet."""
        token = self.stream.word("an index")
        if token.text in self.bound or self.context.taken(token.text):
            remedy = f"use another name than {token.text}"
            if token.text in self.context.indices:
                remedy += f", or leave it to the declared one: what is said with {token.text} is said of all"
            self.stream.refuse("an index whose name means nothing else yet", remedy=remedy, at=token)
        return token.text
