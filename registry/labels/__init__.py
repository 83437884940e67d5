"""Labels: templates made of tokens, laid out once and printed on sheets or by label printers.

Always true here: a label says nothing of the donor but codes, a day and a year
of collection; its symbol bears the very code of the thing that it is stuck on;
a template's earlier versions stay readable; what is printed is recorded.
"""
