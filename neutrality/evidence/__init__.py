"""Evidence: files that prove things, kept under the digest of their bytes.

Noun: File (insert-only). Bytes are durable before the row exists; the same bytes of the same owner are one file.
The owner is named by the organization's code, so that organizations may stand on this room.
"""
