"""The marimo notebooks: what people look at, read from the serving file and nothing else.

What belongs here: questions to the published marts, charts, words. What does not: rules of the
figures (they are dbt models) and anything that writes. Beside the notebooks, which are the modules
with an `app`: `publication` opens the serving file, `points` splits a score into points,
`language` and `texts` say everything in German and English, `page` and `charts` are the looks.
"""
