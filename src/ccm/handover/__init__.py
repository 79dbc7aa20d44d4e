"""Handing a manager's cases to another: the signed list (移交清单), and what the journal keeps of it (C11)."""
