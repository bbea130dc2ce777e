"""A guard over a child process: when we die, however we die, the child is asked to stop."""

import signal
import subprocess


class Guard:
    """Holds a pipe whose end the kernel closes with us; a shell at its other end sends the signal."""

    def __init__(self, process_id: int, number: signal.Signals) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", f'read -r released || kill -{number.value} "$0"', str(process_id)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def release(self) -> None:
        """The child has ended, or may outlive us."""
        try:
            self._shell.communicate(b"released\n")
        except BrokenPipeError:
            self._shell.wait()
