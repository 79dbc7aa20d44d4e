"""Rights that run out: which right against whom ends on which day, and what saves it.

    periods      where a period ends on a day off
    rules        the periods, alarms, events and grades as data
    proof        what an event is worth: from which day, proved by which papers
    limitation   the claim's limitation, the mortgage, enforcement, the cap
    guarantee    the guarantee period and the guarantor's own limitation
    count        all clocks of one loan
    clock        the records that go in and come out

Pure counting: no journal, no ledger, no today.
"""
