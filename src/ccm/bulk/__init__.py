"""A book that no sheet and no memory holds: read, checked, classified and written in a stream or on a cluster.

Every step is a Narwhals expression over a lazy frame, so it is the same on Polars and on Spark; only opening and
writing differ (`engine`).
"""
