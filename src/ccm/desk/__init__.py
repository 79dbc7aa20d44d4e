"""The desk: a morning's round at the keyboard (P1, P2, T).

`round` holds its state and `form` what is typed, both pure; `sheet` draws; `app` and `screens` are Textual's part, and
the only ones that import it. What the desk reads and writes comes through `round.Office`, which the cli fills.
"""
