"""Answers with verified citations from a library of documents. Start reading at `pipeline.py`."""
