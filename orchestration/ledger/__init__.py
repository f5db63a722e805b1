"""From qualified units to money: entitlements, postings at each close, what is owed as of now.

`known` shows the models as they were known at a close, `entitlements` asks the pure calculations
for every dealer, `settled` keeps what the last close decided, `postings` is the append-only ledger,
`refinancing` that of investments, `post` takes the closes that are due. Formulas stand in
`orchestration.calculations`, the qualification of units in
`dbt_project/models/intermediate/incentives`.
"""
