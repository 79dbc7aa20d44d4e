"""The report: rows that a branch head can look into, tables counted from them, and the files that show both.

facts      what one workspace knows on one day
loans      the loans with what they were at the compared triages; compliance, proofs: what was done, and its proof
lists      rows by name; every number of the report is counted from these, so every number leads to its rows
pivots     tables as questions about the lists, and their answers
contents   which tables there are, in the order they are read; questions: the three of a Monday, at the top
page       the HTML file; sheet: the workbook
"""
