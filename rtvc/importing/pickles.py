"""A reader of the pickles in weight files that builds plain data and can do nothing else.

A pickle is a program for a small machine that may call any function of Python. This machine knows the handful of
names that torch.save needs, and even those it does not call: it notes what they would have made. The first other name
ends the reading. Source: the operations in the documentation of Python's `pickletools`.
"""

import pickletools
import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from math import prod
from typing import Any

from rtvc.importing.facts import KINDS, Storage, TensorFact
from rtvc.importing.refusal import Refusal, shown

MOST_OPERATIONS = 400_000
MOST_DIMENSIONS = 8
LARGEST_SIZE = 1 << 40
FOREIGN_FAULTS = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, EOFError, struct.error)


class Namespace(dict[str, Any]):
    """The attributes of a configuration object."""


@dataclass(frozen=True)
class _Name:
    """A name out of the pickle, one of those that are known."""

    module: str
    name: str


class _Mark:
    """The place on the stack where a sequence begins."""


def read_pickle(stream: BytesIO) -> Any:
    """Return the plain data of the pickle at the place of `stream`, which is left behind its end.

    Tensors are `TensorFact`s, storages `Storage`s, configuration objects `Namespace`s. What is returned may contain
    itself, or the same list many times. Raises Refusal for a pickle that is damaged, needs code or is endless.
    """
    machine = _Machine()
    try:
        for count, (operation, argument, _) in enumerate(pickletools.genops(stream)):
            if count > MOST_OPERATIONS:
                raise Refusal("describes more things than any voice has")
            if operation.name == "STOP":
                return machine.pop()
            step = OPERATIONS.get(operation.name)
            if step is None:
                raise Refusal(f"uses {operation.name} in its description, which PyTorch never writes")
            step(machine, argument)
    except FOREIGN_FAULTS as error:
        raise Refusal("is cut off or damaged: its description of the weights cannot be read") from error
    raise Refusal("is cut off: its description of the weights has no end")


class _Machine:
    """The stack and the memory that a pickle works on."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memory: dict[int, Any] = {}

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        value = self.stack.pop()
        if isinstance(value, _Mark):
            raise ValueError("a mark where a value should be")
        return value

    def top(self, kind: type) -> Any:
        value = self.stack[-1]
        if not isinstance(value, kind):
            raise TypeError("another type was expected")
        return value

    def since_mark(self) -> list[Any]:
        """Take everything above the last mark, and the mark."""
        place = len(self.stack) - 1
        while not isinstance(self.stack[place], _Mark):
            place -= 1
            if place < 0:
                raise IndexError("no mark")
        values = self.stack[place + 1 :]
        del self.stack[place:]
        return values

    def keep(self, place: int | None) -> None:
        value = self.pop()
        self.memory[len(self.memory) if place is None else place] = value
        self.push(value)


def _set_items(machine: _Machine, values: list[Any]) -> None:
    target = machine.top(dict)
    for key, value in zip(values[::2], values[1::2], strict=True):
        if not isinstance(key, str | int):  # the hash of nested tuples may take for ever
            raise TypeError("keys are texts and numbers")
        target[key] = value


def _set_item(machine: _Machine) -> None:
    value, key = machine.pop(), machine.pop()
    _set_items(machine, [key, value])


def _new_dict(machine: _Machine) -> None:
    values = machine.since_mark()
    machine.push({})
    _set_items(machine, values)


def _append(machine: _Machine) -> None:
    value = machine.pop()
    machine.top(list).append(value)


def _appends(machine: _Machine) -> None:
    values = machine.since_mark()
    machine.top(list).extend(values)


def _tuple_of(count: int) -> Callable[[_Machine, Any], None]:
    def step(machine: _Machine, _: Any) -> None:
        values = [machine.pop() for _ in range(count)]
        machine.push(tuple(reversed(values)))

    return step


def _name(machine: _Machine, module: str, name: str) -> None:
    if (module, name) not in CALLS and not _is_storage_type(module, name):
        raise Refusal(
            f"wants {shown(module)}.{shown(name)} run while it is read, which no voice needs and which may do harm; "
            "nothing of it was run"
        )
    machine.push(_Name(module, name))


def _stacked_name(machine: _Machine) -> None:
    name, module = machine.pop(), machine.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise TypeError("names are texts")
    _name(machine, module, name)


def _is_storage_type(module: str, name: str) -> bool:
    return module == "torch" and name in KINDS


def _call(machine: _Machine) -> None:
    arguments, function = machine.pop(), machine.pop()
    if not isinstance(function, _Name) or not isinstance(arguments, tuple):
        raise TypeError("only names are called")
    machine.push(CALLS[function.module, function.name](*arguments))


def _build(machine: _Machine) -> None:
    """Give attributes to an object; those of torch's dictionaries (`_metadata`) tell nothing of use."""
    state = machine.pop()
    target = machine.top(dict)
    if not isinstance(state, dict):
        raise TypeError("attributes are a dictionary")
    if isinstance(target, Namespace):
        _set_items(machine, [one for pair in state.items() for one in pair])


def _storage(machine: _Machine) -> None:
    word, kind, key, place, count, *view = machine.pop()
    if word != "storage" or view not in ([], [None]) or not isinstance(place, str):
        raise ValueError("no storage")
    if not isinstance(kind, _Name) or not isinstance(key, str) or not _is_size(count):
        raise ValueError("no storage")
    machine.push(Storage(KINDS[kind.name][0], key, count))


def _is_size(number: Any) -> bool:
    return type(number) is int and 0 <= number <= LARGEST_SIZE


def _ordered_dictionary(pairs: Any = ()) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in pairs:
        if not isinstance(key, str | int):
            raise TypeError("keys are texts and numbers")
        made[key] = value
    return made


def _namespace() -> Namespace:
    return Namespace()


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> TensorFact:
    """Note a tensor whose every number lies in its storage, each in one place of the tensor at most."""
    if not isinstance(storage, Storage) or not isinstance(shape, tuple) or not isinstance(strides, tuple):
        raise TypeError("no tensor")
    numbers = (offset, *shape, *strides)
    if len(shape) != len(strides) or len(shape) > MOST_DIMENSIONS or not all(map(_is_size, numbers)):
        raise ValueError("no tensor")
    steps = [(size, stride) for size, stride in zip(shape, strides, strict=True) if size != 1]
    last = offset + sum((size - 1) * stride for size, stride in steps)
    if 0 in shape:
        return TensorFact(storage, 0, shape, strides)
    if prod(shape) > storage.count or last >= storage.count or any(stride == 0 for _, stride in steps):
        sizes = "×".join(str(size) for size in shape)
        raise Refusal(f"claims a tensor of {sizes} numbers where there are {storage.count}; no program writes that")
    return TensorFact(storage, offset, shape, strides)


def _parameter(tensor: Any, *_: Any) -> TensorFact:
    if not isinstance(tensor, TensorFact):
        raise TypeError("no tensor")
    return tensor


CALLS: dict[tuple[str, str], Callable[..., Any]] = {
    ("collections", "OrderedDict"): _ordered_dictionary,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("utils", "HParams"): _namespace,
}
"""All names that are known beside the storages, and what stands for a call of each."""

NUMBERS = "INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT".split()
TEXTS = "STRING BINSTRING SHORT_BINSTRING UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8".split()
BYTES = "SHORT_BINBYTES BINBYTES BINBYTES8".split()

OPERATIONS: dict[str, Callable[[_Machine, Any], None]] = {
    **{name: lambda machine, value: machine.push(value) for name in (*NUMBERS, *TEXTS, *BYTES)},
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    **{name: lambda machine, _: None for name in ("PROTO", "FRAME")},
    **{name: lambda machine, place: machine.keep(place) for name in ("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE")},
    **{name: lambda machine, place: machine.push(machine.memory[place]) for name in ("GET", "BINGET", "LONG_BINGET")},
    "MARK": lambda machine, _: machine.push(_Mark()),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "DICT": lambda machine, _: _new_dict(machine),
    "LIST": lambda machine, _: machine.push(machine.since_mark()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "APPEND": lambda machine, _: _append(machine),
    "APPENDS": lambda machine, _: _appends(machine),
    "SETITEM": lambda machine, _: _set_item(machine),
    "SETITEMS": lambda machine, _: _set_items(machine, machine.since_mark()),
    "GLOBAL": lambda machine, words: _name(machine, *words.split(" ", 1)),
    "INST": lambda machine, words: _name(machine, *words.split(" ", 1)),
    "STACK_GLOBAL": lambda machine, _: _stacked_name(machine),
    "BINPERSID": lambda machine, _: _storage(machine),
    "REDUCE": lambda machine, _: _call(machine),
    "NEWOBJ": lambda machine, _: _call(machine),
    "BUILD": lambda machine, _: _build(machine),
}
