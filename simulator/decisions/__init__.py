"""From numbers to decisions: what drives the risk, what knowledge is worth, which terms to sign.

Everything here asks the same scenario again and again on common random numbers; how is in
`experiment`.
"""
