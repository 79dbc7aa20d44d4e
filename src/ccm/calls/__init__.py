"""The calls that are due (P1-P3): the queue, the hours in which to make them, the sheet to take to the phone."""
