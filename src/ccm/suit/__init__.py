"""Suing, and not suing for now (C6, C8–C11).

checklist    which papers a suit needs, what the loan's file has and lacks
deferral     an application not to sue for now: written, approved, its plan kept or broken
application  what the written application says
court        the stages of a case before the court, and the period that follows each
standing     how the suit of a loan stands, read off the journal
notes        what is written down of all this
"""
