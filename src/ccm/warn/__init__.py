"""Warning signals: what the ledger itself shows, head office's list, and what is written down of each (W1–W5)."""
