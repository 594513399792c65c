"""The shell: knows every room, holds no rule. Imports nothing, so manage.py can begin on a bare Python."""
