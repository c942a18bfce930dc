"""The errors of the program, each told in one sentence that names the thing and what would do.

RtvcError
├── ConfigError    a setting that does not exist or has no meaning
├── DeviceError    a sound device or server that is not there or refuses
│   └── AbsentError    one that is not there, and may come
├── VoiceError     a voice that does not exist or cannot be read
├── ControlError   a running program that cannot be driven, or not so
└── AudioFileError a recording that cannot be read or written
"""


class RtvcError(Exception):
    """A fault of the world, told in one sentence."""


class ConfigError(RtvcError):
    """A setting that does not exist or has no meaning."""


class DeviceError(RtvcError):
    """A sound device or server that is not there or refuses."""


class AbsentError(DeviceError):
    """A sound device or server that is not there, and may come; `wanted` is what it is called in a sentence."""

    def __init__(self, words: str, wanted: str) -> None:
        super().__init__(words)
        self.wanted = wanted


class VoiceError(RtvcError):
    """A voice that does not exist or cannot be read."""


class ControlError(RtvcError):
    """A running program that cannot be driven, or not so."""


class AudioFileError(RtvcError):
    """A recording that cannot be read or written."""
