"""The tables of a library, and how those of older formats become them."""

from __future__ import annotations

FORMAT = 3
BLOCK = 16_384  # characters of a text that are packed together: what has to be unpacked to read one Chunk

SCHEMA = """
CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, path TEXT UNIQUE NOT NULL, title TEXT NOT NULL,
    digest BLOB NOT NULL, offsets BLOB NOT NULL, layout BLOB NOT NULL, pages INTEGER NOT NULL,
    characters INTEGER NOT NULL, first INTEGER NOT NULL, chunks INTEGER NOT NULL, figures INTEGER NOT NULL,
    notes TEXT NOT NULL, added TEXT NOT NULL);
CREATE TABLE texts (
    document INTEGER NOT NULL, block INTEGER NOT NULL, text BLOB NOT NULL, PRIMARY KEY (document, block));
CREATE TABLE sources (document INTEGER PRIMARY KEY, text BLOB NOT NULL);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    page INTEGER NOT NULL, section TEXT NOT NULL, context TEXT NOT NULL);
CREATE TABLE vectors (chunk INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE figures (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL,
    value TEXT NOT NULL, high TEXT, unit TEXT NOT NULL, qualifier TEXT NOT NULL, period TEXT, label TEXT NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE names (
    spelling TEXT NOT NULL, name TEXT NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (spelling, name, document)) WITHOUT ROWID;
CREATE TABLE removals (revision INTEGER NOT NULL, first INTEGER NOT NULL, chunks INTEGER NOT NULL);
CREATE INDEX names_of_document ON names (document);
CREATE INDEX removals_by_revision ON removals (revision);
"""
