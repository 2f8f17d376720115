"""The small library behind the book: data, timelines and charts.

`data` loads and checks the tables, `timeline` computes what the words imply about time,
`charts` draws and prints. The chapters import nothing else of ours.
"""
