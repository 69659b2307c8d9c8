"""The tables of the index, and how an older file is brought forward.

``PRAGMA user_version`` counts the migrations that a file has seen. A migration that was released is never changed:
what is new goes into another one after it.
"""

Migration = tuple[str, ...]
"""Statements, which take effect together or not at all."""

MIGRATIONS: tuple[Migration, ...] = (
    (
        # Dates are seconds since 1970 UTC; classes and faces are JSON: they are read with their entry, never searched.
        """
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            source TEXT NOT NULL,
            video TEXT,
            annotated INTEGER NOT NULL,
            "table" TEXT,
            summary TEXT,
            date REAL NOT NULL,
            duration REAL NOT NULL,
            classes TEXT NOT NULL,
            model TEXT NOT NULL,
            faces TEXT NOT NULL,
            state TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX entries_by_summary ON entries (summary)",
        # Apart from the entries, so that a list of these does not read through the pictures.
        """
        CREATE TABLE thumbnails (
            entry INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
            jpeg BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE names (
            entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
            face INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (entry, face)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
            begin_s REAL NOT NULL,
            end_s REAL CHECK (end_s >= begin_s),
            text TEXT NOT NULL,
            created REAL NOT NULL
        ) STRICT
        """,
        "CREATE INDEX notes_by_entry ON notes (entry, begin_s)",
        # What waits to be analysed, or is; owner tells the process that sees to it. A row goes when its job ends.
        """
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            position INTEGER NOT NULL,
            request TEXT NOT NULL,
            folder TEXT,
            owner TEXT NOT NULL
        ) STRICT
        """,
    ),
)
