"""Make a book of one's own: `python -m tools.author COMMAND`, or `python -m casebook COMMAND` in `chapters`.

new FOLDER --title TITLE         writes another book, with the engine of this one
leftovers                        names what another book has left in this one
engine [--from PATH]             compares the engine with its hashes, or takes that of another book
"""

import sys

from tools.author import commands

if __name__ == "__main__":
    sys.exit(commands.main(sys.argv[1:]))
