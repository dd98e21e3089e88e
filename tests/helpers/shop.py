"""A small shop, as several tests write it: the orders of a, b and c, and who consents to letters."""

from __future__ import annotations

HEAD = "customer_id,ordered_at,amount\n"
TWO_ORDERS = f"{HEAD}a,2024-01-01,10\nb,2024-01-02,20\n"
THREE_ORDERS = f"{TWO_ORDERS}c,2024-01-03,30\n"
CONSENTS = "customer_id,consent\na,yes\nb,no\n"
#: a persona that leaves nobody out
EVERYONE = "version: 1\npersonas: {everyone: {match: {}}}\n"
