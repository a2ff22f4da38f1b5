"""Lending without a network: within a signed roster, counted, ending; told afterwards in the order of the events.

`roster` reads it, `refresh` keeps it up to date, `lending` judges a tap by it, `desk` talks to the person, `dealings`
remembers what was done, `replay` tells the cloud. docs/decisions.md, *Lending without a network*, says why.
"""
