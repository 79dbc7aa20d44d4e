"""ccm: a collections toolkit for the customer managers of China's rural commercial banks.

The journey of a ledger row, which is also the order of the modules:

    ledger      read a bank's export, name its columns, check every row  → Ledger and findings
    classify    days past due, stage, five-tier class                    → the classified book
    duties      what the policy requires of each case, less what is done → cases with their duties
    worklist    what to do first, and why                                → the ranked list
    compare     this triage against the one before                       → what moved, what vanished
    why         one loan explained: dates, rules, what changes next
    export      the worklist as a workbook or CSV
    rights      which right against whom ends on which day, and what saves it

`policy` is the handbook as data, `model` holds the records, `units` money and dates, `errors` trouble.
`cli` calls the arrows in order and `screen` shows what they return.
"""

__version__ = "0.1.0"
