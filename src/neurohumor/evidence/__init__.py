"""Sources, the ledger of second readings, and what they say of each number."""
