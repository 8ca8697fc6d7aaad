"""A believable year of invented enquiries, made by driving the service's own actions through time.

Councils and universities are real names; every person, question and answer is invented, and mail goes to example
domains only.
"""
