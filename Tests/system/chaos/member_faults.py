"""What befalls members."""

import time

from kafka_cluster import UNANSWERED


class MemberFaults:
    """Runs a fault to its end: afterwards as many members run as before."""

    def __init__(self, members, transactions):
        self._members = members
        self._transactions = transactions

    def __call__(self, fault):
        getattr(self, "_" + fault.kind.replace("-", "_"))(fault.target, fault.seconds)

    def _kill(self, target, seconds):
        self._restart([self._members.list[target]], seconds)

    def _kill_all(self, target, seconds):
        self._restart(self._members.list, seconds)

    def _restart(self, members, seconds):
        for member in members:
            member.kill()
        time.sleep(seconds)
        for member in members:
            member.start()

    def _pause(self, target, seconds):
        """The others take its tasks over if it is away for longer than its session; it comes back as a zombie."""
        member = self._members.list[target]
        member.pause()
        time.sleep(seconds)
        member.resume()

    _pause_past_session = _pause

    def _pause_in_transaction(self, target, seconds):
        """For longer than a transaction may take: the coordinator aborts it."""
        member = self._members.list[target]
        for _ in range(20):
            member.pause()
            # The transactions of the others have ended after that.
            time.sleep(0.3)
            if self._is_transaction_open():
                break
            member.resume()
            time.sleep(0.05)
        member.pause()
        time.sleep(seconds)
        member.resume()

    def _is_transaction_open(self):
        try:
            return self._transactions.any()
        except UNANSWERED:
            return False

    def _replace(self, target, seconds):
        """Another process begins in its place while it stands still, and goes on beside it when it is back."""
        self._members.list[target].pause()
        former = self._members.replace(target)
        time.sleep(seconds)
        former.resume()
        time.sleep(seconds / 2)
        former.kill()

    def _rolling_restart(self, target, seconds):
        for member in self._members.list:
            # It may not have got to where it heeds the signal, or have found no broker.
            member.ask_to_end(codes=(0, 1, -15))
            member.start()
            time.sleep(seconds)

    def _empty_disk(self, target, seconds):
        """As on another machine: it comes back as another process, and has nothing but what is in the log."""
        member = self._members.list[target]
        member.kill()
        member.forget()
        time.sleep(seconds)
        member.start()
