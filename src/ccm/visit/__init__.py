"""Going to see people (V1–V5): whom, in which order of doors, with which papers, and what to say there.

errands → meetings → doors in road order → route sheet
        → packs, one per debtor          → talk plan and record form
"""
