"""Verdicts and findings as text for people and programs. Pure: data in, a string out."""
