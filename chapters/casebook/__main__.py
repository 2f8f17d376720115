"""Check the tables and the timelines without building anything: `python -m casebook [FOLDER]`."""

import sys

from casebook import course, data


def main(folder: str | None = None) -> int:
    """Say what is wrong, or that nothing is; the exit code is 0 only if nothing is."""
    try:
        book = data.load(folder)
        for anchor in book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"]:
            course.course(book, anchor)
    except (data.DataError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The tables and timelines of {len(book.cases)} patients hold together.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
