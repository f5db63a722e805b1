"""What Python reckons from the models that dbt has built for today, and dbt's marts read.

A module for each subject reads models, asks the pure calculations, and writes tables of source
`computed` (`writing`); `everything` does all. What does not belong here: formulas
(`orchestration.calculations`), and what closes post (`orchestration.ledger`).
"""
