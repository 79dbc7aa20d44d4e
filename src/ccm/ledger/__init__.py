"""From a bank's file to a checked ledger: kind → read → columns → check."""
