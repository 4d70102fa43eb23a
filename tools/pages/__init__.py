"""The pages of the documentation that are made from the code: plain functions from what is declared to Markdown."""
