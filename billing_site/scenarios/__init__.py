"""Worked billing stories that finance writes and signs, played through the services of the product."""
