"""What can go wrong, as one tree::

    MienError
    ├── AssetError          a third-party model file is missing, unreachable or not what it should be
    ├── ModelError          a model package is missing, damaged or does not fit
    ├── PromptError         a prompts file does not say what it should
    ├── EngineUnavailable   the engine asked for cannot run here
    ├── SourceError         a camera, video or picture cannot be read
    ├── DataError           a file of training or test faces is not in the expected layout
    ├── TableError          a table of readings is damaged, or no such table
    ├── ReportError         a file is no report of a benchmark, or two have nothing in common
    ├── FederationError     a server of a federation cannot be reached, or lets a client not in
    ├── LibraryError        the index of recordings, or what it names, cannot be read or changed
    └── OutputError         a result cannot be written

Each message is one line: what failed, on what, and what to do next. The command line prints it and exits with 1.
"""


class MienError(Exception):
    """Root of every error that Mien raises on purpose."""


class AssetError(MienError):
    """A third-party model file is missing, unreachable or has the wrong checksum."""


class ModelError(MienError):
    """A model package is missing, damaged or does not fit what was asked of it."""


class PromptError(MienError):
    """A prompts file does not describe a set of classes."""


class EngineUnavailable(MienError):
    """The engine asked for cannot run on this machine."""


class SourceError(MienError):
    """A camera, stream, video or picture cannot be opened or read."""


class DataError(MienError):
    """A file of training or test faces is not in the expected layout."""


class TableError(MienError):
    """A table of readings cannot be read."""


class ReportError(MienError):
    """A file is no report of a benchmark, or there is nothing to compare it with."""


class LibraryError(MienError):
    """The index of recordings, an entry of it or a file that one names cannot be read or changed."""


class FederationError(MienError):
    """A server of a federation cannot be opened or reached, or does not let this client in."""


class OutputError(MienError):
    """A result cannot be written."""
