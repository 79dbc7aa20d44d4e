"""The arrears statement (欠款计算表): what a loan owes as of a day, line by line as a lawyer recomputes it (law.md §6).

terms (at what rates) → spans (from which day) → debt → account (replayed day by day) → statement → .docx and .xlsx
"""
