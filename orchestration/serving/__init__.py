"""What readers get: the published marts, replaced in one step.

What belongs here: copying public models out of the warehouse and putting them where BI tools read.
What does not: computing anything; a figure that is not in a mart is not published.
"""
