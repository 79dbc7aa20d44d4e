"""ccm: a collections toolkit for the customer managers of China's rural commercial banks.

The journey of a ledger row, which is also the order of the modules:

    ledger      read a bank's export, name its columns, check every row  → Ledger and findings
    classify    days past due, stage, five-tier class                    → the classified book
    duties      what the policy requires of each case, less what is done → cases with their duties
    worklist    what to do first, and why                                → the ranked list
    compare     this triage against the one before                       → what moved, what vanished
    why         one loan explained: dates, rules, what changes next
    export      the worklist as a workbook or CSV
    talk        how to talk with this customer
    limits      whether one more call, message or visit is lawful now
    contacts    what happened with a customer, from what was typed      → notes for the journal
    promises    kept or broken, by the next figures (`payments`)
    holds       what stops calls and letters for a while
    person      one human being over all roles
    timeline    the past of one loan; `dossier` the whole case
    visit       the visit pack, and the doors in road order
    round       the day's round on one page
    desk        the morning's round in one window
    report      what was done and missed, where the book is going: a page, a workbook
    suit        what is sued, what is deferred by whose approval, what a suit needs
    rights      which right against whom ends on which day, and what saves it

`policy` is the handbook as data (`contact_rules` its limits of contact), `model` holds the records, `units` money and
dates, `errors` trouble, `said` the words and `spoken_days` the dates that are typed on the phone, `ability` the score
of a visit, `working_days` the calendar.
`cli` calls the arrows in order and `screen` shows what they return.
"""

__version__ = "0.1.0"
