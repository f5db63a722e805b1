"""A dashboard in Apache Superset, as code: see README.md beside this file.

Superset has an environment of its own (requirements-superset.lock), never that of the project.
Nothing here imports Superset before a command runs.
"""
