"""The small library behind the book: data, timelines, statistics and charts.

`data` loads and checks the tables, `timeline` computes what the words imply about time,
`statistics` gives proportions their intervals and pools them, `charts` draws and prints.
The chapters import nothing else of ours.
"""
