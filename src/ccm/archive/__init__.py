"""The archive: evidence files, one folder per loan and in it one per letter and visit (C11, L10, V5)."""
