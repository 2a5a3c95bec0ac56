"""Computed values: a formula that a sentence shows, its operands, and whether it computes.

In: folded text ("260万户 - 210万户 = 50万户", "(260万 - 210万) / 210万 = 23.8%"). Out: Formulas, each with the operands as
they are printed and the result that it states. What an operand is worth elsewhere is for the caller to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation

from ingest.numbers import read_number
from ingest.units import CURRENCIES, find_unit, read_unit, same_unit, unit_name, unit_size

_PLUS, _MINUS, _TIMES, _OVER = "+", "-", "*", "/"
_OPERATORS = {"+": _PLUS, "加": _PLUS, "-": _MINUS, "−": _MINUS, "–": _MINUS, "减": _MINUS, "×": _TIMES, "*": _TIMES}
_OPERATORS |= {"乘": _TIMES, "÷": _OVER, "/": _OVER, "除以": _OVER, "plus": _PLUS, "minus": _MINUS, "x": _TIMES}
_OPERATOR = re.compile(r" ?(plus|minus|除以|[+\-−–×*÷/加减乘]|x(?= ?[0-9(]))以? ?")
_EQUALS = re.compile(r" ?(?:=|≈|等于|equals) ?(?P<about>约|about )?")
_START = re.compile(r"[(0-9$€£¥]|" + "|".join(re.escape(name) for name in CURRENCIES if name.isascii()))
_CURRENCY = re.compile("|".join(sorted((re.escape(name) for name in CURRENCIES), key=len, reverse=True)) + "| ")
_PLAIN = re.compile(r"[0-9][0-9,]*(?:\.([0-9]+))?")
_HUNDRED = Decimal(100)
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in a unit ("" for a plain number); `step` is what its last printed digit counts."""

    value: Decimal
    unit: str
    step: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in `folded[start:end]`. `operands` and `result` are as printed; `result_at` is where the result stands.

    `fault` says why it does not hold, "" where it does. `grows` is +1 or -1 where it takes one operand from another, by
    the sign of the outcome, else 0.
    """

    start: int
    end: int
    result_at: int
    operands: tuple[Quantity, ...]
    result: Quantity
    fault: str
    grows: int


class _NoFormula(Exception):
    pass


class _WrongUnits(Exception):
    pass


def formulas(folded: str) -> list[Formula]:
    """The formulas of folded text, in order, without overlap."""
    if not re.search(r"=|≈|等于|equals", folded):
        return []
    return list(_formulas(folded))


def _formulas(folded: str) -> Iterator[Formula]:
    at = 0
    while match := _START.search(folded, at):
        at = match.start() + 1
        try:
            found = _Parser(folded, match.start()).formula()
        except _NoFormula:
            continue
        yield found
        at = found.end


class _Parser:
    """Reads one formula by recursive descent: sums of products of quantities and brackets."""

    def __init__(self, folded: str, at: int) -> None:
        self._text = folded
        self._start = self._at = at
        self._operands: list[Quantity] = []
        self._minus = 0

    def formula(self) -> Formula:
        fault, outcome = "", None
        try:
            outcome = self._sum(0)
        except _WrongUnits as wrong:
            fault = str(wrong)
        except (DivisionByZero, InvalidOperation, ZeroDivisionError) as error:
            raise _NoFormula from error
        equals = _EQUALS.match(self._text, self._at)
        if equals is None or len(self._operands) < 2:
            raise _NoFormula
        self._at = result_at = equals.end()
        result = self._quantity(counted=False)
        if outcome is not None:
            fault = _disagrees(outcome, result)
        grows = 0 if not self._minus or outcome is None else (outcome.value > 0) - (outcome.value < 0)
        return Formula(self._start, self._at, result_at, tuple(self._operands), result, fault, grows)

    def _sum(self, depth: int) -> Quantity:
        if depth > _DEEPEST:
            raise _NoFormula
        left = self._product(depth)
        while (sign := self._operator()) in (_PLUS, _MINUS):
            self._minus += sign == _MINUS
            left = _added(left, self._product(depth), 1 if sign == _PLUS else -1)
        return left

    def _product(self, depth: int) -> Quantity:
        left = self._factor(depth)
        while (sign := self._operator(peek=True)) in (_TIMES, _OVER):
            self._operator()
            right = self._factor(depth)
            left = _multiplied(left, right) if sign == _TIMES else _divided(left, right)
        return left

    def _factor(self, depth: int) -> Quantity:
        if self._text[self._at : self._at + 1] == "(":
            self._at += 1
            inner = self._sum(depth + 1)
            if self._text[self._at : self._at + 1] != ")":
                raise _NoFormula
            self._at += 1
            return inner
        return self._quantity(counted=True)

    def _operator(self, *, peek: bool = False) -> str:
        match = _OPERATOR.match(self._text, self._at)
        sign = _OPERATORS[match[1]] if match else ""
        if match and not peek and (sign in (_PLUS, _MINUS, _TIMES, _OVER)):
            self._at = match.end()
        return sign

    def _quantity(self, *, counted: bool) -> Quantity:
        at, currency, negative = self._at, "", False
        if self._text[at : at + 1] in "-−" and not counted:
            at, negative = at + 1, True
        while match := _CURRENCY.match(self._text, at):
            currency, at = (match[0].strip() or currency), match.end()
        number = read_number(self._text, at, priced=bool(currency))
        if number is None:
            raise _NoFormula
        plain = _PLAIN.match(self._text, at)
        digits = Decimal(plain[0].replace(",", "")) if plain else Decimal(0)
        scale = number.value / digits if digits else Decimal(1)
        step = scale.scaleb(-len(plain[1])) if plain and plain[1] else scale
        end, unit = number.end, unit_name(CURRENCIES[currency], chinese=False) if currency else ""
        if following := read_unit(self._text, end):
            unit, end = unit_name(following[0], chinese=True), following[1]
        self._at = end
        quantity = Quantity(-number.value if negative else number.value, unit, step)
        if counted and not (
            quantity.value == _HUNDRED and unit in ("%", "")
        ):  # x 100 only says that it is a percentage
            self._operands.append(quantity)
        return quantity


def _added(a: Quantity, b: Quantity, sign: int) -> Quantity:
    unit = a.unit or b.unit
    if a.unit and b.unit and not same_unit(a.unit, b.unit):
        raise _WrongUnits(f"{a.unit} and {b.unit} cannot be added")
    value = a.value + sign * b.value
    return Quantity(value, "百分点" if unit == "%" and sign < 0 else unit)


def _multiplied(a: Quantity, b: Quantity) -> Quantity:
    for one, other in ((a, b), (b, a)):
        if one.unit == "%":
            return Quantity(one.value * other.value / _HUNDRED, other.unit)
        if not one.unit:
            return Quantity(one.value * other.value, other.unit)
    raise _WrongUnits(f"{a.unit} times {b.unit} is no quantity")


def _divided(a: Quantity, b: Quantity) -> Quantity:
    points = {a.unit, b.unit} == {"百分点", "%"}
    if points or (a.unit and same_unit(a.unit, b.unit)) or a.unit == b.unit:
        return Quantity(a.value / b.value, "ratio")
    return Quantity(a.value / b.value, a.unit)


def _disagrees(outcome: Quantity, result: Quantity) -> str:
    """Why `result` is not what the formula gives, rounded as printed; "" where it is."""
    value, unit = outcome.value, outcome.unit
    if unit == "ratio":
        if result.unit not in ("%", "倍", "times", ""):
            return f"the result is a ratio, not {result.unit}"
        value *= _HUNDRED if result.unit == "%" else 1
    elif result.unit and unit and not same_unit(unit, result.unit):
        one, other = find_unit(unit), find_unit(result.unit)
        sizes = unit_size(unit), unit_size(result.unit)
        related = one and other and (one.family == other.family or (one.family, other.family) == ("mass", "carbon"))
        if not (related and sizes[0] and sizes[1]):
            return f"the result is in {unit}, not {result.unit}"
        value *= sizes[0] / sizes[1]
    elif unit == "百分点" and not result.unit:
        return "the result is in percentage points"
    elif result.unit == "%" and not unit:
        value *= _HUNDRED
    if abs(value - result.value) > result.step / 2:
        return f"it gives {value.normalize():f}, not {result.value:f}"
    return ""
