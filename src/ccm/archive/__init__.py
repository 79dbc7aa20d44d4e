"""From papers to proof: file evidence, find what is missing, bundle a case for court."""
