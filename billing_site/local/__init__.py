"""What makes a bare machine ready: the set-up of the virtual environment and the embedded servers.

Standard library only: the set-up runs before anything is installed. Nothing here is used in production.
"""
