"""Does what a claim cites bear it out? Rules on text alone; no model, no store, no index.

    quotations   what the claim gives in quotation marks, and the rest
    names        abbreviations and full names made one
    units        text → dates, numbers, identifiers, names, words
    strength     negation, obligation and permission, quantity, on the word they belong to
    align        the units of the claim beside those of the quote
    faults       contradiction, then want of support

`assistant/verify.py` calls them in this order.
"""
