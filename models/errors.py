"""The errors of the networks' layer.

ModelError
├── CheckpointError       a weight file that is missing, foreign, damaged or of another shape
└── UnknownFamilyError    a card that names a model family this program does not have
"""


class ModelError(Exception):
    """A fault of a model or its files, told in one sentence."""


class CheckpointError(ModelError):
    """A weight file cannot be used; the message names the file and what was found."""


class UnknownFamilyError(ModelError):
    """No loader is registered for the named family."""
