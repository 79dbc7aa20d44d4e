"""Letters: plan → number → render → print."""
