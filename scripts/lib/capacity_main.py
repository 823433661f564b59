"""Calculates what a load needs in members, memory, network and broker disk, and what of it is scarce first.

Without options: a billion usage actions a day over 100,000 partners. With --measure, runs a market with so many members each and
prints what was measured beside what the model says.
"""

import argparse
import sys
from dataclasses import fields, replace

from capacity_model import GB, Load, Machines, Measured, needs, recompute, turn


def main():
    options = parse_arguments()
    if options.measure:
        from capacity_measure import measure  # needs packages that the calculation does not
        return measure(options)
    load, machines = chosen(Load(), options), chosen(Machines(), options)
    if load.events <= 0 or load.partners <= 0 or machines.members < 1 or machines.brokers < 1:
        sys.exit("capacity: events, partners, members and brokers must be above zero")
    print_needs(load, machines)


def print_needs(load, machines):
    measured = Measured()
    print(f"{load.events:,.0f} usage actions a day ({load.rate:,.0f} a second, {load.peak:g} times that at the peak), "
          f"{load.partners:,.0f} partners, {load.partners * load.users:,.0f} users")
    print(f"{machines.members} members with {machines.cores:g} cores and {machines.memory / GB:g} GB, "
          f"{machines.brokers} brokers with {machines.disk / 1e12:g} TB, {machines.replicas} replicas\n")
    found = needs(load, measured, machines)
    for need in found:
        print(f"  {need.what:<38} {need.used:>11} {need.share:>7.0%} of what there is")
    print(f"\nscarce first: {found[0].what}\n")
    print(f"  a month's turn                         {time(turn(load, measured, machines))}")
    for days in (30, 365):
        print(f"  a recompute of {days:>3} days                {time(recompute(load, measured, machines, days))}")


def time(duration):
    seconds = duration.seconds
    text = f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min" if seconds >= 60 else f"{seconds:.0f} s"
    return f"{text:>11}, waiting for {'CPU' if duration.cpu >= duration.other else 'brokers'}"


def chosen(defaults, options):
    given = {field.name: getattr(options, field.name) for field in fields(defaults)}
    return replace(defaults, **{name: value for name, value in given.items() if value is not None})


def parse_arguments():
    parser = argparse.ArgumentParser(prog="scripts/capacity", description=__doc__.split("\n\n")[0])
    for kind in (Load, Machines):
        for field in fields(kind):
            whole = field.type is int
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=int if whole else float, metavar="N",
                                help=f"default: {field.default if field.default is not None else 'none'}")
    parser.add_argument("--measure", metavar="M,…", type=counts,
                        help="measure with so many members, such as 1,2,4; needs KAFKA_HOME and a build")
    parser.add_argument("--market", metavar="N", type=int, default=1000, help="partners of the market that is measured (1,000)")
    parser.add_argument("--seconds", metavar="N", type=int, default=20, help="how long the members are loaded (20)")
    return parser.parse_args()


def counts(text):
    found = [int(part) for part in text.split(",")]
    if not all(count > 0 for count in found):
        raise ValueError
    return found


if __name__ == "__main__":
    main()
