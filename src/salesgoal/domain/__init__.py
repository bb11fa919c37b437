"""The business in pure values and functions: no I/O, no clock, no float.

The listing of this folder is the glossary; later words import earlier ones, never back.
"""
