"""Text messages in batches (C1, M1): texts by occasion, who gets one and why not, the file for the gateway."""
