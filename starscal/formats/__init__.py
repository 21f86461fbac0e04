"""Django's formats of dates and numbers where it has none, or loses something: as CLDR has them.

Our own pages write through Babel (starscal/core/formats.py); these serve the admin and its forms.
"""
