"""The routes of all mocked services: which request is which operation. Data only, without HTTP.

`http/` answers requests by these tables. Rules and the journal know operations by the names that stand here.
"""
