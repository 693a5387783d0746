"""Run the measurements: `python -m bench [capture|forms|latency|leads|listing|notify|reattach] [--quick]`."""

import argparse
import signal
import sys

from bench import capture, forms, latency, leads, listing, notify, reattach

PARTS = {
    "capture": capture.main,
    "forms": forms.main,
    "latency": latency.main,
    "leads": leads.main,
    "listing": listing.main,
    "notify": notify.main,
    "reattach": reattach.main,
}


def main() -> int:
    """Run the parts asked for, or all; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure speed against our goals.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; none: all")
    parser.add_argument("--quick", action="store_true", help="two short rounds instead of five")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    # What was started must be stopped whichever way this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    met = [PARTS[part](quick=asked.quick) for part in asked.parts or PARTS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
