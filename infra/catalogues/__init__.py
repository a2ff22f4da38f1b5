"""Message catalogues: sentences are found in the source, translated in .po files, and read at run time as .mo.

The .mo are made wherever they are needed (`compiling.py`) and never committed: two people's binaries cannot be merged.
"""
