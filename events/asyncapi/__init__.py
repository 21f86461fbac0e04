"""The AsyncAPI document of the live feed, made from the types and tables of the code."""
