"""Workbooks: one sheet of each, written down as text, which is then read as any other."""
