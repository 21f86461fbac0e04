"""What runs and how it is: the work of `manage.py report`."""
