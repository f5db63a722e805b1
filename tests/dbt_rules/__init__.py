"""Rules that every dbt model keeps, checked on the manifest; the rules have tests of their own."""
