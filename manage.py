#!/usr/bin/env python3
"""The one door: python3 manage.py serve, python3 manage.py test, and every Django command."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed, this one is {}.{}: try python3.11".format(*sys.version_info[:2]))

from portal.launch import door

if __name__ == "__main__":
    sys.exit(door.main(sys.argv))
